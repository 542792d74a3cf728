"""Faults of the files of an export: missing, damaged, of other shapes, in the wrong place."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
from faults.fault import Fault
from faults.golden import EXPERIMENTS, golden_world
from faults.lab import Lab, Rows
from oracle.raw import DAY
from worlds import T0

PARTS = "staging/test_export_parts.py"
TYPES = "staging/test_column_types.py"


def parts(export: Path, kind: str) -> list[Path]:
    """Find the parts of decisions or events."""
    return sorted((export / f"type={kind}").rglob("*.parquet"))


def in_folders(*names: str) -> Callable[[Path], None]:
    """Move the parts of both kinds into folders of these names, in turn."""

    def change(export: Path) -> None:
        for kind in ("decisions", "events"):
            for number, part in enumerate(parts(export, kind)):
                folder = export / f"type={kind}" / names[number % len(names)]
                folder.mkdir(exist_ok=True)
                part.rename(folder / f"moved-{number}.parquet")

    return change


def split(export: Path) -> None:
    """Split every part into three, so that there are some to move."""
    for part in parts(export, "decisions") + parts(export, "events"):
        table = pq.read_table(part, partitioning=None)
        third = -(-table.num_rows // 3)
        for number in range(3):
            name = f"{part.stem}-{number}.parquet"
            pq.write_table(table.slice(number * third, third), part.with_name(name))
        part.unlink()


def nothing_changes(lab: Lab, change: Callable[[Path], None]) -> None:
    """Check that every table is as without the change."""
    seen = lab.look(change=change)
    for table, rows in lab.golden.tables.items():
        assert rounded(seen.tables[table]) == rounded(rows)


def rounded(rows: Rows) -> Rows:
    """Give rows whose numbers don't tell in which order they were summed."""

    def digits(cell: object) -> object:
        return round(float(f"{cell:.9g}"), 9) if isinstance(cell, float) else cell

    return [{name: digits(cell) for name, cell in row.items()} for row in rows]


def a_missing_day(lab: Lab) -> None:
    """Of both kinds, the second of three."""
    world = golden_world()
    day = range(T0 + DAY, T0 + 2 * DAY)
    seen = lab.look(
        replace(
            world,
            decisions=tuple(row for row in world.decisions if row.timestamp not in day),
            events=tuple(row for row in world.events if row.timestamp not in day),
        )
    )
    for experiment in EXPERIMENTS:
        found = seen.health(experiment)
        assert {found["exposure_gaps"], found["event_gaps"]} == {"warn"}
        assert "exposure_gaps" not in lab.golden.health(experiment)


def a_folder_is_not_read(lab: Lab) -> None:
    """Whatever its name would be as a value."""

    def change(export: Path) -> None:
        split(export)
        in_folders(
            "event=NULL", "event=a%2Fb%20c", "experiment=__HIVE_DEFAULT_PARTITION__", "event=it's"
        )(export)

    nothing_changes(lab, change)


def folders_of_other_types(lab: Lab) -> None:
    """Numbers, dates and texts beside each other."""

    def change(export: Path) -> None:
        split(export)
        in_folders("experiment_id=18786493712", "experiment_id=007", "visitor_id=x")(export)

    nothing_changes(lab, change)


def the_column_counts(lab: Lab) -> None:
    """Where folders say that all rows are of another experiment or event."""
    nothing_changes(lab, in_folders("experiment=e2", "event=view"))


def another_day(lab: Lab) -> None:
    """All rows lie in the folder of a day on which nothing happened."""
    nothing_changes(lab, in_folders("date=2031-01-01"))


def stray_files(lab: Lab) -> None:
    """Beside the parts, with names that jobs and programs give."""

    def change(export: Path) -> None:
        for kind in ("decisions", "events"):
            folder = parts(export, kind)[0].parent
            for name in (
                ".part-0.parquet",
                "_part-0.parquet",
                "part.parquet.tmp",
                ".x.parquet.crc",
            ):
                (folder / name).write_bytes(b"not read")
            (folder / "_SUCCESS").touch()

    nothing_changes(lab, change)


def a_copied_part(lab: Lab) -> None:
    """Every row of it is a copy, and counted as one."""

    def change(export: Path) -> None:
        for part in parts(export, "decisions") + parts(export, "events"):
            shutil.copy(part, part.with_name(f"copy of {part.name}"))

    seen = lab.look(change=change)
    for experiment in EXPERIMENTS:
        assert rounded(seen.numbers(experiment)) == rounded(lab.golden.numbers(experiment))
    for source in ("decisions", "events"):
        (raw,) = (
            row["raw_row_count"]
            for row in lab.golden.tables["source_row_counts"]
            if row["source_name"] == source
        )
        assert seen.reasons(source) == {**lab.golden.reasons(source), "duplicate_id": raw}


FAULTS = (
    Fault(
        1,
        "day-without-success-marker",
        "A day's folder has no `_SUCCESS` yet",
        "its rows are read, and a warning names the day; where the var"
        " `require_success_marker` is true, the build stops",
        proved_by=(
            f"{PARTS}::test_a_day_without_its_mark_is_pending",
            f"{PARTS}::test_days_without_any_mark_are_only_refused_where_marks_are_required",
        ),
    ),
    Fault(
        2,
        "success-marker-without-parts",
        "A day is marked as complete and has no part",
        "a warning names the day",
        proved_by=(f"{PARTS}::test_a_day_with_its_mark_and_no_part_is_told",),
    ),
    Fault(
        3,
        "missing-day",
        "A day in the middle of an experiment is missing",
        "the health check warns; where markers are demanded, the build stops",
        check=a_missing_day,
        proved_by=(f"{PARTS}::test_a_day_without_its_mark_is_pending",),
    ),
    Fault(
        4,
        "part-changed-later",
        "A part changes after its day was marked as complete",
        "the day is fetched again, which is said; a local part that is no longer what"
        " came stops the build",
        proved_by=(
            "fetching/test_load_export.py::test_a_day_that_changed_comes_again",
            "fetching/test_local_files.py::test_damage_is_named_in_one_line",
        ),
    ),
    Fault(
        5,
        "truncated-part",
        "A part is empty, or cut off anywhere",
        "the build stops and names the file",
        proved_by=(
            f"{PARTS}::test_a_part_that_is_cut_short_is_named",
            f"{PARTS}::test_what_is_no_parquet_is_named",
        ),
    ),
    Fault(
        6,
        "flipped-byte",
        "A byte of a part was changed on the way",
        "the build stops and names the file, by its checksum; without one, where it can"
        " no longer be read",
        proved_by=(
            "fetching/test_local_files.py::test_damage_is_named_in_one_line",
            f"{PARTS}::test_flipped_bits_name_their_part_or_can_be_read",
            f"{PARTS}::test_a_part_that_fails_when_it_is_read_is_found_among_others",
        ),
    ),
    Fault(
        7,
        "missing-column",
        "One part of many lacks a column",
        "the build stops and names column and file",
        proved_by=(
            f"{PARTS}::test_a_column_that_a_part_lacks_is_named",
            f"{TYPES}::test_a_nested_field_that_a_part_lacks_is_named",
        ),
    ),
    Fault(
        8,
        "extra-column",
        "A part has a column that nobody knows",
        "it is not read, and a warning names it",
        proved_by=(f"{PARTS}::test_a_column_that_nothing_reads_is_told_once",),
    ),
    Fault(
        9,
        "other-type",
        "A column is a number in one part and a text in another",
        "the build stops and names both files",
        proved_by=(f"{PARTS}::test_a_column_of_another_type_is_named",),
    ),
    Fault(
        10,
        "whole-numbers-before-fractions",
        "The first part has whole numbers where a later one has fractions",
        "every number is read as it is",
        proved_by=(f"{PARTS}::test_whole_numbers_before_fractions_are_read_as_they_are",),
    ),
    Fault(
        11,
        "lying-folder",
        "A folder's name contradicts the column",
        "the column counts, and a warning says how many rows",
        check=the_column_counts,
        proved_by=(f"{PARTS}::test_rows_that_contradict_their_folder_are_counted",),
    ),
    Fault(
        12,
        "encoded-folder",
        "A folder is called NULL, is percent-encoded, or is the default one",
        "its name is not read as data",
        check=a_folder_is_not_read,
    ),
    Fault(
        13,
        "folders-of-other-types",
        "What a folder's name looks like depends on its siblings",
        "ids are text, whatever they look like",
        check=folders_of_other_types,
    ),
    Fault(
        14,
        "stray-files",
        "Checksum files and temporary files lie between the parts",
        "they are not read; a part in a folder of unfinished work stops the build",
        check=stray_files,
        proved_by=(
            f"{PARTS}::test_files_of_unfinished_work_are_not_read",
            f"{PARTS}::test_a_part_in_a_folder_of_unfinished_work_is_refused",
        ),
    ),
    Fault(
        15,
        "copied-part",
        "A part is there twice",
        "every row counts once",
        check=a_copied_part,
    ),
    Fault(
        16,
        "wrong-folder",
        "The path is wrong, or nothing matches it",
        "the build stops and says what to set",
        proved_by=(f"{PARTS}::test_a_wrong_folder_is_named",),
    ),
    Fault(
        17,
        "row-of-another-day",
        "A row lies in the folder of another day",
        "its own time counts",
        check=another_day,
    ),
    Fault(
        92,
        "hostile-part",
        "A part is made to be huge or to confuse its reader",
        "the build stops within its limits of memory and time, and names the file",
        proved_by=(f"{PARTS}::test_a_part_that_claims_more_rows_than_it_can_hold_is_refused",),
        open="a part that claims too many rows is refused, and memory is limited; time is not, and"
        " a part that needs too much memory is not named",
    ),
    Fault(
        108,
        "columns-without-type",
        "A column holds nothing but null, narrower integers, or whole cents as fractions",
        "it is read where that is exact, else the build stops and names column and file",
        proved_by=(
            f"{TYPES}::test_columns_without_a_type_are_empty",
            f"{TYPES}::test_what_can_not_be_read_exactly_is_refused",
        ),
    ),
    Fault(
        109,
        "nested-field-missing",
        "The attributes of one part lack a field",
        "the build stops and names field and file",
        proved_by=(f"{TYPES}::test_a_nested_field_that_a_part_lacks_is_named",),
    ),
)
