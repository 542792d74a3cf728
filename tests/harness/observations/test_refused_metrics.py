"""A metric that dbt or the database refuses stops the build, which publishes nothing."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT
from metric_files import OBSERVATIONS, add_metrics, call
from wrong_metrics import EVENTS

# What the database finds out: what a metric says, and the line that the build says of it.
REFUSED = {
    "unknown_column": (
        "type='sum', value='revenu'",
        "there is no column 'revenu' in experiment_events. Did you mean 'revenue'? It has: ",
    ),
    "no_sql": (
        "type='count', where='event_name equals 1'",
        "the database can't run the metric's SQL (where, value, …): ",
    ),
}


def project_build(
    project: Path, excluded: str = "test unit_test"
) -> subprocess.CompletedProcess[str]:
    """Run scripts/build as it is in a copy of the project; without tests, unless they are there."""
    shutil.copytree(PROJECT_ROOT / "scripts", project / "scripts")
    return subprocess.run(
        [PROJECT_ROOT / ".venv" / "bin" / "python", "-m", "pipeline.build"],
        env={
            **os.environ,
            "PYTHONPATH": str(project / "scripts"),
            "OPTIMIZELY_DATA_DIR": str(PROJECT_ROOT / "data" / "sample"),
            "WAREHOUSE_PATH": str(project / "published.duckdb"),
            "DBT_EXCLUDE_RESOURCE_TYPES": excluded,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def add_events_metrics(project: Path, arguments: Mapping[str, str]) -> None:
    """Add a metric of events for each case."""
    add_metrics(
        project,
        {
            f"obs_{case}": call(f"name='{case}', {EVENTS}{given}")
            for case, given in arguments.items()
        },
    )


@pytest.fixture(scope="module")
def refused_build(
    tmp_path_factory: pytest.TempPathFactory, sample_build: Path
) -> subprocess.CompletedProcess[str]:
    """Build a project with metrics that only the database can refuse."""
    assert sample_build.is_file()  # and so the sample has been made
    project = bare_project(tmp_path_factory.mktemp("refused") / "project")
    add_events_metrics(project, {case: arguments for case, (arguments, _) in REFUSED.items()})
    return project_build(project)


@pytest.mark.parametrize("case", REFUSED)
def test_the_build_says_what_the_database_refuses(
    refused_build: subprocess.CompletedProcess[str], case: str
) -> None:
    """One line names the file, and the column that its source lacks, with those that it has."""
    file = f"{OBSERVATIONS}/obs_{case}.sql"
    said = [line for line in refused_build.stderr.splitlines() if file in line]
    assert len(said) == 1, refused_build.stderr
    assert said[0].startswith(f"build failed: {file}: {REFUSED[case][1]}")


def test_a_refused_metric_publishes_nothing(
    refused_build: subprocess.CompletedProcess[str],
) -> None:
    """Only the two metrics fail; what depends on them is skipped, and the build says so."""
    assert refused_build.returncode == 1
    said = refused_build.stderr
    assert "Traceback" not in said
    assert said.count("build failed: ") == len(REFUSED)
    assert "models and tests after that were skipped." in said
    assert "Nothing was published" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("name='a' type='count'", "expected token ',', got 'type'"),
        ("name='a', type='count', default_value=1e999", "name 'inf' is not defined"),
    ],
)
def test_the_build_names_the_file_that_dbt_cannot_read(
    tmp_path: Path, arguments: str, said: str
) -> None:
    """What is no Jinja stops dbt before any model is checked; the one line names the file."""
    project = bare_project(tmp_path / "project")
    add_metrics(project, {"obs_unreadable": call(arguments)})
    run = project_build(project)
    assert run.returncode == 1
    file = f"{OBSERVATIONS}/obs_unreadable.sql"
    assert run.stderr.splitlines()[0].startswith(f"build failed: {file}: {said}")


def test_a_listed_metric_without_a_file_is_named(tmp_path: Path) -> None:
    """Nobody would look for it in the union, which dbt names."""
    project = bare_project(tmp_path / "project")
    add_metrics(project, {"obs_misspelt": call("name='a', type='count'")})
    (project / OBSERVATIONS / "obs_misspelt.sql").unlink()
    run = project_build(project)
    assert run.returncode == 1
    (said,) = [line for line in run.stderr.splitlines() if line.startswith("build failed")]
    assert (
        "dbt_project.yml: the var metrics lists 'obs_misspelt', but there is no models/observ"
        in said
    )


def test_metrics_without_a_use_or_a_row_warn(tmp_path: Path, sample_build: Path) -> None:
    """Their results would be missing, or the default for everybody, without a word."""
    assert sample_build.is_file()  # and so the sample has been made
    project = bare_project(tmp_path / "project")
    for folder in ("generic", "singular"):
        shutil.copytree(PROJECT_ROOT / "tests" / folder, project / "tests" / folder)
    add_events_metrics(
        project,
        {
            "unused": "type='count', tags=['nobody']",
            "silent": "type='count', tags=['shop'], where=\"event_name = 'purchse'\"",
        },
    )
    run = project_build(project, excluded="unit_test")
    assert run.returncode == 0, run.stderr
    for name, test in (("unused", "every_metric_is_used"), ("silent", "every_metric_has_rows")):
        # Lines that say how far it is name a test too.
        warnings = [line for line in run.stderr.splitlines() if line.startswith("warning: ")]
        (warning,) = [line for line in warnings if test in line]
        assert f"metric_name={name}" in warning


# What makes a value of events that is no finite number.
ENDLESS = {
    "not_a_number": "type='mean', value='revenue * 0.0 / 0'",
    "infinite": "type='sum', value='1 / 0'",
    "immense": "type='sum', value='1e200'",
    "infinite_covariate": "type='max', value='1 / 0', cuped=true",
    "infinite_denominator": (
        "type='ratio', numerator={'type': 'count'}, denominator={'type': 'sum', 'value': '1 / 0'}"
    ),
}


def test_a_value_without_an_end_stops_the_build(tmp_path: Path, sample_build: Path) -> None:
    """One line counts the metrics, names one and its file, and says what to do."""
    assert sample_build.is_file()  # and so the sample has been made
    project = bare_project(tmp_path / "project")
    for folder in ("generic", "singular"):
        shutil.copytree(PROJECT_ROOT / "tests" / folder, project / "tests" / folder)
    add_events_metrics(project, ENDLESS)
    run = project_build(project, excluded="unit_test")
    assert run.returncode == 1
    said = [line for line in run.stderr.splitlines() if line.startswith("build failed")]
    assert len(said) == 1, run.stderr
    assert "revenue / nullif(quantity, 0)" in said[0]
    assert f"[{len(ENDLESS)} row(s), the first: metric_file=" in said[0]
    assert any(
        f"metric_file={OBSERVATIONS}/obs_{case}.sql, metric_name={case}" in said[0]
        for case in ENDLESS
    )
