"""CSV files that could be misread are read as they are declared to be, or refused by their line."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from input_checks import InputChecks

Data = str | bytes
EXPOSURES = "user_id,variant,exposure_ts\n1,control,2023-01-01 10:00\n2,b,2023-01-01 11:00\n"
EVENTS = "user_id,event,amount,event_ts\n1,purchase,30,2023-01-01 12:00\n"
CALLS = "user_id,call_start,call_duration_min\na,9/15/2020 23:00:00,1.5\n"


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> InputChecks:
    """Parse the project once; its export is good."""
    return InputChecks(tmp_path_factory.mktemp("checks"))


def plain(folder: Path, exposures: Data = EXPOSURES, events: Data = EVENTS) -> dict:
    """Write plain files; give the environment that names them."""
    for name, data in (("exposures", exposures), ("events", events)):
        encoded = data.encode() if isinstance(data, str) else data
        (folder / f"{name}.csv").write_bytes(encoded)
    return {
        "EXPOSURES": str(folder / "exposures.csv"),
        "EVENTS": str(folder / "events.csv"),
        "CALL_DATA_PATH": "",
    }


def problem(checks: InputChecks, settings: dict) -> str | None:
    """Give the line by which files are refused; none where they are read without a word."""
    report = checks.found(**settings)
    assert report.warnings == []
    assert len(report.failures) <= 1
    return report.failures[0] if report.failures else None


SEMICOLONS = EXPOSURES.replace(",", ";")
GERMAN = "user_id;event;amount;event_ts\n1;Kauf;19,99;2023-01-01 12:00\n"
UMLAUTS = EXPOSURES.replace("control", "für")


@pytest.mark.parametrize(
    ("exposures", "events", "settings"),
    [
        (EXPOSURES, EVENTS, {}),
        (SEMICOLONS, EVENTS, {}),
        (EXPOSURES.replace(",", "\t"), EVENTS.replace(",", "|"), {}),
        (f"\ufeff{EXPOSURES}".replace("\n", "\r\n"), EVENTS, {}),
        ('"user_id","variant","exposure_ts","a, b"\n1,control,2023-01-01,"x, y"\n', EVENTS, {}),
        ("exposure_ts,variant,user_id\n2023-01-01,control,1\n", EVENTS, {}),
        (SEMICOLONS, GERMAN, {"csv_decimal": ","}),
        (UMLAUTS.encode("latin-1"), EVENTS, {"csv_encoding": "latin-1"}),
        (UMLAUTS.encode("utf-16"), EVENTS.encode("utf-16"), {"csv_encoding": "utf-16"}),
        (
            EXPOSURES.replace("2023-01-01", "1/31/2023"),
            EVENTS,
            {"plain_date_format": "month_first"},
        ),
        (EXPOSURES.replace("2023-01-01", "31.1.2023"), EVENTS, {"plain_date_format": "day_first"}),
    ],
)
def test_files_are_read_as_they_are_declared(
    checks: InputChecks, tmp_path: Path, exposures: Data, events: Data, settings: dict
) -> None:
    """What separates cells is plain from the first line; all else is said by vars."""
    assert problem(checks, {**plain(tmp_path, exposures, events), **settings}) is None


@pytest.mark.parametrize(
    ("exposures", "events", "said"),
    [
        (EXPOSURES + "3,b\n", EVENTS, "Line 4 of {}/exposures.csv can't be read (missing columns)"),
        (EXPOSURES + "3,b,2023-01-01,x\n", EVENTS, "Line 4 of {}/exposures.csv can't be read (too"),
        (UMLAUTS.encode("latin-1"), EVENTS, "Line 2 of {}/exposures.csv can't be read (invalid"),
        (EXPOSURES.replace("a", "ä").encode("latin-1"), EVENTS, "Line 1 of {}/exposures.csv can't"),
        (EXPOSURES.encode("utf-16"), EVENTS, "Line 1 of {}/exposures.csv can't be read (invalid"),
        ("", EVENTS, "{}/exposures.csv has no row"),
        (
            EXPOSURES.replace("ts\n", "ts,User_Id\n").replace("0\n", "0,9\n"),
            EVENTS,
            "'user_id' twice",
        ),
        (EXPOSURES, EVENTS.replace("30", '"19,99"'), "set the var csv_decimal"),
        (EXPOSURES.replace("2023-01-01", "03/04/2023"), EVENTS, "plain_date_format"),
        (EXPOSURES.replace("2023-01-01 10:00", "44927"), EVENTS, "no time in epoch milliseconds"),
    ],
)
def test_what_could_be_misread_is_refused(
    checks: InputChecks, tmp_path: Path, exposures: Data, events: Data, said: str
) -> None:
    """By line or column, with an example and what to do."""
    line = problem(checks, plain(tmp_path, exposures, events))
    assert line is not None
    assert said.format(tmp_path) in line


def test_lines_say_what_is_wanted(checks: InputChecks, tmp_path: Path) -> None:
    """And not what stands in the line, which may be about somebody."""
    assert problem(checks, plain(tmp_path, SEMICOLONS + "3;b\n")) == (
        f"Line 4 of {tmp_path}/exposures.csv can't be read (missing columns). Each line must have"
        " the columns of the first: user_id, variant, exposure_ts, separated by semicolons, in"
        " UTF-8. The vars csv_delimiter and csv_encoding say otherwise."
    )


SOMEBODY = "qqcanary"
BROKEN = {
    "too few cells": f"{SOMEBODY},x\n".encode(),
    "too many": f"3,b,2023-01-01,{SOMEBODY}\n".encode(),
    "another encoding": f"{SOMEBODY}ü,b,2023-01-01\n".encode("latin-1"),
    "a quote that stays open": f'"{SOMEBODY},b,2023-01-01\n'.encode(),
    "text after a quote": f'"{SOMEBODY}"x,b,2023-01-01\n'.encode(),
    "a carriage return": f"{SOMEBODY}\r3,b,2023-01-01\n".encode(),
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=list(BROKEN))
def test_a_line_that_cant_be_read_is_not_shown(
    checks: InputChecks, tmp_path: Path, line: bytes
) -> None:
    """Neither by the build nor in what dbt leaves: it may be about somebody."""
    said = problem(checks, plain(tmp_path, EXPOSURES.encode() + line))
    assert said is not None
    assert SOMEBODY not in said
    assert checks.left(SOMEBODY) == []


def test_a_row_is_not_shown_for_a_header_that_cant_be_read(
    checks: InputChecks, tmp_path: Path
) -> None:
    """The first line that can be read is somebody's."""
    data = f"user_ïd,variant,exposure_ts\n{SOMEBODY},b,2023-01-01\n".encode("latin-1")
    said = problem(checks, plain(tmp_path, data))
    assert said == (
        f"Line 1 of {tmp_path}/exposures.csv can't be read (invalid encoding). It must have the"
        " names of the columns, separated by commas, in UTF-8. The vars csv_delimiter and"
        " csv_encoding say otherwise."
    )
    assert checks.left(SOMEBODY) == []


def test_a_seeds_line_is_not_shown(checks: InputChecks) -> None:
    """DuckDB would quote it, as it loads the seed."""
    with checks.seed("call_data", f"{CALLS}{SOMEBODY},9/15/2020 23:00:00\n"):
        said = problem(checks, {})
    assert said is not None
    assert "call_data.csv can't be read (missing columns). Each line must have" in said
    assert said.endswith("separated by commas, in UTF-8.")
    assert checks.left(SOMEBODY) == []


def test_one_of_several_files_is_named(checks: InputChecks, tmp_path: Path) -> None:
    """Each is held to its own first line."""
    settings = plain(tmp_path)
    (tmp_path / "exposures_2.csv").write_text(EXPOSURES + "3\n")
    settings["EXPOSURES"] = str(tmp_path / "exposures*.csv")
    line = problem(checks, settings)
    assert line is not None
    assert line.startswith(f"Line 4 of {tmp_path}/exposures_2.csv can't be read")


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        (CALLS, {}, None),
        (CALLS.replace(",", ";").replace("1.5", "1,5"), {"csv_delimiter": "semicolon"}, None),
        (CALLS.replace(",", ";"), {}, "call_duration_min, separated by commas; the vars"),
        (CALLS, {"csv_delimiter": "colon"}, "must be one of: auto, comma, semicolon, tab, bar."),
        (CALLS, {"call_time_zone": "Berlin"}, "must be a time zone such as Europe/Berlin"),
        (CALLS, {"call_date_format": "german"}, "one of: month_first, day_first, iso."),
    ],
)
def test_call_records_are_declared_alike(
    checks: InputChecks, tmp_path: Path, text: str, settings: dict, said: str | None
) -> None:
    """They have commas unless it is said otherwise."""
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    line = problem(checks, {"CALL_DATA_PATH": path, **settings})
    assert line == said if said is None else said in str(line)


NEW_YORK = {"call_time_zone": "America/New_York", "plain_time_zone": "America/New_York"}


@pytest.mark.parametrize(
    ("macro", "settings", "times"),
    [
        (
            "call_timestamp",
            {},
            {
                "3/4/2024 10:00:00": "2024-03-04 10:00:00",
                "16/4/2024 10:00:00": None,
                "9/15/20 10:00:00": None,
                "2024-03-04 10:00:00": None,
                "44089.5": None,
            },
        ),
        (
            "call_timestamp",
            {"call_date_format": "day_first"},
            {"3/4/2024 10:00:00": "2024-04-03 10:00:00", "3/16/2024 10:00:00": None},
        ),
        (
            "call_timestamp",
            {"call_date_format": "iso", **NEW_YORK},
            {
                "2024-07-01 10:00:00": "2024-07-01 14:00:00",
                "2024-01-01T10:00:00": "2024-01-01 15:00:00",
                "2024-07-01 10:00:00+02": "2024-07-01 08:00:00",
                "2024-07-01T10:00:00Z": "2024-07-01 10:00:00",
                # An hour that there was not, and one that came twice.
                "2024-03-10 02:30:00": None,
                "2024-11-03 01:30:00": "2024-11-03 06:30:00",
                "7/1/2024 10:00:00": None,
            },
        ),
        (
            "call_timestamp",
            NEW_YORK,
            {"7/1/2024 10:00:00": "2024-07-01 14:00:00", "3/10/2024 2:30:00": None},
        ),
        (
            "plain_timestamp",
            {},
            {"2024-07-01 10:00": "2024-07-01 10:00:00", "7/1/2024": None, "1.7.2024": None},
        ),
        (
            "plain_timestamp",
            {"plain_date_format": "day_first", **NEW_YORK},
            {
                "1.7.2024": "2024-07-01 04:00:00",
                "1/7/2024 9:05": "2024-07-01 13:05:00",
                "2024-07-01": "2024-07-01 04:00:00",
                "1719828000000": "2024-07-01 10:00:00",
                "31/11/2024": None,
                "7/16/2024": None,
                "1/7/24": None,
            },
        ),
    ],
)
def test_times_are_read_as_they_are_declared(
    checks: InputChecks, macro: str, settings: dict, times: dict[str, str | None]
) -> None:
    """In one form and zone; whatever is of another form is no time, and is refused or counted."""
    expression = checks.rendered(f"{{{{ {macro}('text') }}}}", **settings)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        read = {
            text: connection.execute(
                f"select {expression} from (select cast(? as varchar) as text)",
                [text],
            ).fetchall()[0][0]
            for text in times
        }
    assert read == {
        text: None if time is None else datetime.fromisoformat(time) for text, time in times.items()
    }
