"""What dbt calls exposures, and shows in its lineage: what reads the tables, and which it reads."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import consumed, published_manifest
from pipeline import check_launch
from pipeline.published import DuckDBTables, Row
from results_page import command as report
from results_page.tables import COLUMNS, LATER_COLUMNS

EXPERIMENTS = ("covid_messaging_experiment", "button_colour_test", "saved_designs_gate")


@pytest.fixture(scope="module")
def manifest(sample_build: Path) -> dict:
    """Give dbt's manifest of the sample's published build."""
    return json.loads(published_manifest(sample_build).read_text(encoding="utf-8"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, sample_build: Path) -> set[str]:
    """Note the tables that commands read of the sample's published file."""
    seen: set[str] = set()
    query = DuckDBTables.query

    def noted(self: DuckDBTables, sql: str, values: Sequence[object] = ()) -> list[Row]:
        seen.update(re.findall(r"\b(?:from|join) ([a-z]\w*)(?![\w(])", sql))
        return query(self, sql, values)

    monkeypatch.setattr(DuckDBTables, "query", noted)
    monkeypatch.setenv("WAREHOUSE_PATH", str(sample_build))
    return seen


def test_what_the_pages_read(sample_build: Path, read: set[str], tmp_path: Path) -> None:
    """All that they may read is read for the sample."""
    assert report.main(["--output", str(tmp_path / "report")]) == 0
    assert read == {*COLUMNS, *LATER_COLUMNS}
    assert consumed(sample_build, "results_page") == read


def test_what_the_launch_gate_reads(sample_build: Path, read: set[str]) -> None:
    """For whatever verdict."""
    codes = {check_launch.main([experiment]) for experiment in EXPERIMENTS}
    assert codes == {0, 11}
    assert consumed(sample_build, "launch_gate") == read


def test_consumers_read_public_tables_alone(manifest: dict) -> None:
    """Others may change at any time."""
    for exposure in manifest["exposures"].values():
        for node in exposure["depends_on"]["nodes"]:
            assert manifest["nodes"][node]["config"]["access"] == "public", node


def test_a_consumers_owner_is_no_person(manifest: dict) -> None:
    """An address of a person ages, and is nobody's business."""
    owners = [exposure["owner"] for exposure in manifest["exposures"].values()]
    assert owners
    assert {owner["email"] for owner in owners} == {"experimentation@example.com"}
