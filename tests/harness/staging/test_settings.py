"""A setting that is of the right kind, and yet finds nothing in the data, is warned of."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import copy_project, run_dbt


@pytest.mark.parametrize(
    ("segments", "status", "count"),
    [
        (["browser"], "pass", 0),
        ([], "pass", 0),
        (["brwser", "browser * cuontry", "brwser*browser"], "warn", 2),
    ],
)
def test_a_segment_of_no_unit_is_warned_of(
    tmp_path: Path, sample_build: Path, segments: list[str], status: str, count: int
) -> None:
    """An attribute that no unit has is probably misspelt; each is told once."""
    project = copy_project(tmp_path / "project")
    database = tmp_path / "experiment_metrics.duckdb"
    shutil.copyfile(sample_build, database)
    run = run_dbt(
        project,
        *["test", "--select", "every_segment_is_an_attribute"],
        *["--vars", json.dumps({"segments": segments})],
        DBT_DUCKDB_PATH=str(database),
    )
    assert run.returncode == 0, run.stdout
    report = json.loads((project / "target" / "run_results.json").read_text())
    found = [result for result in report["results"] if "every_segment" in result["unique_id"]]
    assert [(each["status"], each["failures"]) for each in found] == [(status, count)]
