"""Columns of other types are read where that is exact, and else refused by column and file."""

import subprocess
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import PROJECT_ROOT, run_build, run_dbt
from small_exports import Row, decisions, events, write_export, write_rows

UNTYPED = {
    "decisions": ["attributes", "session_id", "user_agent", "process_timestamp"],
    "events": ["revenue", "value", "quantity", "tags", "entity_id", "event_type", "user_agent"],
}


def failure(built: subprocess.CompletedProcess[str]) -> str:
    """Give the one line of a build that failed."""
    assert built.returncode == 1, built.stdout + built.stderr
    assert "Traceback" not in built.stderr
    (line,) = [line for line in built.stderr.splitlines() if line.startswith("build failed")]
    return line


def query(path: Path, sql: str) -> list[tuple]:
    """Ask a published file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def with_values(rows: list[Row], **columns: object) -> list[Row]:
    """Give the rows with one value throughout a column."""
    return [{**row, **columns} for row in rows]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a good export, to be changed."""
    write_export(tmp_path / "export", decisions(), events())
    return tmp_path / "export"


def built(root: Path) -> subprocess.CompletedProcess[str]:
    """Build an export."""
    return run_build(root.parent / "em.duckdb", is_parsed=True, **named(root))


def named(root: Path) -> dict[str, str]:
    """Give the environment that names an export."""
    return {"OPTIMIZELY_DATA_DIR": str(root), "CALL_DATA_PATH": str(root / "calls.csv")}


def test_columns_without_a_type_are_empty(root: Path) -> None:
    """As if they had one; a second part that has types gives them theirs."""
    for kind, rows in (("decisions", decisions(40)), ("events", events(40))):
        part = root / f"type={kind}" / "part-0.parquet"
        columns = dict.fromkeys(UNTYPED[kind])
        write_rows(part, with_values(rows, **columns), columns)
    more = with_values(events()[14:], revenue=250.0, quantity=2, value=3)
    types = {"revenue": pa.float64(), "quantity": pa.int16(), "value": pa.int32()}
    write_rows(root / "type=events" / "part-1.parquet", more, types)
    write_rows(
        root / "type=decisions" / "part-1.parquet",
        with_values(decisions()[40:], attributes=[]),
        {"attributes": None},
    )
    path = root.parent / "em.duckdb"
    run = run_dbt(
        PROJECT_ROOT,
        *("build", "--select", "+experiment_events", "+experiment_unit_attributes"),
        *("--indirect-selection", "cautious", "--target-path", str(root / "target")),
        **named(root),
        DBT_DUCKDB_PATH=str(path),
        DBT_LOG_PATH=str(root / "logs"),
    )
    assert run.returncode == 0, run.stdout
    assert query(
        path, "select count(*), sum(revenue), sum(value), sum(quantity) from experiment_events"
    ) == [(20, 6 * 250, 18, 12)]
    assert query(path, "select count(*) from experiment_unit_attributes") == [(0,)]


@pytest.mark.parametrize(
    ("place", "value", "type_", "said"),
    [
        (
            ("events", "revenue"),
            19.99,
            pa.float64(),
            "holds '19.99' (20 of 20 values are like it), but must be a whole number. Write whole",
        ),
        (("events", "quantity"), "two", pa.string(), "holds 'two' (20 of 20 values are like it)"),
        (
            ("decisions", "experiment_id"),
            12.5,
            pa.float64(),
            "holds 12.5 (60 of 60 values are like it), which is no id: it has a fraction",
        ),
        (("decisions", "attributes"), "[]", pa.string(), "is VARCHAR in"),
    ],
)
def test_what_can_not_be_read_exactly_is_refused(
    root: Path, place: tuple[str, str], value: object, type_: pa.DataType, said: str
) -> None:
    """By column, file and an example; nothing is published."""
    kind, column = place
    rows = with_values({"decisions": decisions(), "events": events()}[kind], **{column: value})
    part = root / f"type={kind}" / "part-0.parquet"
    write_rows(part, rows, {column: type_})
    line = failure(built(root))
    assert f"'{column}'" in line
    assert str(part) in line
    assert said in line
    assert not (root.parent / "em.duckdb").exists()


def test_a_nested_field_that_a_part_lacks_is_named(root: Path) -> None:
    """A part whose attributes have no value would have them all null."""
    part = root / "type=decisions" / "part-1.parquet"
    write_rows(part, [{**row, "uuid": f"x{row['uuid']}"} for row in decisions(6)])
    table = pq.read_table(part, partitioning=None)
    fewer = pa.array([[{"id": "1", "name": "browser", "type": "custom"}]] * 6)
    index = table.schema.get_field_index("attributes")
    pq.write_table(table.set_column(index, "attributes", fewer), part)
    line = failure(built(root))
    assert f"Missing field 'value' of the column 'attributes' in {part}" in line
    assert "have: id, name, type. Attributes need: name, type, value." in line


def test_ids_that_are_numbers_with_a_zero_fraction_are_whole(tmp_path: Path) -> None:
    """A frame with a missing value has made 12.0 of 12; the other file still says 12."""
    exposures = pa.table(
        {
            "user_id": pa.array([1.0, 2.0, None]),
            "variant": ["control", "b", "b"],
            "exposure_ts": ["2025-03-03 12:00:00"] * 3,
        }
    )
    pq.write_table(exposures, tmp_path / "exposures.parquet")
    (tmp_path / "events.csv").write_text(
        "user_id,event,event_ts\n1,purchase,2025-03-03 13:00:00\n2,purchase,2025-03-03 13:00:00\n"
    )
    environment = {
        "EXPOSURES": str(tmp_path / "exposures.parquet"),
        "EVENTS": str(tmp_path / "events.csv"),
    }
    path = tmp_path / "em.duckdb"
    run = run_build(path, **environment)
    assert run.returncode == 0, run.stderr
    assert query(path, "select unit_id from experiment_events order by 1") == [("1",), ("2",)]
    exposures = exposures.set_column(0, "user_id", pa.array([1.5, 2.0, 2.0]))
    pq.write_table(exposures, tmp_path / "exposures.parquet")
    line = failure(run_build(path, is_parsed=True, **environment))
    assert f"Column 'user_id' of {environment['EXPOSURES']} holds 1.5 (1 of 3 values" in line


def test_a_file_of_a_glob_with_another_header_is_named(tmp_path: Path) -> None:
    """Its rows would be without a visitor, and so left out."""
    for name, header in (("1", "user_id"), ("2", "visitor")):
        (tmp_path / f"exposures_{name}.csv").write_text(
            f"{header},variant,exposure_ts\n{name},control,2025-03-03 12:00:00\n"
        )
    given = {"EXPOSURES": str(tmp_path / "exposures_*.csv")}
    line = failure(run_build(tmp_path / "em.duckdb", is_parsed=True, **given))
    assert f"{tmp_path}/exposures_2.csv lacks user_id, which other files of" in line
    assert "It has: visitor, variant, exposure_ts. Give all files the same columns." in line
