"""Writes the report of a published file: a page of each experiment, and an index of all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pipeline.choosing import choose
from pipeline.published import PublishedTables
from pipeline.settings import DEFAULT_WAREHOUSE, PROJECT_ROOT

from results_page import dbt_docs
from results_page.experiment import list_experiments
from results_page.page import index_page, read_pages
from results_page.render import render_experiment, render_index
from results_page.tables import PublishedReportTables
from results_page.writing import write_folder

DEFAULT_FOLDER = PROJECT_ROOT / "reports"
INDEX = "index.html"


def report_folder(warehouse_path: Path) -> Path:
    """Give the place of a published file's report."""
    if warehouse_path == DEFAULT_WAREHOUSE:
        return DEFAULT_FOLDER
    return warehouse_path.with_name(f"{warehouse_path.name}.report")


def write_report(
    tables: PublishedTables,
    folder: Path,
    wanted: Sequence[str] = (),
    queries: Mapping[str, str] = MappingProxyType({}),
    docs: str | None = None,
) -> Path | None:
    """Write the pages of experiments, by default of all; give the index.

    queries: the SQL of metrics, by their models' names, as far as it is known. docs: dbt's
    documentation, if it is to lie beside them. Where no experiments are published at all, there is
    no index.
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
        queries,
    )
    sources = report_tables.rows("source_row_counts", ("source_name",))
    index = index_page(pages, sources, None if docs is None else dbt_docs.OVERVIEW)
    files = {INDEX: render_index(index)}
    if docs is not None:
        files[dbt_docs.FILE] = docs
    for page in pages:
        files |= render_experiment(page)
    write_folder(files, folder)
    return folder / INDEX
