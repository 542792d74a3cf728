"""Writes the unit-level datasets of the published file as Parquet, its results as CSV and Parquet.

For those who work with pandas, Spark, another DuckDB or a spreadsheet instead of the published
file; how they read the files is in docs/exporting_datasets.md. An export takes its folder's place
as a whole.

Exit codes: 0 exported, 2 not exported and the folder is as it was.
"""

import ctypes
import errno
import fcntl
import os
import shutil
import string
import sys
import tempfile
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import click

from pipeline import cli
from pipeline.disk import sync
from pipeline.errors import PipelineError, UsageError
from pipeline.export_results import write_results
from pipeline.published import PublishedTables, check_published, columns_in_utc, open_published
from pipeline.settings import read_settings

MARKER = "_EXPERIMENT_METRICS_EXPORT"
MARKER_TEXT = "Made by scripts/export_datasets, which replaces this folder as a whole.\n"
WORK_PREFIX = ".exporting-"

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
READ_AS_NULL = {"NULL", NULL_PARTITION}
"""Upper-case texts in a folder's name that some reader takes for a missing value."""
SHOWN_LENGTH = 60
UNESCAPED = frozenset(string.ascii_letters + string.digits + "_-.")

AT_FDCWD = -100
RENAME_EXCHANGE = 2


@dataclass(frozen=True)
class Dataset:
    """A public table and how it is laid out in folders and files."""

    name: str
    table: str
    partition_columns: tuple[str, ...]
    order_by: tuple[str, ...]
    """The rest of the table's key, so that the same rows give the same file."""

    @property
    def folder_name(self) -> str:
        """Name the dataset's folder."""
        return f"type={self.name}"


DATASETS = (
    Dataset("experiment_units", "experiment_units", ("experiment_id",), ("unit_id",)),
    Dataset(
        "experiment_events",
        "experiment_events",
        ("experiment_id", "event_name"),
        ("unit_id", "occurred_at", "event_id"),
    ),
    Dataset(
        "metric_observations",
        "fct_metric_observations",
        ("experiment_id", "metric_name"),
        ("unit_id",),
    ),
)
RESULTS_FOLDER = "results"
OWN_ENTRIES = {MARKER, RESULTS_FOLDER, *(dataset.folder_name for dataset in DATASETS)}
PARTS = ("datasets", "results")


class Written(NamedTuple):
    """What was written of one dataset."""

    row_count: int
    file_count: int


@dataclass(frozen=True)
class Exported:
    """What an export holds."""

    datasets: dict[str, Written]
    results: dict[str, int]
    """The rows of each table of results."""

    def text(self) -> str:
        """Tell it in lines."""
        lines = [
            f"{name}: {row_count:,} rows in {file_count:,} files"
            for name, (row_count, file_count) in self.datasets.items()
        ]
        if self.results:
            lines.append(f"results: {len(self.results)} tables, each as CSV and Parquet")
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """Give it as a document for programs."""
        return {
            "datasets": {name: counts._asdict() for name, counts in self.datasets.items()},
            "results": {name: {"row_count": count} for name, count in self.results.items()},
        }


def main(arguments: Sequence[str]) -> int:
    """Export to the folder that the arguments name; give the exit code."""
    failing = cli.Failing(stopped="stopped; nothing was exported.")
    return cli.run("export_datasets", arguments, _job, failing)


@click.command(
    "export_datasets",
    cls=cli.Command,
    help="Write the published results below a folder DIR, which is made or replaced: the unit-level"
    " datasets as Parquet, the tables of results as CSV and Parquet. See"
    " docs/exporting_datasets.md.",
)
@click.argument("folder", metavar="DIR")
@click.option("--only", type=click.Choice(PARTS), help="Write only these.")
@cli.json_option
def _command(*, folder: str, only: str | None, as_json: bool) -> tuple[Path, tuple[str, ...]]:  # noqa: ARG001 - the runner's
    if not folder:
        message = "the argument DIR is empty. See scripts/export_datasets --help."
        raise UsageError(message)
    # What a link points to is replaced, not the link.
    return Path(folder).resolve(), (only,) if only else PARTS


def _job(arguments: Sequence[str]) -> cli.Outcome:
    warehouse_path = read_settings().warehouse_path
    target, parts = cli.read(_command, arguments)
    exported = export_datasets(warehouse_path, target, parts)
    text = f"{exported.text()}\nExported {warehouse_path} to {target}"
    return cli.Outcome(text, {"folder": target, **exported.document()})


def export_datasets(warehouse_path: Path, target: Path, parts: Collection[str] = PARTS) -> Exported:
    """Write these parts of a published file below `target`, in place of an earlier export."""
    check_replaceable(target)
    check_published(warehouse_path)
    with _work_folder(target) as work:
        export = work / "export"
        try:
            export.mkdir()
            # DuckDB would spill beside the published file, where we may not be allowed to write.
            with open_published(warehouse_path, spill=work / "spill") as tables:
                exported = Exported(
                    _write_datasets(tables, export) if "datasets" in parts else {},
                    write_results(tables, export / RESULTS_FOLDER) if "results" in parts else {},
                )
            (export / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
            sync(export, *export.rglob("*"))
            check_replaceable(target)
            _take_place(export, target)
        except OSError as error:
            message = f"{warehouse_path} could not be exported to {target}: {error}"
            raise PipelineError(message) from error
    return exported


def check_replaceable(target: Path) -> None:
    """Refuse a folder that holds anything but an earlier export."""
    try:
        found = {entry.name for entry in target.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        message = f"{target} can't be used as a folder: {error.strerror}. Choose another one."
        raise PipelineError(message) from error
    foreign = sorted(found - OWN_ENTRIES) if MARKER in found else sorted(found)
    if foreign:
        message = (
            f"{target} holds '{foreign[0]}', which is of no earlier export, and would be replaced."
            " Choose another folder, or empty this one."
        )
        raise PipelineError(message)


# --- writing --------------------------------------------------------------------------------------


def _write_datasets(tables: PublishedTables, export: Path) -> dict[str, Written]:
    # A reader that listed the files of an earlier export must not find others of the same name.
    file_name = f"part-{uuid.uuid4().hex}.parquet"
    return {
        dataset.name: _write_dataset(tables, dataset, export, file_name) for dataset in DATASETS
    }


def _write_dataset(
    tables: PublishedTables, dataset: Dataset, export: Path, file_name: str
) -> Written:
    folder = export / dataset.folder_name
    folder.mkdir()
    # Where there is no row, one file without any, so that a reader finds the columns.
    partitions = _partitions(tables, dataset) or [("none",) * len(dataset.partition_columns)]
    row_count = 0
    for values in partitions:
        path = make_partition_folder(folder, dataset.partition_columns, values) / file_name
        row_count += _write_partition(tables, dataset, values, path)
    (folder / "_SUCCESS").touch()
    return Written(row_count, len(partitions))


def _partitions(tables: PublishedTables, dataset: Dataset) -> list[tuple[str | None, ...]]:
    columns = ", ".join(
        f"{_partition_value(column)} as {column}" for column in dataset.partition_columns
    )
    query = f"select distinct {columns} from {dataset.table} order by all"  # noqa: S608 - our names
    return [tuple(row.values()) for row in tables.query(query)]


def _write_partition(
    tables: PublishedTables, dataset: Dataset, values: Sequence[str | None], path: Path
) -> int:
    conditions = " and ".join(
        f"{_partition_value(column)} is not distinct from ?" for column in dataset.partition_columns
    )
    query = (
        f"select {columns_in_utc(tables, dataset.table, dataset.partition_columns)}"  # noqa: S608 - our own names
        f" from {dataset.table}"
        f" where {conditions} order by {', '.join(dataset.order_by)}"
    )
    return tables.write_parquet(query, values, path)


def _partition_value(column: str) -> str:
    """Fold empty text into null: the folder's name can't tell them apart."""
    return f"nullif({column}, '')"


# --- folder names ---------------------------------------------------------------------------------


def make_partition_folder(
    folder: Path, columns: Sequence[str], values: Sequence[str | None]
) -> Path:
    """Make the folder of one partition."""
    for column, value in zip(columns, values, strict=True):
        folder /= f"{column}={encode(value)}"
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        message = (
            f"The disk takes the {columns[-1]} '{values[-1]}' for another one, which differs in"
            " upper and lower case or in its Unicode form. Export to a disk that tells them apart."
        )
        raise PipelineError(message) from error
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        column, value = max(
            zip(columns, values, strict=True), key=lambda pair: len(encode(pair[1]).encode())
        )
        message = (
            f"The {column} '{str(value)[:SHOWN_LENGTH]} ...' is too long for the name of a folder."
            " Rename it where it comes from, or read the published file itself."
        )
        raise PipelineError(message) from error
    return folder


def encode(value: str | None) -> str:
    """Write a partition's value as part of a folder's name.

    Only ASCII is escaped: Spark decodes an escaped byte as a character, and would make two of an é.
    """
    if not value:
        return NULL_PARTITION
    encoded = "".join(c if c in UNESCAPED or not c.isascii() else _escape(c) for c in value)
    return _escape(value[0]) + encoded[1:] if value.upper() in READ_AS_NULL else encoded


def _escape(character: str) -> str:
    return f"%{ord(character):02X}"


# --- replacing ------------------------------------------------------------------------------------


@contextmanager
def _work_folder(target: Path) -> Iterator[Path]:
    """Give a folder beside the target, on its disk, which goes when the export ends."""
    prefix = f"{WORK_PREFIX}{target.name}-"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target.parent, prefix)
        work = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
        descriptor = os.open(work, os.O_RDONLY)
    except OSError as error:
        message = f"Can't write to {target.parent}: {error.strerror}. Choose another folder."
        raise PipelineError(message) from error
    try:
        # The lock ends with the process: a folder without it is what a killed export left.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(descriptor)


def _remove_leftovers(parent: Path, prefix: str) -> None:
    for entry in parent.iterdir():
        if not entry.name.startswith(prefix):
            continue
        descriptor = os.open(entry, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(entry, ignore_errors=True)
        except BlockingIOError:
            pass  # another export is at work in it
        finally:
            os.close(descriptor)


def _take_place(export: Path, target: Path) -> None:
    """Put the export in the target's place; what was there is left where the export was."""
    if not target.exists() or not any(target.iterdir()):
        export.rename(target)
    elif not _exchange(export, target):
        older = export.with_name("older")
        target.rename(older)
        try:
            export.rename(target)
        except OSError:
            older.rename(target)
            raise


def _exchange(first: Path, second: Path) -> bool:
    """Swap two folders in one step; tell whether this system and disk can do that."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)  # Linux has it
    if renameat2 is None:
        return False
    paths = os.fsencode(first), os.fsencode(second)
    return renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
