"""What the page's controls show: the scorecard's numbers of every baseline, level and segment.

Each row has been judged here already; the script only writes and draws it.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.published import Row

from results_page import formats, words
from results_page.experiment import Experiment, Metric, grouped, natural
from results_page.results import (
    ACCEPTABLE,
    HARMED,
    UNCERTAIN,
    Change,
    Judge,
    Result,
    read_result,
)
from results_page.scorecard import Scorecard, score_fraction

FIELDS = (
    *("metric", "variation", "units", "baseline_units", "value", "baseline"),
    *("relative", "relative_low", "relative_high", "relative_sequential_low"),
    *("relative_sequential_high", "absolute", "absolute_low", "absolute_high"),
    *("absolute_sequential_low", "absolute_sequential_high", "p", "sequential_p", "chance"),
    *("state", "label", "fraction", "fraction_text", "reason"),
)
OWN = "own"

View = list[list[Any]]


@dataclass(frozen=True)
class Choices:
    """What may be chosen: values, each with its text; that of the verdict is empty."""

    baselines: list[tuple[str, str]]
    levels: list[tuple[str, str]]
    segments: list[tuple[str, str]]


@dataclass(frozen=True)
class Views:
    """The scorecard's numbers by what is chosen."""

    choices: Choices
    rows: dict[str, View]
    labels: list[tuple[str, str]]
    """The readings that rows have: a sign and a word each."""


def views(experiment: Experiment, intervals: list[Row]) -> Views:
    """Gather what the controls can show."""
    builder = _Builder(experiment)
    found = {OWN: builder.view(experiment.headlines.values(), experiment.judge)}
    segments = grouped([row for row in experiment.segments if row["is_headline"]], *SEGMENT)
    names = sorted(segments, key=lambda each: (each[0], each[1] == words.NOT_SET, natural(each[1])))
    for place, name in enumerate(names):
        results = (read_result(row) for row in segments[name])
        found[f"segment {place}"] = builder.view(results, experiment.judge)
    headlines = [row for row in intervals if row["is_headline"]]
    levels = sorted({float(row["confidence_level"]) for row in headlines})
    for (baseline, level), rows in grouped(headlines, *COMPARISON).items():
        place = builder.variations.get(str(baseline))
        if place is not None:
            # At another level less or more is significant.
            results = (read_result(row, 1 - float(level)) for row in rows)
            name = f"against {place} at {formats.level(float(level))}"
            found[name] = builder.view(results, experiment.judge)
    choices = Choices(
        _baselines(experiment, found),
        _levels(experiment, levels),
        [(str(place), f"{name}: {value}") for place, (name, value) in enumerate(names)],
    )
    return Views(choices, found, builder.labels)


SEGMENT = ("segment_name", "segment_value")
COMPARISON = ("baseline_variation_id", "confidence_level")


def _baselines(experiment: Experiment, found: dict[str, View]) -> list[tuple[str, str]]:
    """List the variations to compare with, the reference first."""
    if experiment.reference is None:
        return []
    there = {name.split(" at ")[0] for name in found}
    return [
        ("" if variation is experiment.reference else str(place), variation.name)
        for place, variation in enumerate(experiment.variations)
        if variation is experiment.reference or f"against {place}" in there
    ]


def _levels(experiment: Experiment, levels: list[float]) -> list[tuple[str, str]]:
    own = experiment.level
    return [
        ("" if own is not None and math.isclose(level, own) else text, text)
        for level in levels
        if (text := formats.level(level))
    ]


class _Builder:
    """Writes views, in the order of the scorecard."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._metrics = {metric.name: place for place, metric in enumerate(experiment.metrics)}
        self.variations = {each.id: place for place, each in enumerate(experiment.variations)}
        self.labels: list[tuple[str, str]] = []

    def view(self, results: Iterable[Result], judge: Judge) -> View:
        """Write a view's rows; a baseline's own only where nothing is compared with it."""
        known = [
            result
            for result in results
            if result.metric in self._metrics and result.variation_id in self.variations
        ]
        compared = {result.metric for result in known if not result.is_reference}
        rows = [
            self._row(result, judge)
            for result in known
            if not result.is_reference or result.metric not in compared
        ]
        return sorted(rows, key=lambda row: row[:2])

    def _row(self, result: Result, judge: Judge) -> list[Any]:
        place = self._metrics[result.metric]
        metric = self._experiment.metrics[place]
        is_own = self._experiment.headlines.get((metric.name, result.variation_id)) is result
        conclusion = (
            self._experiment.conclusion(metric.name, result.variation_id)
            if is_own
            else _concluded(metric, result, judge)
        )
        state = judge.state(result, metric.direction, conclusion)
        label = words.state(state, result.status)
        variation = self.variations[result.variation_id]
        fraction = (
            score_fraction(self._experiment, metric, result)
            if is_own
            else (formats.count(result.unit_count), "")
        )
        return [
            *(place, variation, result.unit_count, result.baseline_unit_count),
            *(result.value, result.baseline_value),
            *_numbers(result.relative),
            *_numbers(result.absolute),
            *(result.adjusted_p, result.sequential_p, result.chance_to_win),
            *(str(state), self._label(label), *fraction, result.reason),
        ]

    def _label(self, label: words.Label) -> int:
        said = (label.icon, label.text)
        if said not in self.labels:
            self.labels.append(said)
        return self.labels.index(said)


def _concluded(metric: Metric, result: Result, judge: Judge) -> str | None:
    """Conclude of a guardrail by its interval, where the table has no verdict on it."""
    if not metric.is_guardrail or "guardrail_verdict" in result.row:
        return None
    change = result.relative.at_every_look if judge.is_running else result.relative
    span = change.span
    if span is None:
        return None
    # Turned so that more is worse.
    worst, best = (
        (span.high, span.low) if metric.direction == "decrease" else (-span.low, -span.high)
    )
    margin = abs(metric.margin or 0)
    if best > margin:
        return HARMED
    return ACCEPTABLE if worst < margin or not margin else UNCERTAIN


def _numbers(change: Change) -> tuple[float | None, ...]:
    return (
        *(change.estimate, change.low, change.high),
        *(change.sequential_low, change.sequential_high),
    )


def script_data(experiment: Experiment, card: Scorecard, found: Views) -> dict[str, Any]:
    """Give what the page's script needs to know."""
    reference = experiment.reference
    return {
        "experiment": experiment.name,
        "units": experiment.unit_nouns[1],
        "reference": experiment.variations.index(reference) if reference else None,
        "variations": [variation.name for variation in experiment.variations],
        "metrics": [
            {"name": each.name, "unit": asdict(each.unit), "margin": each.margin}
            for each in experiment.metrics
        ],
        "level": formats.level(experiment.level),
        "segments": dict(found.choices.segments),
        "scale": asdict(card.scale),
        "fields": FIELDS,
        "labels": found.labels,
    }
