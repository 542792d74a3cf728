"""Faults of machines and of how the project is run."""

from faults.fault import Fault

NO_CASE = "no case yet"

FAULTS = (
    Fault(
        68,
        "no-rows",
        "There is not one row",
        "the build fails",
        open=NO_CASE,
    ),
    Fault(
        69,
        "nothing-selected",
        "A selection matches nothing",
        "the build fails and says so",
        open=NO_CASE,
    ),
    Fault(
        70,
        "failing-test",
        "A test fails after tables were built",
        "what was published stays",
        open=NO_CASE,
    ),
    Fault(
        71,
        "kill",
        "The build is killed at any moment",
        "the old file or the new one, whole",
        open=NO_CASE,
    ),
    Fault(
        72,
        "full-disk",
        "The disk fills up",
        "the build fails, and what was published stays",
        open=NO_CASE,
    ),
    Fault(
        73,
        "two-builds",
        "Two builds of one file at once",
        "the second says so in a line and ends",
        open=NO_CASE,
    ),
    Fault(
        74,
        "readers",
        "Somebody reads while the build publishes",
        "they read on",
        open=NO_CASE,
    ),
    Fault(
        75,
        "rerun",
        "The same build again",
        "the same numbers to the last digit",
        open=NO_CASE,
    ),
    Fault(
        76,
        "late-data",
        "Rows come later than others of their time",
        "the same as if all had come at once",
        open=NO_CASE,
    ),
    Fault(
        77,
        "backfill",
        "Days come in another order",
        "the same numbers",
        open=NO_CASE,
    ),
    Fault(
        78,
        "schema-change",
        "A column comes or goes between two increments",
        "nothing is lost without a word",
        open=NO_CASE,
    ),
    Fault(
        79,
        "order-of-sums",
        "Threads and the order of rows",
        "the same numbers",
        open=NO_CASE,
    ),
    Fault(
        80,
        "machine-s-zone",
        "Another time zone and language of the machine",
        "the same numbers",
        open=NO_CASE,
    ),
    Fault(
        81,
        "wrong-surroundings",
        "A variable, a profile or a place to write is missing",
        "the build fails with one line that says what to do",
        open=NO_CASE,
    ),
    Fault(
        82,
        "store-fails",
        "The object store refuses or falls silent midway",
        "nothing is published, and one line says what happened",
        open=NO_CASE,
    ),
    Fault(
        83,
        "wall-clock",
        "The machine's clock says another day",
        "the same numbers",
        open=NO_CASE,
    ),
)
