"""Times in another unit than they are read in stop the build, by whatever door they come."""

import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from conftest import copy_project, run_build, run_dbt
from small_exports import Row, decisions, events, write_export, write_rows

Change = Callable[[datetime], object]


def epoch(factor: float) -> Change:
    """Write a time as a whole number of units, of which a second has so many."""
    return lambda at: round(at.timestamp() * factor)


def changed(rows: list[Row], column: str, change: Change) -> list[Row]:
    """Give the rows with other times in a column."""
    return [{**row, column: change(row[column])} for row in rows]


def failure(built: subprocess.CompletedProcess[str]) -> str:
    """Give the one line of a build that failed."""
    assert built.returncode == 1, built.stdout + built.stderr
    assert "Traceback" not in built.stderr
    (line,) = [line for line in built.stderr.splitlines() if line.startswith("build failed")]
    return line


@pytest.mark.parametrize(
    ("place", "change", "type_", "said"),
    [
        (
            ("decisions", "timestamp"),
            epoch(1),
            pa.int64(),
            "1741003200, which is no time in epoch milliseconds but looks like seconds (60 of 60",
        ),
        (("events", "timestamp"), epoch(1e6), pa.int64(), "but looks like microseconds (20 of 20"),
        (("events", "process_timestamp"), epoch(1e9), pa.int64(), "but looks like nanoseconds"),
        (("events", "timestamp"), lambda at: f"{at:%Y%m%d%H%M%S}", pa.string(), "20250303130000, "),
        (("decisions", "timestamp"), lambda at: f"{at:%d.%m.%Y}", pa.string(), "'03.03.2025' (60"),
        (
            ("decisions", "timestamp"),
            epoch(1),
            pa.timestamp("ms"),
            "1970-01-21 03:36:43.2 (60 of 60 values can't be read), but must be a time from 1990",
        ),
    ],
)
def test_an_exports_times_in_another_unit_are_refused(
    tmp_path: Path, place: tuple[str, str], change: Change, type_: pa.DataType, said: str
) -> None:
    """One line says column, file, an example and what to do; nothing is published."""
    kind, column = place
    root = tmp_path / "export"
    rows = {"decisions": decisions(), "events": events()}
    environment = write_export(root, rows["decisions"], rows["events"])
    part = root / f"type={kind}" / "part-0.parquet"
    write_rows(part, changed(rows[kind], column, change), {column: type_})
    line = failure(run_build(tmp_path / "em.duckdb", is_parsed=True, **environment))
    assert f"Column '{column}' of {part} holds " in line
    assert said in line
    assert not (tmp_path / "em.duckdb").exists()


@pytest.mark.parametrize("part", ["exposures", "events"])
def test_plain_times_in_another_unit_name_their_file(tmp_path: Path, part: str) -> None:
    """Of a glob the file that has them; timestamps that were read wrongly are found as well."""
    for number, time in enumerate(("2025-03-03 12:00:00", "57141-02-15 00:00:00")):
        (tmp_path / f"exposures_{number}.csv").write_text(
            f"user_id,variant,exposure_ts\nu{number},a,{time}\n"
        )
        (tmp_path / f"events_{number}.csv").write_text(
            f"user_id,event,event_ts\nu{number},purchase,{time}\n"
        )
    environment = {
        name.upper(): str(tmp_path / (f"{name}_*.csv" if name == part else f"{name}_0.csv"))
        for name in ("exposures", "events")
    }
    line = failure(run_build(tmp_path / "em.duckdb", is_parsed=True, **environment))
    assert f"of {tmp_path}/{part}_1.csv holds 57141-02-15 00:00:00 (1 of 2 values" in line


OWN_MODELS = {
    "exposures": "select 'd' || n as exposure_id, 'e1' as experiment_id, 'a' as variation_id,"
    " 'v' || n as visitor_id, {time} as exposed_at from range(3) as rows (n)",
    "events": "select 'p' || n as event_id, 'v' || n as visitor_id, 'purchase' as event_name,"
    " timestamp '2025-03-03' as occurred_at, {time} as processed_at from range(3) as rows (n)",
    "calls": "select 'c' || n as call_id, 'v' || n as visitor_id, 1.5 as call_duration_min,"
    " {time} as occurred_at from range(3) as rows (n)",
}


def test_times_of_ones_own_models_are_refused(tmp_path: Path) -> None:
    """By model, column and example, whatever the door; good ones are none of these."""
    project = copy_project(tmp_path / "project")
    wrong = {"exposures": "1741003200", "events": "'soon'", "calls": "timestamp '1970-01-21'"}
    variables = {}
    for door, sql in OWN_MODELS.items():
        for name, time in (("wrong", wrong[door]), ("right", "1741003200000")):
            (project / "models" / "staging" / f"{name}_{door}.sql").write_text(
                sql.format(time=time)
            )
        variables[f"{door[:-1]}_models"] = [f"wrong_{door}", f"right_{door}"]
    run = run_dbt(
        project,
        *("build", "--select", "wrong_exposures+1", "right_exposures", "wrong_events"),
        *("right_events", "wrong_calls", "right_calls", "every_time_is_readable"),
        *("--vars", json.dumps(variables), "--store-failures"),
    )
    assert run.returncode == 1, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        found = connection.sql(
            "select * from main_dbt_test__audit.every_time_is_readable order by all"
        ).fetchall()
    assert found == [
        ("wrong_calls", "occurred_at", "1970-01-21 00:00:00", 3, 3),
        ("wrong_events", "processed_at", "soon", 3, 3),
        ("wrong_exposures", "exposed_at", "1741003200", 3, 3),
    ]
