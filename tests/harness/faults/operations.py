"""Faults of machines and of how the project is run."""

import os
import random
import re
import time
from dataclasses import replace
from unittest import mock

from faults.fault import Fault
from faults.golden import golden_world
from faults.lab import Lab
from faults.worlds_changed import FIRST, OTHER, assert_unaffected

BUILD = "commands/test_build_command.py"
PUBLISHING = "commands/test_publishing.py"
FETCHING = "fetching/test_load_faults.py"
INCREMENTS = "incremental builds"
CLOCK = re.compile(
    r"\b(now|today|get_current_\w+|current_localtime\w*)\s*\(|\bcurrent_(date|time|timestamp)\b"
)


def nothing_selected(lab: Lab) -> None:
    """Select what there is not."""
    lab.refused("--select", "no_such_model", said="no_such_model")


def rerun(lab: Lab) -> None:
    """Run the same again, and again with the rows in another order."""
    assert lab.look().tables == lab.golden.tables
    world = golden_world()
    order = random.Random(1)  # noqa: S311 - the order is no secret
    shuffled = {
        name: tuple(order.sample(getattr(world, name), len(getattr(world, name))))
        for name in ("decisions", "events", "calls", "named_variations")
    }
    assert_unaffected(lab, lab.look(replace(world, **shuffled)), FIRST, OTHER)


def machine_zone(lab: Lab) -> None:
    """Let the machine be in Tokyo, and speak French."""
    try:
        with mock.patch.dict(os.environ, {"TZ": "Asia/Tokyo", "LC_ALL": "fr_FR.UTF-8"}):
            time.tzset()
            seen = lab.look()
    finally:
        time.tzset()
    assert seen.tables == lab.golden.tables


def wall_clock(lab: Lab) -> None:
    """Look for a clock in the SQL of every model."""
    texts = lab.project.texts()
    assert len(texts) > 100
    assert [name for name, text in texts.items() if CLOCK.search(text.lower())] == []
    assert CLOCK.search("select now()")
    assert CLOCK.search("where day < current_date")


def wrong_surroundings(lab: Lab) -> None:
    """Name a target that there is not, an export that there is not, a place that can't be."""
    ran = lab.build("--target", "nowhere")
    assert ran.code != 0
    assert ran.kept
    (problem,) = ran.problems
    assert "nowhere" in problem
    assert "Traceback" not in ran.stderr


FAULTS = (
    Fault(
        68,
        "no-rows",
        "There is not one row",
        "the build fails",
        proved_by=(f"{BUILD}::test_an_export_without_any_unit_is_refused",),
    ),
    Fault(
        69,
        "nothing-selected",
        "A selection matches nothing",
        "the build fails and says so",
        check=nothing_selected,
    ),
    Fault(
        70,
        "failing-test",
        "A test fails after tables were built",
        "what was published stays",
        proved_by=(
            f"{BUILD}::test_an_unreadable_call_is_refused",
            f"{BUILD}::test_an_export_without_any_unit_is_refused",
        ),
    ),
    Fault(
        71,
        "kill",
        "The build is killed at any moment",
        "the old file or the new one, whole",
        proved_by=(
            f"{PUBLISHING}::test_a_hundred_kills_leave_the_old_file_or_the_new",
            f"{PUBLISHING}::test_a_kill_at_any_step_leaves_the_old_file_or_the_new",
            f"{PUBLISHING}::test_a_killed_build_is_repaired_by_the_next",
        ),
    ),
    Fault(
        72,
        "full-disk",
        "The disk fills up",
        "the build fails, and what was published stays",
        proved_by=(
            f"{PUBLISHING}::test_a_full_disk_leaves_what_was_published",
            f"{PUBLISHING}::test_a_limited_file_leaves_what_was_published",
        ),
    ),
    Fault(
        73,
        "two-builds",
        "Two builds of one file at once",
        "the second says so in a line and ends",
        proved_by=(f"{BUILD}::test_a_second_build_waits_for_none",),
    ),
    Fault(
        74,
        "readers",
        "Somebody reads while the build publishes",
        "they read on",
        proved_by=(f"{PUBLISHING}::test_readers_go_on_reading",),
    ),
    Fault(
        75,
        "rerun",
        "The same build again, also with its rows in another order",
        "the same numbers to the last digit",
        check=rerun,
        proved_by=("pipeline/test_metamorphic.py::test_order_and_files_change_nothing",),
    ),
    Fault(
        76,
        "late-data",
        "Rows come later than others of their time",
        "the same as if all had come at once",
        waits_for=INCREMENTS,
    ),
    Fault(
        77,
        "backfill",
        "Days come in another order",
        "the same numbers",
        waits_for=INCREMENTS,
    ),
    Fault(
        78,
        "schema-change",
        "A column comes or goes between two increments",
        "nothing is lost without a word",
        waits_for=INCREMENTS,
    ),
    Fault(
        79,
        "order-of-sums",
        "Threads, and the order in which sums are made",
        "the same counts and whole sums; sums of fractions differ in their last digits alone: with"
        " two threads at 30,000 visitors by 4e-14 of their value at most",
        proved_by=(
            "pipeline/test_metamorphic.py::test_order_and_files_change_nothing",
            "commands/test_build_command.py::test_a_flat_export_gives_the_same_tables",
        ),
    ),
    Fault(
        80,
        "machine-s-zone",
        "Another time zone and language of the machine",
        "the same numbers",
        check=machine_zone,
    ),
    Fault(
        81,
        "wrong-surroundings",
        "A variable, a profile or a place to write is missing",
        "the build fails with one line that says what to do",
        check=wrong_surroundings,
        proved_by=(
            f"{BUILD}::test_a_missing_folder_is_named",
            f"{BUILD}::test_a_path_that_cant_be_is_named",
            f"{BUILD}::test_a_folder_in_the_files_place_is_named",
        ),
    ),
    Fault(
        82,
        "store-fails",
        "The object store refuses or falls silent midway",
        "what came whole stays, nothing half is used, and one line says what happened",
        proved_by=(
            f"{FETCHING}::test_a_broken_connection_is_taken_up",
            f"{FETCHING}::test_what_came_whole_stays",
            f"{FETCHING}::test_silence_is_bounded",
            f"{FETCHING}::test_what_keeps_it_from_starting",
        ),
    ),
    Fault(
        83,
        "wall-clock",
        "The machine's clock says another day",
        "the same numbers: nothing asks it",
        check=wall_clock,
    ),
)
