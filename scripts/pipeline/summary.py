"""The short summary of a published file that ends a build."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from pipeline.choosing import label
from pipeline.published import PublishedTables, Row
from pipeline.readings import Experiment, list_experiments, read_experiment, read_results
from pipeline.screen import indented, lay_out, line, table
from pipeline.words import (
    MISSING,
    count_text,
    level_text,
    metric_text,
    percent_text,
    unit_text,
    value_text,
)

EXPERIMENT_LIMIT = 3
"""Experiments shown in full; the tables hold them all."""


@dataclass(frozen=True)
class Summary:
    """What a file holds: experiments with their results, and what became of the raw rows."""

    experiments: list[tuple[Experiment, list[Row]]]
    hidden_count: int
    """Experiments that are there and not shown."""
    sources: list[Row]
    excluded: list[Row]

    def document(self) -> dict[str, Any]:
        """Give the summary as a document for programs."""
        return {
            "experiments": [
                {**experiment.document(), "results": results}
                for experiment, results in self.experiments
            ],
            "sources": self.sources,
            "excluded_rows": self.excluded,
        }

    def text(self) -> str:
        """Tell units, metrics by variation, decisions, rows left out."""
        parts = [lay_out(*_experiment(*each)) for each in self.experiments]
        if self.hidden_count:
            parts.append(
                f"... and {self.hidden_count} more experiments: ./scripts/results lists them."
            )
        if self.sources:
            parts.append(lay_out(line("Rows"), *map(indented, self._row_counts())))
        return "\n\n".join(parts)

    def _row_counts(self) -> list[str]:
        reasons: dict[str, list[str]] = {}
        for row in self.excluded:
            reason = f"{row['reason']} {count_text(row['row_count'])}"
            reasons.setdefault(row["source_name"], []).append(reason)
        return [_row_count(row, reasons.get(row["source_name"], [])) for row in self.sources]


def summarise(tables: PublishedTables, limit: int | None = EXPERIMENT_LIMIT) -> Summary:
    """Sum up everything, experiments as far as the limit."""
    listed = list_experiments(tables)
    shown = listed[:limit]
    return Summary(
        [_with_results(tables, row) for row in shown],
        len(listed) - len(shown),
        tables.query(
            "select source_name, raw_row_count, used_row_count from source_row_counts"
            " order by source_name"
        ),
        tables.query(
            "select source_name, reason, row_count from excluded_rows"
            " order by row_count desc, reason"
        ),
    )


def summarise_metrics(
    tables: PublishedTables, models: Collection[str], limit: int | None = EXPERIMENT_LIMIT
) -> Summary:
    """Sum up the metrics that these models measure; all of them where none does."""
    measured = {
        row["metric_name"]
        for row in tables.query("select metric_name, model_name from dim_metrics")
        if row["model_name"] in models
    }
    found = []
    for row in list_experiments(tables):
        experiment, results = _with_results(tables, row)
        results = [
            result for result in results if not measured or result["metric_name"] in measured
        ]
        if results:
            found.append((experiment, results))
    shown = found[:limit]
    return Summary(shown, len(found) - len(shown), [], [])


def _with_results(tables: PublishedTables, row: Row) -> tuple[Experiment, list[Row]]:
    experiment = read_experiment(tables, row)
    return experiment, read_results(tables, experiment)


def _row_count(row: Row, reasons: list[str]) -> str:
    used, raw = count_text(row["used_row_count"]), count_text(row["raw_row_count"])
    left_out = f"; left out: {', '.join(reasons)}" if reasons else ""
    return f"{row['source_name']}: {used} of {raw} used{left_out}"


def _experiment(experiment: Experiment, results: list[Row]) -> list[RenderableType]:
    values = {(row["metric_name"], row["variation_id"]): _value(row) for row in results}
    # Every variation's row names the metric and its estimator alike.
    metrics = {row["metric_name"]: row for row in results}
    variations = experiment.variations
    rows = [
        [
            metric_text(row),
            unit_text(row),
            *(values.get((name, each["id"]), MISSING) for each in variations),
        ]
        for name, row in sorted(metrics.items())
    ]
    units = ["units", "", *(count_text(each["unit_count"]) for each in variations)]
    header = ["", "in", *(each["name"] for each in variations)]
    return [
        line(_title(experiment)),
        table(header, [units, *rows], texts=2),
        *(
            indented(f"{row['variation_name']}: {row['verdict']}. {row['reason']}")
            for row in experiment.decisions
        ),
    ]


def _value(row: Row) -> str:
    """Write a value with its lift, whose reference an adjusted estimator has for itself."""
    value = value_text(row["metric_value"], row)
    lift = row["relative_lift"]
    return value if lift is None else f"{value} ({percent_text(lift)})"


def _title(experiment: Experiment) -> str:
    title = f"{label(experiment.row)}: {count_text(experiment.row['unit_count'])} units"
    if experiment.reference is None:
        return title
    level = f", intervals of {level_text(experiment.level)}" if experiment.level else ""
    return f"{title}; compared with {label(experiment.reference)}{level}"
