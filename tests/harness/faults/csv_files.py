"""Faults of CSV files: dates, headers, encodings, lines, keys."""

from dataclasses import replace

from faults.fault import Fault
from faults.files import rounded
from faults.golden import EXPERIMENTS, golden_world
from faults.lab import Lab
from oracle.raw import Call

FILES = "staging/test_csv_files.py"
CALLS = "staging/test_calls.py"


def a_totals_line(lab: Lab) -> None:
    """Count it, and leave the numbers as they are without it."""
    world = golden_world()
    seen = lab.look(replace(world, calls=(*world.calls, Call("Total", None, "30"))))
    for experiment in EXPERIMENTS:
        assert rounded(seen.numbers(experiment)) == rounded(lab.golden.numbers(experiment))
    assert seen.reasons("calls") == {**lab.golden.reasons("calls"), "unreadable_call_start": 1}


def long_id(visitor: str) -> str:
    """Give an id of 23 digits for a visitor; neighbours differ in the last ones alone."""
    number = int(visitor[1]) * 100 + int(visitor[-2:]) if visitor[0] == "e" else 999
    return str(12345678901234567890000 + number)


def long_ids(lab: Lab) -> None:
    """Those that a number of 64 bits can't tell apart, in the export and in call records."""
    world = golden_world()
    seen = lab.look(
        replace(
            world,
            decisions=tuple(
                replace(row, visitor_id=long_id(row.visitor_id)) for row in world.decisions
            ),
            events=tuple(replace(row, visitor_id=long_id(row.visitor_id)) for row in world.events),
            calls=tuple(replace(row, user_id=long_id(row.user_id)) for row in world.calls),
        )
    )
    for table in ("variation_metrics", "experiment_results", "excluded_rows"):
        renamed = [{**row, "example_id": None} for row in seen.tables[table]]
        given = [{**row, "example_id": None} for row in lab.golden.tables[table]]
        assert rounded(renamed) == rounded(given)
    assert {row["unit_id"] for row in seen.tables["experiment_units"]} == {
        long_id(row["unit_id"]) for row in lab.golden.tables["experiment_units"]
    }


FAULTS = (
    Fault(
        44,
        "ambiguous-dates",
        "03/04/2024 may be March or April",
        "month first in call records unless declared; in plain files the build stops"
        " unless it is declared",
        proved_by=(
            f"{FILES}::test_times_are_read_as_they_are_declared",
            f"{FILES}::test_what_could_be_misread_is_refused",
        ),
    ),
    Fault(
        45,
        "mixed-dates",
        "Dates in several forms, years of two digits, serial numbers",
        "the build stops and shows one",
        proved_by=(
            f"{FILES}::test_times_are_read_as_they_are_declared",
            f"{FILES}::test_what_could_be_misread_is_refused",
            f"{CALLS}::test_what_cant_be_right_is_found",
        ),
    ),
    Fault(
        46,
        "no-time-zone",
        "Times have no zone, and an hour that comes twice or never",
        "UTC unless declared; an hour that never was is no time, of one that comes twice"
        " the second is meant",
        proved_by=(
            f"{FILES}::test_times_are_read_as_they_are_declared",
            f"{FILES}::test_call_records_are_declared_alike",
        ),
    ),
    Fault(
        47,
        "ragged-lines",
        "A line has more or fewer cells than the first",
        "the build stops and names the line",
        proved_by=(
            f"{FILES}::test_what_could_be_misread_is_refused",
            f"{FILES}::test_lines_say_what_is_wanted",
            f"{FILES}::test_one_of_several_files_is_named",
            f"{CALLS}::test_a_file_that_cant_be_read_is_refused",
        ),
    ),
    Fault(
        48,
        "empty-file",
        "The file is empty",
        "the build stops and names it",
        proved_by=(
            f"{FILES}::test_what_could_be_misread_is_refused",
            f"{CALLS}::test_a_file_that_cant_be_read_is_refused",
        ),
    ),
    Fault(
        49,
        "reordered-columns",
        "The columns come in another order",
        "they are known by their names",
        proved_by=(
            f"{FILES}::test_files_are_read_as_they_are_declared",
            "pipeline/test_metamorphic.py::test_order_and_files_change_nothing",
        ),
    ),
    Fault(
        50,
        "column-twice",
        "Two columns have one name",
        "the build stops and names it",
        proved_by=(
            f"{FILES}::test_what_could_be_misread_is_refused",
            f"{CALLS}::test_a_file_that_cant_be_read_is_refused",
        ),
    ),
    Fault(
        51,
        "other-encoding",
        "Another encoding, a byte order mark, semicolons, decimal commas",
        "declared, or the build stops",
        proved_by=(
            f"{FILES}::test_files_are_read_as_they_are_declared",
            f"{FILES}::test_what_could_be_misread_is_refused",
            f"{FILES}::test_call_records_are_declared_alike",
            f"{CALLS}::test_records_in_other_forms_are_read",
        ),
    ),
    Fault(
        52,
        "totals-line",
        "The last line is a total",
        "it is left out and counted; the build stops where more than one record in a"
        " thousand is like it",
        check=a_totals_line,
        proved_by=(f"{CALLS}::test_what_cant_be_right_is_found",),
    ),
    Fault(
        53,
        "long-ids",
        "Ids of 23 digits",
        "they are text",
        check=long_ids,
    ),
    Fault(
        54,
        "few-matches",
        "Few or no records are of exposed visitors",
        "few warn; none stops the build",
        proved_by=(
            f"{CALLS}::test_what_cant_be_right_is_found",
            "health/test_health_worlds.py::test_events_that_belong_to_nobody_are_found",
        ),
    ),
    Fault(
        55,
        "keys-twice",
        "A key that should be one is there twice",
        "the build stops and shows it",
        proved_by=(
            f"{CALLS}::test_what_cant_be_right_is_found",
            "observations/test_outcome_keys.py::test_a_key_that_is_none_fails_its_model",
        ),
    ),
)
