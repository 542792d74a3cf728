"""docs/dashboards.md: each query runs, and the tables that it lists are those that there are."""

import json
import re
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_ROOT, published_manifest
from sql_blocks import sql_blocks

PAGE = PROJECT_ROOT / "docs" / "dashboards.md"
QUERIES = sql_blocks(PAGE)
TABLE_ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def rows_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, object]]:
    """Give the rows of a query of the page."""
    return connection.sql(QUERIES[name]).df().to_dict("records")


@pytest.fixture(scope="module")
def published(sample_build: Path) -> duckdb.DuckDBPyConnection:
    """Give a connection as a tool has it, that looks into no other schema than main."""
    return duckdb.connect(str(sample_build), read_only=True)


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_has_rows(published: duckdb.DuckDBPyConnection, name: str) -> None:
    """Of the sample's published file."""
    assert rows_of(published, name)


def test_the_scorecard_has_money_in_major_units(published: duckdb.DuckDBPyConnection) -> None:
    """As the README shows it; other units are left alone."""
    rows = rows_of(published, "A scorecard, with money as people read it")
    shown = {
        row["metric_name"]: (row["reference_value"], row["variation_value"], row["relative_lift"])
        for row in rows
        if row["variation_name"] == "message_2"
    }
    expected = {
        "Electronics revenue per visitor": (43.8857, 59.7770, 0.362107),
        "Purchase conversion rate": (0.049334, 0.066987, 0.357824),
        "Total customer support minutes per visitor": (1.560120, 1.532293, -0.017837),
    }
    for metric, numbers in expected.items():
        assert shown[metric] == pytest.approx(numbers, rel=1e-4)
    assert rows[0]["metric_name"] == "Purchase conversion rate"


def test_known_answers(published: duckdb.DuckDBPyConnection) -> None:
    """Verdicts, the loss in Brazil, and every row of the export."""
    verdicts = {
        (row["experiment_name"], row["variation_name"])
        for row in rows_of(published, "What to do")
        if row["verdict"] == "ship"
    }
    assert verdicts == {("covid_messaging_experiment", "message_2")}
    brazil = next(
        row
        for row in rows_of(published, "By segment")
        if (row["country"], row["variation_name"]) == ("BR", "green")
    )
    assert (brazil["unit_count"], round(brazil["relative_lift"], 4)) == (328, -0.4567)
    counts = [tuple(row.values()) for row in rows_of(published, "Where all the rows went")]
    assert counts[0] == ("calls", 3371, 3339, 32)
    assert all(raw == used + excluded for _, raw, used, excluded in counts)


def test_groups_of_ones_own_add_up(published: duckdb.DuckDBPyConnection) -> None:
    """Their units and converted units are those of the whole."""
    name = "A question of one's own: conversion by how a browser and a country meet"
    frame = published.sql(QUERIES[name]).df()
    converted = (frame["unit_count"] * frame["conversion_rate"]).groupby(frame["variation_name"])
    whole = published.sql(
        "select variation_name, observation_sum from variation_metrics"
        " where experiment_name = 'button_colour_test' and metric_name = 'Visited sign-up rate'"
    ).fetchall()
    assert converted.sum().to_dict() == pytest.approx(dict(whole))


def test_every_public_table_is_listed(sample_build: Path) -> None:
    """With columns that it has."""
    manifest = json.loads(published_manifest(sample_build).read_text(encoding="utf-8"))
    public = {
        node["name"]: set(node["columns"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["access"] == "public"
    }
    section = PAGE.read_text(encoding="utf-8").split("## The tables")[1].split("## Queries")[0]
    listed = {name: set(re.findall(r"`(\w+)`", rest)) for name, rest in TABLE_ROW.findall(section)}
    assert set(listed) == set(public)
    assert {
        name: names - public[name] for name, names in listed.items() if names - public[name]
    } == {}
    assert all(listed.values())
