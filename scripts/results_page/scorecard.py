"""The scorecard: every metric and variation with its numbers, on one scale."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from results_page import formats, words
from results_page.experiment import Experiment, Metric, Variation
from results_page.intervals import Drawing, draw
from results_page.results import Result, State
from results_page.scales import Scale, common_scale

PRIMARY, GUARDRAILS, SECONDARY = "Primary", "Guardrails", "Secondary"


@dataclass(frozen=True)
class ScoreRow:
    """One metric of one variation."""

    variation: Variation
    place: int
    """The variation's place among the experiment's."""
    result: Result
    state: State
    label: words.Label
    baseline: str
    value: str
    fraction: str
    """What the value is of: the sum over units and their number, or their number alone."""
    fraction_text: str
    """The same in words."""
    change: str
    interval: str
    absolute: str
    sequential: str
    p: str
    chance: str
    drawing: Drawing
    description: str
    """The drawing in words."""


@dataclass(frozen=True)
class MetricRows:
    """A metric of the scorecard."""

    metric: Metric
    place: int
    key: str
    """Names it in addresses."""
    rows: tuple[ScoreRow, ...]
    reference: ScoreRow | None
    """The reference variation's own, which is seen only where another one is compared with."""
    constant: str
    """The value that all units have, where there is nothing to compare."""

    @property
    def search_text(self) -> str:
        """Give what the metric is found by."""
        return f"{self.metric.name} {self.metric.row['tags'] or ''}".lower()

    @property
    def estimator(self) -> str:
        """Name the estimator that is shown, where it is not the plain one."""
        shown = {row.result.estimator for row in self.rows} - {"raw"}
        return words.ESTIMATORS.get(next(iter(shown), ""), "")


@dataclass(frozen=True)
class Group:
    """Metrics of one rank."""

    title: str
    metrics: tuple[MetricRows, ...]
    note: str = ""


@dataclass(frozen=True)
class Scorecard:
    """All metrics, by rank."""

    groups: tuple[Group, ...]
    scale: Scale
    comparison_count: int

    @property
    def metrics(self) -> list[MetricRows]:
        """Give the metrics in their order."""
        return [metric for group in self.groups for metric in group.metrics]


def scorecard(experiment: Experiment) -> Scorecard:
    """Lay the scorecard out."""
    judged = [
        result
        for result in experiment.headlines.values()
        if not result.is_reference and result.p is not None
    ]
    scale = scale_of(experiment, judged)
    keys = Keys()
    metrics = [
        _metric_rows(experiment, metric, place, keys.key(metric.name), scale)
        for place, metric in enumerate(experiment.metrics)
    ]
    return Scorecard(tuple(_groups(metrics)), scale, len(judged))


def scale_of(experiment: Experiment, results: Iterable[Result]) -> Scale:
    """Give the scale of some results; rows of few units don't stretch it, if there are others."""
    there = [result for result in results if result.relative.span]
    enough = [result for result in there if not experiment.judge.is_low(result)]
    spans = (result.relative.span for result in enough or there)
    return common_scale([span for span in spans if span])


class Keys:
    """Gives names that may stand in an address, each once."""

    def __init__(self) -> None:
        """Begin without any."""
        self._given: set[str] = set()

    def key(self, name: str, otherwise: str = "") -> str:
        """Give a name's own; where nothing of it can stand there, the other's."""
        plain = _plain(name) or _plain(otherwise) or "x"
        key, number = plain, 1
        while key in self._given:
            number += 1
            key = f"{plain}-{number}"
        self._given.add(key)
        return key


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[:100]


def _groups(metrics: list[MetricRows]) -> list[Group]:
    primary = tuple(each for each in metrics if each.metric.is_primary)
    guardrails = tuple(each for each in metrics if each.metric.is_guardrail and each not in primary)
    rest = tuple(each for each in metrics if each not in primary and each not in guardrails)
    found = [Group(PRIMARY, primary)] if primary else []
    if guardrails:
        found.append(Group(GUARDRAILS, guardrails))
    elif not any(each.metric.is_guardrail for each in primary):
        found.append(Group(GUARDRAILS, (), "None: nothing in this experiment is watched for harm."))
    return [*found, Group(SECONDARY if primary else "Metrics", rest)] if rest else found


def _metric_rows(
    experiment: Experiment, metric: Metric, place: int, key: str, scale: Scale
) -> MetricRows:
    every = [
        score_row(experiment, metric, variation, result, scale)
        for variation in experiment.variations
        if (result := experiment.headlines.get((metric.name, variation.id)))
    ]
    rows = [row for row in every if not row.result.is_reference]
    reference = next((row for row in every if row.result.is_reference), None)
    return MetricRows(metric, place, key, tuple(rows), reference, _constant(metric, rows))


def _constant(metric: Metric, rows: list[ScoreRow]) -> str:
    """Give the one value that all units have, where they do."""
    values = {row.result.value for row in rows} | {row.result.baseline_value for row in rows}
    is_constant = rows and all(row.result.status == "zero_variance" for row in rows)
    if not is_constant or len(values) > 1:
        return ""
    return formats.value(values.pop(), metric.unit)


def score_row(
    experiment: Experiment, metric: Metric, variation: Variation, result: Result, scale: Scale
) -> ScoreRow:
    """Write a row of the scorecard."""
    conclusion = experiment.conclusion(metric.name, variation.id)
    state = experiment.judge.state(result, metric.direction, conclusion)
    relative, absolute, unit = result.relative, result.absolute, metric.unit
    has_relative = relative.estimate is not None
    absolute_text = formats.absolute_change(absolute.estimate, unit)
    fraction, fraction_text = score_fraction(experiment, metric, result)
    sequential = interval_text(
        formats.relative_change(relative.sequential_low),
        formats.relative_change(relative.sequential_high),
    )
    interval = (
        interval_text(formats.relative_change(relative.low), formats.relative_change(relative.high))
        if has_relative
        else interval_text(
            formats.absolute_change(absolute.low, unit),
            formats.absolute_change(absolute.high, unit),
        )
    )
    change = formats.relative_change(relative.estimate) if has_relative else absolute_text
    return ScoreRow(
        variation=variation,
        place=experiment.variations.index(variation),
        result=result,
        state=state,
        label=words.state(state, result.status),
        baseline=formats.value(result.baseline_value, unit),
        value=formats.value(result.value, unit),
        fraction=fraction,
        fraction_text=fraction_text,
        change=change,
        interval=interval,
        absolute=absolute_text,
        sequential=sequential,
        p=formats.p_value(result.adjusted_p),
        chance=formats.chance(result.chance_to_win),
        drawing=draw(relative, scale, metric.margin),
        description=_description(change, interval, sequential),
    )


def interval_text(low: str, high: str) -> str:
    """Write an interval by its ends; nothing where one is missing."""
    return "" if formats.MISSING in {low, high} else f"{low} to {high}"


def _description(change: str, interval: str, sequential: str) -> str:
    at_every_look = f"; at every look {sequential}" if sequential else ""
    return f"{change}, {interval}{at_every_look}"


def score_fraction(experiment: Experiment, metric: Metric, result: Result) -> tuple[str, str]:
    """Write what a value is of: shortly, and in words."""
    units = formats.count(result.unit_count)
    noun = experiment.unit_nouns[1]
    sums = experiment.sums.get((metric.name, result.variation_id))
    is_plain = result.estimator == "raw" and not metric.row["is_quantile"]
    if sums is None or not is_plain or sums["observation_sum"] is None:
        return units, f"{units} {noun}"
    over = sums["denominator_sum"]
    below = units if over is None else formats.total(over)
    if metric.unit.kind == formats.Kind.MONEY:
        above = formats.value(sums["observation_sum"], metric.unit)
    else:
        above = formats.total(sums["observation_sum"])
    of = noun if over is None else "in the denominator"
    return f"{above} / {below}", f"{above} in total, over {below} {of}"
