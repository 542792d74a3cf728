"""Publishes a finished DuckDB file in one step, and keeps other programs out of its way.

Whatever fails or is killed before that step leaves what was published as it was. Nothing after it
can undo it, so that a caller who hears no error may say that the file is published.
"""

import contextlib
import fcntl
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.disk import sync
from pipeline.errors import PipelineError, one_line
from pipeline.published import left_logs, row_counts
from pipeline.state import state_file

WRITABLE = 0o222
HOLDER = re.compile(r"lock is held in (.+? \(PID \d+\))")


@contextmanager
def work_folder(warehouse_path: Path) -> Iterator[Path]:
    """Give an empty folder beside the published file, on its disk, for one build at a time.

    The folder goes when the build ends, whatever its end; what a killed build left goes with the
    next build. Its name is always the same, because dbt parses everything anew when the path of
    the database changes.
    """
    if warehouse_path.exists() and not warehouse_path.is_file():
        what = "a folder" if warehouse_path.is_dir() else "no file"
        message = f"{warehouse_path} is {what}. Set WAREHOUSE_PATH to a file."
        raise PipelineError(message)
    folder = warehouse_path.parent
    work = folder / f".{warehouse_path.name}.building"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / f".{warehouse_path.name}.lock").open("w")
    except OSError as error:
        message = (
            f"Can't write to {folder}: {error.strerror}. Set WAREHOUSE_PATH to a file elsewhere."
        )
        raise PipelineError(message) from error
    with lock:
        _lock(lock.fileno(), warehouse_path)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _lock(descriptor: int, warehouse_path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = f"Another build of {warehouse_path} is running. Wait for it to end."
        raise PipelineError(message) from error


@contextmanager
def without_writers(path: Path) -> Iterator[None]:
    """Keep other programs from opening a DuckDB file for writing; refuse where one has it open.

    By the lock that DuckDB itself takes: whoever reads may go on, and begin.
    """
    if not path.exists():
        yield
        return
    with path.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            message = (
                f"{path} is open for writing in {_holder(path)}, whose changes would get into what"
                " is published next. Close it there, or open it read-only, and build again."
            )
            raise PipelineError(message) from error
        except OSError:
            # A disk without locks, on which DuckDB takes none, either.
            pass
        yield


def _holder(path: Path) -> str:
    """Name the program that has a file open for writing, as DuckDB does."""
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.Error as error:
        if found := HOLDER.search(str(error)):
            return found[1]
    return "another program"


def seal(built: Path, relations: Collection[str]) -> None:
    """Bring a built file to where it can be read by itself, and see that it holds all it should.

    What dbt wrote may be in the file's log still, and DuckDB says nothing where it can't be moved
    into the file when the last connection ends, such as on a full disk.
    """
    if not built.is_file():
        message = f"The build made no DuckDB file at {built}."
        raise PipelineError(message)
    try:
        with duckdb.connect(str(built)) as connection:
            counts = row_counts(connection)
            connection.execute("force checkpoint")
        if logs := left_logs(built):
            message = f"The built file could not be closed: its log {logs[0]} is still there."
            raise PipelineError(message)
        with duckdb.connect(str(built), read_only=True) as connection:
            reopened = row_counts(connection)
    except duckdb.Error as error:
        message = f"The built file could not be written to its end: {one_line(str(error))}"
        raise PipelineError(message) from error
    missing = sorted(set(relations) - set(reopened))
    differing = missing or sorted(name for name in counts if counts[name] != reopened.get(name))
    if differing:
        message = f"The built file lost rows when it was closed, such as those of {differing[0]}."
        raise PipelineError(message)


def publish(built: Path, warehouse_path: Path) -> list[str]:
    """Put a sealed file in the published one's place; readers see the old one or the new one.

    Where this raises, the old one stands. What went wrong, or was found, beside the step itself is
    given back as warnings.
    """
    # Programs that write by mistake are told so, where the disk knows permissions.
    with contextlib.suppress(OSError):
        built.chmod(built.stat().st_mode & ~WRITABLE)
    sync(built)
    with without_writers(warehouse_path):
        # A kill between these steps leaves a file without a state, never one with another's; and
        # the old file without a log, never the new one with the old one's, which would be replayed.
        state_file(warehouse_path).unlink(missing_ok=True)
        warnings = [_remove_log(log) for log in left_logs(warehouse_path)]
        sync(warehouse_path.parent)
        built.replace(warehouse_path)
    try:
        sync(warehouse_path.parent)
    except OSError as error:
        warnings.append(f"published, but a power cut might undo it: {one_line(str(error))}")
    return warnings


def _remove_log(log: Path) -> str:
    log.unlink()
    return (
        f"another program wrote to what was published and did not end properly; its log {log} is"
        " removed."
    )
