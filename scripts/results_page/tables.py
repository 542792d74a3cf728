"""What the page reads: public tables, by name and columns.

Whoever brings `ReportTables` can have the page of results in any warehouse.
"""

from collections.abc import Sequence
from typing import Protocol

from pipeline.published import PublishedTables, Row

COLUMNS = {
    "dim_experiments": (
        *("experiment_id", "experiment_name", "unit_count", "first_exposed_at", "last_exposed_at"),
        *("starts_at", "ends_at", "randomisation_unit", "attribution_window_hours"),
        *("primary_metric", "as_of_at"),
    ),
    "dim_variations": (
        *("experiment_id", "variation_id", "variation_name", "is_reference_variation"),
        *("traffic_share", "unit_count"),
    ),
    "dim_metrics": (
        *("metric_name", "metric_type", "direction", "is_guardrail", "unit", "description"),
        *("owner", "tags", "row_filter", "value_expression", "window_hours", "has_window_end"),
        *("is_quantile", "is_mature_only", "has_cap", "cap_upper", "cap_upper_percentile"),
        *("has_covariate", "covariate_hours", "non_inferiority_margin", "model_name"),
    ),
    "experiment_decisions": (
        *("experiment_id", "variation_id", "verdict", "rule", "reason", "planned_until_at"),
        "is_planned_duration_reached",
    ),
    "guardrail_conclusions": (
        *("experiment_id", "variation_id", "metric_name", "conclusion", "explanation"),
    ),
    "opposed_segments": (
        *("experiment_id", "variation_id", "metric_name", "segment_name", "segment_value"),
        *("absolute_lift", "relative_lift", "place"),
    ),
    "experiment_health": (
        *("experiment_id", "check_name", "title", "segment_name", "segment_value", "status"),
        *("value", "threshold", "finding", "advice"),
    ),
    "experiment_exclusions": ("experiment_id", "reason", "row_count", "visitor_count"),
    "variation_metrics": (
        *("experiment_id", "metric_name", "variation_id", "unit_count", "observation_sum"),
        "denominator_sum",
    ),
    "source_row_counts": ("source_name", "raw_row_count", "used_row_count"),
}
"""The tables that are read whole or by experiment, with the columns that are read of them."""

COMPARED = (
    *("experiment_id", "metric_name", "variation_id", "estimator", "is_headline"),
    *("confidence_level", "unit_count", "metric_value", "absolute_lift", "absolute_lift_ci_low"),
    *("absolute_lift_ci_high", "relative_lift", "relative_lift_ci_low", "relative_lift_ci_high"),
    *("p_value", "adjusted_p_value", "sequential_p_value", "sequential_ci_low"),
    *("sequential_ci_high", "sequential_relative_ci_low", "sequential_relative_ci_high"),
    *("status", "status_reason"),
)
"""What every table of comparisons has."""

JUDGED = (
    *("reference_unit_count", "reference_metric_value", "is_significant"),
    *("is_sequentially_significant", "chance_to_win", "guardrail_verdict"),
    "sequential_guardrail_verdict",
)
"""What those that compare with the reference variation have besides."""

PLANNED = (
    *("relative_minimum_detectable_effect", "required_unit_count", "days_to_target"),
    "variance_reduction",
)
COLUMNS |= {
    "experiment_results": COMPARED + JUDGED + PLANNED,
    "experiment_results_by_segment": (*COMPARED, *JUDGED, "segment_name", "segment_value"),
    "experiment_results_by_day": (*COMPARED, *JUDGED, "as_of_date"),
    "experiment_result_intervals": (
        *COMPARED,
        *("baseline_variation_id", "baseline_unit_count", "baseline_metric_value"),
    ),
    "variation_metrics_by_exposure_day": (
        *("experiment_id", "metric_name", "variation_id", "days_since_exposure", "unit_count"),
        "metric_value",
    ),
}

LATER_COLUMNS = {
    "dim_experiments": ("planned_until_at",),
    "dim_metrics": ("currency", "currency_decimals", "model_file", "definition"),
    "variation_metric_distributions": (
        *("experiment_id", "metric_name", "variation_id", "bin_number", "bin_kind"),
        *("lower_bound", "upper_bound", "unit_count"),
    ),
}
"""What files of earlier builds lack: null there, and no rows."""


class ReportTables(Protocol):
    """The public tables of one published build."""

    def rows(
        self, table: str, order_by: Sequence[str] = (), *, experiment_id: str | None = None
    ) -> list[Row]:
        """Give a table's rows, of one experiment or all; none where there is no such table."""
        ...


class PublishedReportTables:
    """The public tables, asked by SQL that every warehouse understands."""

    def __init__(self, tables: PublishedTables) -> None:
        """Read published tables."""
        self._tables = tables
        # Asked for once, and not for each experiment.
        self._selected: dict[str, str] = {}

    def rows(
        self, table: str, order_by: Sequence[str] = (), *, experiment_id: str | None = None
    ) -> list[Row]:
        """Give a table's rows."""
        if table not in self._selected:
            self._selected[table] = self._columns(table)
        if not self._selected[table]:
            return []
        where = "" if experiment_id is None else " where experiment_id = ?"
        order = f" order by {', '.join(order_by)}" if order_by else ""
        values = [] if experiment_id is None else [experiment_id]
        sql = f"select {self._selected[table]} from {table}{where}{order}"  # noqa: S608 - our own names
        return self._tables.query(sql, values)

    def _columns(self, table: str) -> str:
        """List what is read of a table; empty where there is no such table."""
        there = self._tables.columns(table)
        if not there:
            return ""
        return ", ".join(
            column if column in there else f"cast(null as varchar) as {column}"
            for column in (*COLUMNS.get(table, ()), *LATER_COLUMNS.get(table, ()))
        )
