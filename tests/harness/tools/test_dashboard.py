"""The dashboard of examples/dashboard: its SQL runs, and its components find their columns.

Evidence isn't installed here: it reads the published file by the sources, and runs the SQL of pages
over what they gave, by DuckDB.
"""

import json
import re
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT_ROOT, consumed
from sql_blocks import sql_blocks

DASHBOARD = PROJECT_ROOT / "examples" / "dashboard"
SOURCES = sorted((DASHBOARD / "sources" / "experiment_metrics").glob("*.sql"))
PAGES = sorted((DASHBOARD / "pages").rglob("*.md"))
EXPERIMENT = "18791230454"
COMPONENT = re.compile(r"<(DataTable|LineChart|Value)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)


@pytest.fixture(scope="module")
def site(sample_build: Path) -> duckdb.DuckDBPyConnection:
    """Give what the pages are asked of: a table for each source."""
    connection = duckdb.connect()
    connection.execute("create schema experiment_metrics")
    with duckdb.connect(str(sample_build), read_only=True) as published:
        for source in SOURCES:
            rows = published.sql(source.read_text(encoding="utf-8")).to_arrow_table()
            connection.register("rows", rows)
            connection.execute(f"create table experiment_metrics.{source.stem} as from rows")
    return connection


def answers(site: duckdb.DuckDBPyConnection, page: Path) -> dict[str, duckdb.DuckDBPyRelation]:
    """Give what the queries of a page answer, of an experiment where it is of one."""
    return {
        name: site.sql(sql.replace("${params.experiment}", EXPERIMENT))
        for name, sql in sql_blocks(page).items()
    }


def test_each_source_has_rows(site: duckdb.DuckDBPyConnection) -> None:
    """Of the sample."""
    assert len(SOURCES) == 5
    for source in SOURCES:
        assert site.table(f"experiment_metrics.{source.stem}").fetchone(), source.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_components_show_what_the_queries_have(site: duckdb.DuckDBPyConnection, page: Path) -> None:
    """Each component names a query of its page, with rows, and columns of it."""
    found = answers(site, page)
    components = COMPONENT.findall(page.read_text(encoding="utf-8"))
    assert components
    for name, options, content in components:
        query = found[re.search(r"data={(\w+)}", options)[1]]
        named = re.findall(r"\b(?:x|y|series|link|groupBy|column)=(\w+)", options)
        named += re.findall(r"<Column id=(\w+)", content)
        assert named, name
        assert set(named) <= set(query.columns), (page.name, name)
        assert query.shape[0] > 0, (page.name, name)


def test_the_scorecard_has_money_in_major_units(site: duckdb.DuckDBPyConnection) -> None:
    """As the README shows it."""
    rows = site.sql(
        "select unit, reference_value, variation_value from experiment_metrics.scorecard"
        " where metric_name = 'Electronics revenue per visitor' and variation_name = 'message_2'"
    ).fetchall()
    assert rows == [("money", pytest.approx(43.8857, 1e-4), pytest.approx(59.7770, 1e-4))]


def test_the_index_links_to_pages_of_experiments(site: duckdb.DuckDBPyConnection) -> None:
    """By the id that the page asks for, in the folder where it lies."""
    pages = {
        page
        for (page,) in answers(site, DASHBOARD / "pages/index.md")["verdicts"]
        .project("page")
        .fetchall()
    }
    assert f"/experiments/{EXPERIMENT}" in pages
    assert (DASHBOARD / "pages" / "experiments" / "[experiment].md").is_file()


def test_the_lineage_names_what_the_sources_read(sample_build: Path) -> None:
    """As dbt's exposure has it."""
    texts = [source.read_text(encoding="utf-8") for source in SOURCES]
    read = {table for text in texts for table in re.findall(r"\b(?:from|join) (\w+)", text)}
    assert consumed(sample_build, "example_dashboard") == read


def test_it_reads_the_published_file_by_the_plugin_that_is_installed() -> None:
    """The path is from the source's folder, as Evidence takes it; versions are pinned."""
    folder = SOURCES[0].parent
    connection = yaml.safe_load((folder / "connection.yaml").read_text(encoding="utf-8"))
    file = (folder / connection["options"]["filename"]).resolve()
    assert file == PROJECT_ROOT / "warehouse" / "experiment_metrics.duckdb"
    assert connection["name"] == folder.name
    plugin = f"@evidence-dev/{connection['type']}"
    settings = yaml.safe_load((DASHBOARD / "evidence.config.yaml").read_text(encoding="utf-8"))
    package = json.loads((DASHBOARD / "package.json").read_text(encoding="utf-8"))
    assert plugin in settings["plugins"]["datasources"]
    assert plugin in package["dependencies"]
    for version in package["dependencies"].values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
