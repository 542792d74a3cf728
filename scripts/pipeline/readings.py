"""What the published tables say of experiments, for whoever shows it.

Of a metric only its headline estimator is read: the one that verdicts are made from.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pipeline.choosing import named_in_full
from pipeline.errors import PipelineError
from pipeline.published import PublishedTables, Row
from pipeline.words import level_text

DAY = timedelta(days=1)
INTERVALS = "experiment_result_intervals"
RESULT_COLUMNS = (
    "variation_id",
    "variation_name",
    "estimator",
    "unit_count",
    "metric_value",
    "absolute_lift",
    "absolute_lift_ci_low",
    "absolute_lift_ci_high",
    "relative_lift",
    "relative_lift_ci_low",
    "relative_lift_ci_high",
    "p_value",
    "adjusted_p_value",
    "sequential_p_value",
    "status",
    "status_reason",
)


class Cut(StrEnum):
    """How the units are cut; the value is the table that has results so."""

    WHOLE = "experiment_results"
    SEGMENT = "experiment_results_by_segment"
    DAY = "experiment_results_by_day"


CUT_COLUMNS = {
    Cut.WHOLE: (),
    Cut.SEGMENT: ("segment_name", "segment_value"),
    Cut.DAY: ("as_of_date",),
}


@dataclass(frozen=True)
class Experiment:
    """An experiment with its variations, the reference first, and their decisions."""

    id: str
    name: str
    row: Row
    variations: list[Row]
    decisions: list[Row]
    level: float | None
    """The confidence level of its intervals, where the tables name it."""

    @property
    def reference(self) -> Row | None:
        """Give the variation with which the others are compared, if there is one."""
        return next((row for row in self.variations if row["is_reference_variation"]), None)

    def decision(self, variation_id: str) -> Row | None:
        """Give the decision about a variation, if there is one."""
        return next((row for row in self.decisions if row["variation_id"] == variation_id), None)

    def document(self) -> dict[str, Any]:
        """Give the experiment as a document for programs."""
        return {
            **named_in_full("experiment", self.row),
            "variations": [named_in_full("variation", row) for row in self.variations],
            "decisions": self.decisions,
        }


def list_experiments(tables: PublishedTables) -> list[Row]:
    """List the experiments, the largest first."""
    return tables.query(
        "select experiment_id as id, experiment_name as name, unit_count, first_exposed_at,"
        " last_exposed_at, starts_at, ends_at, primary_metric, as_of_at from dim_experiments"
        " order by unit_count desc, experiment_id"
    )


def read_experiment(tables: PublishedTables, row: Row) -> Experiment:
    """Read what belongs to an experiment that was listed."""
    of_experiment = [row["id"]]
    variations = tables.query(
        "select variation_id as id, variation_name as name,"
        " coalesce(is_reference_variation, false) as is_reference_variation, unit_count"
        " from dim_variations where experiment_id = ?"
        " order by coalesce(is_reference_variation, false) desc, variation_name, variation_id",
        of_experiment,
    )
    decisions = tables.query(
        "select variation_id, variation_name, verdict, rule, reason, planned_until_at, as_of_at"
        " from experiment_decisions where experiment_id = ? order by variation_name, variation_id",
        of_experiment,
    )
    for decision in decisions:
        decision["days_to_planned_end"] = days_left(decision)
    level = confidence_level(tables, row["id"])
    return Experiment(row["id"], row["name"], row, variations, decisions, level)


def days_left(decision: Row) -> int | None:
    """Count the days from the results' own time to the planned end: 0 where that is past."""
    until, now = decision["planned_until_at"], decision["as_of_at"]
    return None if until is None or now is None else max(math.ceil((until - now) / DAY), 0)


def confidence_level(tables: PublishedTables, experiment_id: str) -> float | None:
    """Give the level of an experiment's intervals; None in tables that don't name it."""
    if "confidence_level" not in tables.columns(Cut.WHOLE):
        return None
    levels = tables.query(
        "select max(confidence_level) as level from experiment_results where experiment_id = ?",
        [experiment_id],
    )
    level = levels[0]["level"]
    return None if level is None else float(level)


def read_results(
    tables: PublishedTables, experiment: Experiment, cut: Cut = Cut.WHOLE
) -> list[Row]:
    """Read the headline results of an experiment: by metric, the primary one first."""
    own = (
        *RESULT_COLUMNS,
        *CUT_COLUMNS[cut],
        "reference_variation_id",
        "reference_metric_value",
        "chance_to_win",
        "days_to_target",
    )
    return _read(tables, experiment, cut, own, CUT_COLUMNS[cut])


def read_intervals(
    tables: PublishedTables, experiment: Experiment, baseline: Row, level: float
) -> list[Row]:
    """Read the results against another baseline, or at another level, than those of the build."""
    if not tables.columns(INTERVALS):
        message = (
            f"There is no table {INTERVALS} in what is published, and without it no other baseline"
            " or level. Run scripts/build."
        )
        raise PipelineError(message)
    of_experiment = [experiment.id]
    levels = tables.query(
        f"select distinct confidence_level as level from {INTERVALS}"  # noqa: S608 - our own name
        " where experiment_id = ? order by level",
        of_experiment,
    )
    there = [row["level"] for row in levels]
    if not any(math.isclose(level, other) for other in there):
        message = (
            f"There are no intervals of {level_text(level)} for this experiment, but of"
            f" {', '.join(map(level_text, there)) or 'none'}. Choose one of them, or add it to"
            " the var confidence_levels and run scripts/build."
        )
        raise PipelineError(message)
    own = (
        *RESULT_COLUMNS,
        "baseline_variation_id as reference_variation_id",
        "baseline_metric_value as reference_metric_value",
    )
    conditions = "baseline_variation_id = ? and abs(confidence_level - ?) < 1e-9"
    return _read(tables, experiment, INTERVALS, own, (), conditions, [baseline["id"], level])


def _read(  # noqa: PLR0913, PLR0917 - a query has parts
    tables: PublishedTables,
    experiment: Experiment,
    table: str,
    columns: Sequence[str],
    order_by: Sequence[str],
    condition: str = "true",
    values: Sequence[object] = (),
) -> list[Row]:
    listed = ", ".join(f"results.{column}" for column in columns)
    order = ", ".join(["is_primary desc", "metric_name", *order_by, "variation_name"])
    return tables.query(
        f"select results.metric_name, metrics.unit, metrics.currency, metrics.currency_decimals,"  # noqa: S608 - our own names
        " metrics.direction, metrics.is_guardrail,"
        f" results.metric_name = ? as is_primary, {listed} from {table} as results"
        " left join dim_metrics as metrics on results.metric_name = metrics.metric_name"
        f" where results.experiment_id = ? and results.is_headline and {condition}"
        f" order by {order}",
        [experiment.row["primary_metric"], experiment.id, *values],
    )
