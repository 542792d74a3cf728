"""A mistake in a metric's file fails that metric, and names the file and what is allowed."""

import json
from pathlib import Path

import duckdb
import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT, run_dbt
from metric_files import OBSERVATIONS, add_metrics, call
from wrong_metrics import ALL_WRONG, EVENTS

METRIC = "obs_purchase_conversion_rate"
TEXT = (PROJECT_ROOT / OBSERVATIONS / f"{METRIC}.sql").read_text()


def refusal(project: Path, name: str, *command: str) -> str:
    """Run dbt, which must fail and name the file; give what it said."""
    run = run_dbt(project, *command)
    assert run.returncode != 0, run.stdout
    said = " ".join(run.stdout.split())
    assert f"{OBSERVATIONS}/{name}.sql" in said, run.stdout
    assert "Traceback" not in said
    return said


def test_a_file_that_the_list_lacks_stops_the_build(tmp_path: Path) -> None:
    """The forgotten line is asked for by name, before anything is built."""
    project = bare_project(tmp_path / "project")
    file = project / OBSERVATIONS / "obs_forgotten.sql"
    file.write_text(TEXT.replace("Purchase conversion", "Forgotten"))
    said = refusal(project, "obs_forgotten", "build")
    assert "Add 'obs_forgotten' to the var metrics in dbt_project.yml" in said
    assert "OK created" not in said


def test_two_metrics_of_one_name_stop_the_build(tmp_path: Path) -> None:
    """Both files are named."""
    project = bare_project(tmp_path / "project")
    add_metrics(project, {"obs_twin": TEXT})
    said = refusal(project, "obs_twin", "build")
    assert "Two metrics are named 'Purchase conversion rate'" in said
    assert METRIC in said


def wrong_model(case: str) -> str:
    """Name the model of a wrong metric."""
    return "obs_" + case.replace(" ", "_")


@pytest.fixture(scope="module")
def wrong_metrics(
    tmp_path_factory: pytest.TempPathFactory, sample_build: Path
) -> dict[str, dict[str, str]]:
    """Give what dbt reported about each model, where right and wrong metrics are built together."""
    assert sample_build.is_file()  # and so the sample has been made
    project = bare_project(tmp_path_factory.mktemp("wrong") / "project")
    add_metrics(
        project, {wrong_model(case): call(arguments) for case, (arguments, _) in ALL_WRONG.items()}
    )
    selected = f"+path:{OBSERVATIONS},resource_type"
    run = run_dbt(
        project,
        *["build", "--empty", "--indirect-selection", "empty"],
        *["--select", f"{selected}:seed", f"{selected}:model"],
    )
    report = project / "target" / "run_results.json"
    assert report.is_file(), run.stdout
    return {
        result["unique_id"].split(".")[-1]: {
            "status": result["status"],
            "message": " ".join(result["message"].split()),
        }
        for result in json.loads(report.read_text())["results"]
    }


@pytest.mark.parametrize("case", ALL_WRONG)
def test_a_wrong_metric_says_what_is_wrong(
    wrong_metrics: dict[str, dict[str, str]], case: str
) -> None:
    """The message names the file, and what is allowed."""
    result = wrong_metrics[wrong_model(case)]
    assert result["status"] == "error"
    assert f"Metric in {OBSERVATIONS}/{wrong_model(case)}.sql: " in result["message"]
    assert ALL_WRONG[case][1] in result["message"]


def test_a_wrong_metric_fails_alone(wrong_metrics: dict[str, dict[str, str]]) -> None:
    """The project is parsed, and every other model is built."""
    failed = {name for name, result in wrong_metrics.items() if result["status"] != "success"}
    assert failed == {wrong_model(case) for case in ALL_WRONG}
    assert METRIC in wrong_metrics


# Metrics in which each list is a tuple, and how many metrics each makes.
TUPLES = {
    "tagged": (EVENTS + "type='count', tags=('a', 'b')", 1),
    "split": (EVENTS + "type='count', breakdown='event_name', breakdown_values=('x', 'y')", 4),
    "funnel": (EVENTS + "type='funnel', steps=({'name': 'a'}, {'name': 'b'})", 3),
    "any_of": (EVENTS + "type='any_of', conditions=({}, {})", 1),
    "sources": ("source=(ref('experiment_events'), ref('experiment_calls')), type='count'", 1),
}


def test_a_tuple_is_a_list(tmp_path: Path, sample_build: Path) -> None:
    """Round brackets or square ones: the metrics are built, and are in the catalogue."""
    assert sample_build.is_file()  # and so the sample has been made
    project = bare_project(tmp_path / "project")
    add_metrics(
        project,
        {f"obs_{case}": call(f"name='{case}', {given}") for case, (given, _) in TUPLES.items()},
    )
    run = run_dbt(
        project,
        *["build", "--empty", "--select", "+dim_metrics"],
        DBT_EXCLUDE_RESOURCE_TYPES="test unit_test",
    )
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        counted = connection.sql("select model_name, count(*) from dim_metrics group by all")
        counts = dict(counted.fetchall())
    assert {case: counts[f"obs_{case}"] for case in TUPLES} == {
        case: count for case, (_, count) in TUPLES.items()
    }
