"""A mistake in a metric's file stops the build and names the file and what is allowed."""

from pathlib import Path

import pytest
from conftest import PROJECT_ROOT, run_dbt

OBSERVATIONS = Path("models/observations")
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


def test_a_file_that_the_list_lacks_stops_the_build(project_copy: Path) -> None:
    """The forgotten line is asked for by name, before anything is built."""
    file = project_copy / OBSERVATIONS / "obs_forgotten.sql"
    file.write_text(TEXT.replace("Purchase conversion", "Forgotten"))
    said = refusal(project_copy, "obs_forgotten", "build")
    assert "Add 'obs_forgotten' to macros/metrics/metric_models.sql" in said
    assert "OK created" not in said


def test_two_metrics_of_one_name_stop_the_build(project_copy: Path) -> None:
    """Both files are named."""
    (project_copy / OBSERVATIONS / "obs_twin.sql").write_text(TEXT)
    metrics = project_copy / "macros" / "metrics" / "metric_models.sql"
    listed = metrics.read_text().replace(f"'{METRIC}',", f"'{METRIC}', 'obs_twin',")
    metrics.write_text(listed)
    said = refusal(project_copy, "obs_twin", "build")
    assert "Two metrics are named 'Purchase conversion rate'" in said
    assert METRIC in said


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("where=", "wehre=", "unknown argument 'wehre'. Did you mean 'where'?"),
        ("type='conversion'", "type='median'", "must be one of: conversion, count, sum"),
        ("type='conversion'", "type='sum'", "'value' is missing"),
        ("name='Purchase conversion rate',", "", "'name' is missing"),
        ("type=", "direction='up', type=", "must be one of: increase, decrease"),
        ("type=", "window_hours=-1, type=", "'window_hours' must be a number above 0"),
    ],
)
def test_a_wrong_argument_fails_its_own_metric(
    project_copy: Path, right: str, wrong: str, message: str
) -> None:
    """The project can still be parsed and listed: only the metric itself fails."""
    assert right in TEXT
    (project_copy / OBSERVATIONS / f"{METRIC}.sql").write_text(TEXT.replace(right, wrong))
    assert message in refusal(project_copy, METRIC, "compile", "--select", METRIC)
