"""What of the published tables is asked for and found: an experiment's results, as they are cut."""

from dataclasses import dataclass
from typing import Any

from pipeline.choosing import choose, choose_names, there_are
from pipeline.errors import UsageError
from pipeline.published import PublishedTables, Row
from pipeline.readings import (
    Cut,
    Experiment,
    list_experiments,
    read_experiment,
    read_intervals,
    read_results,
)


@dataclass(frozen=True)
class Question:
    """What is asked for."""

    experiment: str | None
    metrics: tuple[str, ...]
    segment: str | None
    by_day: bool
    baseline: str | None
    level: float | None

    @property
    def is_switched(self) -> bool:
        """Tell whether another baseline or level than the build's is asked for."""
        return self.baseline is not None or self.level is not None

    @property
    def cut(self) -> Cut:
        """Tell how the units are to be cut."""
        if self.by_day:
            return Cut.DAY
        return Cut.WHOLE if self.segment is None else Cut.SEGMENT


@dataclass(frozen=True)
class Answer:
    """Results of an experiment, and what they are made with."""

    experiment: Experiment
    reference: Row | None
    level: float | None
    results: list[Row]
    question: Question


def read_answer(tables: PublishedTables, question: Question) -> Answer:
    """Read what is asked for."""
    listed = list_experiments(tables)
    experiment = read_experiment(tables, choose("experiment", question.experiment or "", listed))
    reference, level = experiment.reference, experiment.level
    if question.is_switched:
        reference, level = _switched(experiment, question)
        results = read_intervals(tables, experiment, reference, level)
    else:
        results = read_results(tables, experiment, question.cut)
    if question.metrics:
        choose_names("metric", question.metrics, sorted({row["metric_name"] for row in results}))
        results = [row for row in results if row["metric_name"] in question.metrics]
    if question.segment is not None:
        results = _of_segment(results, question.segment)
    return Answer(experiment, reference, level, results, question)


def _switched(experiment: Experiment, question: Question) -> tuple[Row, float]:
    """Find the baseline and the level; of what is not given, the build's."""
    if question.baseline is not None:
        baseline = choose("variation", question.baseline, experiment.variations)
    elif experiment.reference is not None:
        baseline = experiment.reference
    else:
        message = "The experiment has no reference variation. Name one with --baseline."
        raise UsageError(message)
    level = question.level or experiment.level
    if level is None:
        message = "The published tables don't name the level of their intervals. Give --confidence."
        raise UsageError(message)
    return baseline, level


def _of_segment(results: list[Row], segment: str) -> list[Row]:
    name, is_valued, value = segment.partition("=")
    choose_names("segment", [name], sorted({row["segment_name"] for row in results}))
    found = [row for row in results if row["segment_name"] == name]
    if not is_valued:
        return found
    values = sorted({row["segment_value"] for row in found})
    if value not in values:
        message = f"There is no {name} '{value}'. {there_are(values)}"
        raise UsageError(message)
    return [row for row in found if row["segment_value"] == value]


def document(answer: Answer) -> dict[str, Any]:
    """Give an answer as a document for programs; money is in cents, as in the tables."""
    reference = answer.reference
    return {
        "experiment": answer.experiment.document(),
        "reference_variation_id": reference["id"] if reference else None,
        "reference_variation_name": reference["name"] if reference else None,
        "confidence_level": answer.level,
        "results": answer.results,
    }
