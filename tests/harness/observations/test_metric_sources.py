"""A metric with a window of its own reads what lies outside the experiment's window, too."""

from pathlib import Path

import duckdb
import yaml
from compiled import bare_project
from conftest import run_dbt
from metric_files import keep_metrics

RETENTION = "obs_week_1_retention"


def rename_outcomes(project: Path) -> None:
    """Give the relations of events other names in the database than their models have."""
    file = project / "dbt_project.yml"
    settings = yaml.safe_load(file.read_text())
    outcomes = settings["models"]["experiment_metrics"]["intermediate"]["outcomes"]
    outcomes["experiment_events"] = {"+alias": "what_counts"}
    outcomes["steps"] = {**outcomes["steps"], "unit_events": {"+alias": "what_units_did"}}
    file.write_text(yaml.safe_dump(settings))


def test_a_relation_is_known_by_its_model_not_by_its_name(
    tmp_path: Path, sample_build: Path
) -> None:
    """With aliases for the relations of events, as many units come back in week 1 as without."""
    assert sample_build.is_file()  # and so the sample has been made
    project = bare_project(tmp_path / "project")
    keep_metrics(project, [RETENTION])
    rename_outcomes(project)
    run = run_dbt(
        project,
        *["build", "--select", f"+{RETENTION}"],
        DBT_EXCLUDE_RESOURCE_TYPES="test unit_test",
    )
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        connection.execute("set search_path = 'main,main_internal'")
        tables = set(connection.sql("select table_name from duckdb_tables()").fetchall())
        (retained,) = connection.execute(f"select count(*) from {RETENTION}").fetchone()
    assert ("what_units_did",) in tables
    assert retained == 5423
