"""Writes the report of a published file: a page of each experiment, and an index of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.choosing import choose
from pipeline.published import PublishedTables
from pipeline.settings import DEFAULT_WAREHOUSE, PROJECT_ROOT
from pipeline.state import metric_queries

from results_page import dbt_docs, plans
from results_page.experiment import list_experiments
from results_page.page import index_page, read_pages
from results_page.plans import PlanPage, last_plan
from results_page.render import render_experiment, render_index, render_plan
from results_page.tables import PublishedReportTables
from results_page.writing import write_folder

DEFAULT_FOLDER = PROJECT_ROOT / "reports"
INDEX = "index.html"


def report_folder(warehouse_path: Path) -> Path:
    """Give the place of a published file's report."""
    if warehouse_path == DEFAULT_WAREHOUSE:
        return DEFAULT_FOLDER
    return warehouse_path.with_name(f"{warehouse_path.name}.report")


@dataclass(frozen=True)
class Beside:
    """What else a report shows than the published tables, as far as it is there."""

    queries: Mapping[str, str] = field(default_factory=dict)
    """The SQL of metrics, by their models' names."""
    plan: PlanPage | None = None
    docs: str | None = None
    """dbt's documentation."""


def what_lies_beside(warehouse_path: Path, docs: str | None = None) -> Beside:
    """Read what lies beside a published file."""
    return Beside(metric_queries(warehouse_path), last_plan(warehouse_path), docs)


def write_report(
    tables: PublishedTables,
    folder: Path,
    wanted: Sequence[str] = (),
    beside: Beside = Beside(),
) -> Path | None:
    """Write the pages of experiments, by default of all; give the index.

    Where no experiments are published at all, there is none.
    """
    if not tables.columns("dim_experiments"):
        return None
    report_tables = PublishedReportTables(tables)
    listed = list_experiments(report_tables)
    named = [{"id": row["experiment_id"], "name": row["experiment_name"]} for row in listed]
    chosen = {choose("experiment", each, named)["id"] for each in wanted}
    pages = read_pages(
        report_tables,
        [row for row in listed if not wanted or row["experiment_id"] in chosen],
        beside.queries,
    )
    sources = report_tables.rows("source_row_counts", ("source_name",))
    index = index_page(
        pages,
        sources,
        plans.FILE if beside.plan else None,
        dbt_docs.OVERVIEW if beside.docs else None,
    )
    files = {INDEX: render_index(index)}
    if beside.plan:
        files[plans.FILE] = render_plan(beside.plan)
    if beside.docs:
        files[dbt_docs.FILE] = beside.docs
    for page in pages:
        files |= render_experiment(page)
    write_folder(files, folder)
    return folder / INDEX
