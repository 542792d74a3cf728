"""A mistake in a metric's file fails that metric, and names the file and what is allowed."""

import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT, run_dbt
from metric_files import OBSERVATIONS, add_metrics, call, keep_metrics, list_metrics
from wrong_metrics import ALL_WRONG, EVENTS

SOURCE = "unit_subscription_states"
METRIC = "obs_purchase_conversion_rate"
TEXT = (PROJECT_ROOT / OBSERVATIONS / f"{METRIC}.sql").read_text()


def build_catalogue(project: Path) -> subprocess.CompletedProcess[str]:
    """Build the catalogue of metrics and what it needs, without a row of data."""
    return run_dbt(
        project,
        *["build", "--empty", "--select", "+dim_metrics"],
        DBT_EXCLUDE_RESOURCE_TYPES="test unit_test",
    )


def refusal(project: Path, name: str, *command: str) -> str:
    """Run dbt, which must fail and name the file; give what it said."""
    run = run_dbt(project, *command)
    assert run.returncode != 0, run.stdout
    said = " ".join(run.stdout.split())
    assert f"{OBSERVATIONS}/{name}.sql" in said, run.stdout
    assert "Traceback" not in said
    return said


def package_call(arguments: str) -> str:
    """Write the file of a metric in a project that has this one as a package."""
    return call(arguments).replace("metric_observations", "experiment_metrics.metric_observations")


def user_project(folder: Path, listed: list[str]) -> Path:
    """Make a project that has a copy of this one as a package, with its metrics switched off."""
    bare_project(folder / "package")
    project = folder / "user"
    (project / "models" / "metrics").mkdir(parents=True)
    shutil.copytree(PROJECT_ROOT / "profiles", project / "profiles")
    (project / "packages.yml").write_text("packages: [{local: ../package}]\n")
    (project / "dbt_project.yml").write_text(
        "name: shop\n"
        "profile: experiment_metrics\n"
        "models: {experiment_metrics: {observations: {+enabled: false}}}\n"
        f"vars: {{experiment_metrics: {{metrics: {json.dumps(listed)}}}}}\n"
    )
    deps = run_dbt(project, "deps")
    assert deps.returncode == 0, deps.stdout
    return project


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


def test_a_listed_model_that_is_no_metric_stops_the_build(tmp_path: Path) -> None:
    """Its columns would fail the union of all metrics, which can't say whose they are."""
    project = bare_project(tmp_path / "project")
    list_metrics(project, [*(file.stem for file in (project / OBSERVATIONS).glob("*.sql")), SOURCE])
    said = refusal(project, f"sources/{SOURCE}", "build")
    assert f"Remove '{SOURCE}' from the var metrics in dbt_project.yml" in said
    assert "OK created" not in said


def test_an_empty_list_of_metrics_stops_the_build(tmp_path: Path) -> None:
    """There would be nothing to measure."""
    project = bare_project(tmp_path / "project")
    keep_metrics(project, [])
    run = run_dbt(project, "build")
    assert run.returncode != 0
    assert "The list of metrics is empty." in run.stdout
    assert "OK created" not in run.stdout


def test_another_projects_metric_is_in_the_catalogue(tmp_path: Path, sample_build: Path) -> None:
    """With a copy of ours as its package, of which it replaces a metric by its own."""
    assert sample_build.is_file()  # and so the sample has been made
    project = user_project(tmp_path, listed=["obs_mine", METRIC])
    metrics = project / "models" / "metrics"
    given = EVENTS + "type='count', direction='decrease'"
    (metrics / "obs_mine.sql").write_text(package_call(f"name='Mine', {given}"))
    (metrics / f"{METRIC}.sql").write_text(package_call(f"name='My rate', {given}"))
    run = build_catalogue(project)
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        found = connection.sql(
            "select metric_name, direction, model_name from dim_metrics order by all"
        ).fetchall()
    assert found == [("Mine", "decrease", "obs_mine"), ("My rate", "decrease", METRIC)]


def test_another_projects_mistakes_name_its_files(tmp_path: Path, sample_build: Path) -> None:
    """A metric that its list forgot, one of the package that it didn't switch off, a wrong one."""
    assert sample_build.is_file()  # and so the sample has been made
    project = user_project(tmp_path, listed=["obs_mine"])
    mine = project / "models" / "metrics" / "obs_mine.sql"
    mine.write_text(package_call("name='Mine', type='counts', " + EVENTS))
    forgotten = mine.with_name("obs_forgotten.sql")
    forgotten.write_text(package_call("name='Forgotten', type='count', " + EVENTS))
    said = " ".join(run_dbt(project, "run").stdout.split())
    assert "models/metrics/obs_forgotten.sql is not in the list of metrics." in said
    forgotten.unlink()
    said = " ".join(build_catalogue(project).stdout.split())
    assert "Metric in models/metrics/obs_mine.sql: 'type' is 'counts'" in said
    settings = project / "dbt_project.yml"
    settings.write_text(settings.read_text().replace("+enabled: false", "+enabled: true"))
    said = " ".join(run_dbt(project, "run").stdout.split())
    assert ".sql of the package experiment_metrics is not in the list of metrics." in said


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
    run = build_catalogue(project)
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        counted = connection.sql("select model_name, count(*) from dim_metrics group by all")
        counts = dict(counted.fetchall())
    assert {case: counts[f"obs_{case}"] for case in TUPLES} == {
        case: count for case, (_, count) in TUPLES.items()
    }
