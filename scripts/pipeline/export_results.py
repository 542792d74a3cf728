"""Writes the published tables of results as CSV and Parquet, a file of each kind per table."""

from pathlib import Path

from pipeline.csv_text import csv_lines
from pipeline.published import PublishedTables, columns_in_utc

RESULTS = (
    # What there is, and what the numbers were made with.
    *("dim_experiments", "dim_variations", "dim_metrics", "analysis_settings"),
    # What each variation achieved.
    *("variation_metrics", "variation_metrics_by_segment", "variation_metrics_by_day"),
    *("variation_metrics_by_exposure_day", "variation_metric_distributions"),
    "variation_event_counts",
    # Compared with the reference variation.
    *("experiment_results", "experiment_results_by_segment", "experiment_results_by_day"),
    "experiment_result_intervals",
    # Whether to believe it, and what to do.
    *("experiment_health", "experiment_decisions", "guardrail_conclusions", "opposed_segments"),
    # What became of the rows.
    *("source_row_counts", "excluded_rows", "experiment_exclusions"),
)
"""All public tables but plans, and those that hold rows of single visitors."""
PLANS = ("metric_plans", "detectable_lifts")
"""How long an experiment takes: tables that are there where plans are asked for."""


def write_results(tables: PublishedTables, folder: Path) -> dict[str, int]:
    """Write each table of results into a folder, its rows in order; give their numbers."""
    folder.mkdir()
    planned = [table for table in PLANS if tables.columns(table)]
    return {table: _write(tables, table, folder) for table in (*RESULTS, *planned)}


def _write(tables: PublishedTables, table: str, folder: Path) -> int:
    # The key's columns are the first, and the others order whatever they don't.
    ordered = f"from {table} order by all"
    rows = tables.query(f"select * {ordered}")
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(tables.columns(table), (row.values() for row in rows)))
    query = f"select {columns_in_utc(tables, table)} {ordered}"
    return tables.write_parquet(query, (), folder / f"{table}.parquet")
