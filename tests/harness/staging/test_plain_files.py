"""Two plain files give results: columns are recognised, types checked, rows accounted for."""

import csv
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_ROOT, run_build

EXAMPLE = PROJECT_ROOT / "examples" / "plain_files"
WEEK = ("--vars", "{attribution_window_hours: 168}")
EXPOSURES = "user_id,variant,exposure_ts\n1,control,2023-01-01 10:00\n2,b,2023-01-01 11:00\n"
EVENTS = "user_id,event,amount,event_ts\n1,purchase,30,2023-01-01 12:00\n"


def written(folder: Path, exposures: str = EXPOSURES, events: str = EVENTS) -> dict[str, str]:
    """Write a pair of CSV files; give the environment that names them."""
    folder.mkdir(exist_ok=True)
    (folder / "exposures.csv").write_text(exposures, encoding="utf-8")
    (folder / "events.csv").write_text(events, encoding="utf-8")
    return {
        "EXPOSURES": str(folder / "exposures.csv"),
        "EVENTS": str(folder / "events.csv"),
    }


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as its README says; give the published file."""
    path = tmp_path_factory.mktemp("plain") / "plain.duckdb"
    built = run_build(
        path,
        *WEEK,
        EXPOSURES=str(EXAMPLE / "exposures.csv"),
        EVENTS=str(EXAMPLE / "events.csv"),
    )
    assert built.returncode == 0, built.stderr
    assert "warning" not in built.stderr
    return path


def query(path: Path, sql: str) -> list[tuple]:
    """Ask a published file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_seven_rows_give_their_numbers(example: Path) -> None:
    """A user's first variation counts, and what is done in seven days from then."""
    rows = query(
        example,
        "select variation_name, metric_name, unit_count, observation_sum, round(metric_value, 4)"
        " from variation_metrics order by all",
    )
    assert rows == [
        ("control", "Purchase conversion rate", 3, 1, 0.3333),
        ("control", "Value per visitor", 3, 30, 10),
        ("variant", "Purchase conversion rate", 2, 1, 0.5),
        ("variant", "Value per visitor", 2, 50, 25),
    ]


def test_the_split_is_not_flagged(example: Path) -> None:
    """Three and two units are no sample ratio mismatch, and nothing invalidates the comparison."""
    failing = query(example, "select check_name from experiment_health where status = 'fail'")
    assert failing == []
    value = query(
        example,
        "select value from experiment_health where check_name = 'sample_ratio'",
    )
    assert value == [(None,)]
    results = query(
        example,
        "select distinct variation_name, reference_variation_name from experiment_results"
        " where status <> 'reference'",
    )
    assert results == [("variant", "control")]


def test_every_row_is_accounted_for(example: Path) -> None:
    """A second exposure and two events after the window are left out, and said to be."""
    rows = query(example, "select source_name, reason, row_count from excluded_rows order by all")
    assert rows == [("events", "after_window", 2), ("exposures", "repeat_exposure", 1)]
    counts = query(
        example,
        "select source_name, raw_row_count, used_row_count from source_row_counts order by 1",
    )
    assert counts == [("events", 8, 6), ("exposures", 6, 5)]


def test_parquet_and_mapped_columns_give_the_same(example: Path, tmp_path: Path) -> None:
    """Typed columns of other names, several files by a glob, ids that are numbers."""
    with duckdb.connect() as connection:
        read = "read_csv('{}', header = true)"
        exposures = read.format(EXAMPLE / "exposures.csv")
        for part, condition in enumerate(("user_id < 3", "user_id >= 3")):
            file = tmp_path / f"exposures_{part}.parquet"
            connection.execute(
                f"copy (select user_id as account, variant as arm, exposure_ts as seen"
                f" from {exposures} where {condition}) to '{file}'"
            )
        events = read.format(EXAMPLE / "events.csv")
        connection.execute(
            f"copy (select user_id as account, event, amount as price,"
            f" epoch_ms(event_ts) as happened from {events}) to '{tmp_path / 'events.parquet'}'"
        )
    path = tmp_path / "parquet.duckdb"
    built = run_build(
        path,
        "--vars",
        "{attribution_window_hours: 168, exposure_columns: {visitor_id: account, exposed_at: seen},"
        " event_columns: {visitor_id: account, occurred_at: happened}}",
        EXPOSURES=str(tmp_path / "exposures_*.parquet"),
        EVENTS=str(tmp_path / "events.parquet"),
    )
    assert built.returncode == 0, built.stderr
    same = "select * from variation_metrics order by all"
    assert query(path, same) == query(example, same)


def test_further_columns_are_attributes_and_copies_count_once(tmp_path: Path) -> None:
    """By them results are split; a row that came twice is one, an unreadable one is left out."""
    header = 'uid,experiment,variation_id,ts,country,"the ""plan""",user_agent\n'
    rows = [
        f"u{number},checkout,{'ab'[number % 2]},2023-01-01T0{number}:00:00Z,{country},,Mozilla\n"
        for number, country in enumerate(("DE", "DE", "DE", "DE", "", "", "", ""))
    ]
    environment = written(
        tmp_path, header + "".join([*rows, rows[0], ",checkout,a,2023-01-01,,,\n"])
    )
    path = tmp_path / "attributes.duckdb"
    built = run_build(
        path,
        "--vars",
        "{segments: [country], exposure_columns: {visitor_id: uid},"
        " baseline_variations: [a], metrics: [obs_purchase_conversion_rate]}",
        **environment,
    )
    assert built.returncode == 0, built.stderr
    assert query(
        path, "select attribute_name, count(*) from experiment_unit_attributes group by 1"
    ) == [("country", 4)]
    split = (
        "select distinct segment_value, variation_id, unit_count from variation_metrics_by_segment"
    )
    assert query(path, split + " order by all") == [
        ("(not set)", "a", 2),
        ("(not set)", "b", 2),
        ("DE", "a", 2),
        ("DE", "b", 2),
    ]
    left_out = (
        "select reason, row_count from excluded_rows where source_name = 'exposures' order by 1"
    )
    assert query(path, left_out) == [("duplicate_id", 1), ("missing_visitor_id", 1)]


def test_without_events_or_a_control_nothing_is_made_up(tmp_path: Path) -> None:
    """A build without events has its units; one without a reference says what to add."""
    environment = written(tmp_path, EXPOSURES.replace("control", "a"))
    path = tmp_path / "bare.duckdb"
    built = run_build(path, EXPOSURES=environment["EXPOSURES"])
    assert built.returncode == 0, built.stderr
    assert query(path, "select sum(unit_count) from dim_experiments") == [(2,)]
    (status, message), *_ = query(
        path,
        "select status, message from experiment_health where check_name = 'reference_variation'",
    )
    assert status == "fail"
    assert "say with which variation the others are compared" in message


BIG_EPOCH = "user_id,variant,exposure_ts\n1,control,1672531200\n"


@pytest.mark.parametrize(
    ("exposures", "events", "said"),
    [
        (
            "user_id,variant\n1,a\n",
            EVENTS,
            "exposures.csv is known as its exposed_at. It has: user_id, variant.",
        ),
        ("user_id,variant,exposure_ts\n", EVENTS, "exposures.csv has no row. Set EXPOSURES"),
        (
            EXPOSURES.replace("2023-01-01 11:00", "yesterday"),
            EVENTS,
            "exposures.csv holds 'yesterday' (1 of 2 values are like it), but must be a time",
        ),
        (
            BIG_EPOCH,
            EVENTS,
            "holds 1672531200, which is no time in epoch milliseconds but looks like seconds",
        ),
        (EXPOSURES, EVENTS.replace("30", "thirty"), "Column 'amount' of"),
        (
            EXPOSURES.replace("\n", ",1\n").replace("ts,1", "ts,id"),
            EVENTS,
            "exposures.csv is '1' in rows of different visitors: it is no id of rows",
        ),
        (
            EXPOSURES.replace("\n", ",perhaps\n").replace("ts,perhaps", "ts,is_bot"),
            EVENTS,
            "Column 'is_bot' of",
        ),
        (
            EXPOSURES,
            "user_id,amount,event_ts\n1,3,2023-01-01\n",
            "events.csv is known as its event_name",
        ),
    ],
)
def test_what_is_no_exposure_or_event_is_refused(
    tmp_path: Path, exposures: str, events: str, said: str
) -> None:
    """One line names file, column, what was found and what is wanted; nothing is published."""
    path = tmp_path / "refused.duckdb"
    built = run_build(path, is_parsed=True, **written(tmp_path, exposures, events))
    assert built.returncode == 1
    (line,) = [line for line in built.stderr.splitlines() if line.startswith("build failed")]
    assert said in line
    assert "Traceback" not in built.stderr
    assert not path.exists()


def test_a_missing_file_or_table_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere, a name that is no table, a mapped column that is not there."""
    environment = written(tmp_path)
    for changes, arguments, said in (
        ({"EXPOSURES": str(tmp_path / "no.csv")}, (), f"No file at {tmp_path / 'no.csv'}"),
        ({"EVENTS": "no_such_table"}, (), "no_such_table is neither a file"),
        (
            {},
            ("--vars", "{event_columns: {value: price}}"),
            "The var event_columns maps value to 'price'",
        ),
        ({}, ("--vars", "{event_columns: {prize: amount}}"), "The var 'event_columns' is"),
    ):
        given = {**environment, **changes}
        built = run_build(tmp_path / "refused.duckdb", *arguments, is_parsed=True, **given)
        assert built.returncode == 1
        assert said in built.stderr


def test_the_examples_files_are_as_shown() -> None:
    """What the README shows is what is there."""
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    with (EXAMPLE / "exposures.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 6
    assert "attribution_window_hours: 168" in text
