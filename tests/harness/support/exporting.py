"""Small published files to export, and the command that exports them."""

import os
import subprocess
from datetime import datetime
from pathlib import Path

import duckdb
from pipeline.export_results import RESULTS

COMMAND = Path(__file__).resolve().parents[3] / "scripts" / "export_datasets"


def make_warehouse(path: Path, experiment_ids: list[str], event_names: list[str | None]) -> Path:
    """Make a file with the public columns: a unit per experiment, an event per name; no results."""
    at = datetime(2020, 9, 14, 23, 59, 59, 999000)  # noqa: DTZ001 - as the build has it: UTC, unsaid
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table experiment_units (experiment_id varchar, unit_id varchar,"
            " exposed_at timestamp, is_crossover boolean)"
        )
        connection.execute(
            "create table experiment_events (experiment_id varchar, unit_id varchar,"
            " event_id varchar, occurred_at timestamp, event_name varchar, revenue bigint,"
            " value double, tags map(varchar, varchar))"
        )
        connection.execute(
            "create table fct_metric_observations (experiment_id varchar, unit_id varchar,"
            " metric_name varchar, exposed_at timestamp, observation double)"
        )
        for table in RESULTS:
            connection.execute(f"create table {table} (experiment_id varchar)")
        for experiment in experiment_ids:
            unit = f"unit of {experiment}"
            connection.execute(
                "insert into experiment_units values (?, ?, ?, true)", [experiment, unit, at]
            )
            connection.execute(
                "insert into fct_metric_observations values (?, ?, 'Pages / visit', ?, 0.1)",
                [experiment, unit, at],
            )
            for number, name in enumerate(event_names):
                connection.execute(
                    "insert into experiment_events"
                    " values (?, ?, ?, ?, ?, -5, null, map {'a': ?, 'b': null})",
                    [experiment, unit, str(number), at, name, experiment],
                )
    return path


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
