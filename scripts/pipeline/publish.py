"""Publishes a finished DuckDB file in one step, and keeps two builds out of each other's way."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.settings import PROJECT_ROOT


@contextmanager
def work_folder(warehouse_path: Path) -> Iterator[Path]:
    """Give an empty folder beside the published file, on its disk, for one build at a time.

    The folder goes when the build ends, whatever its end; what a killed build left goes with the
    next build. Its name is always the same, because dbt parses everything anew when the path of
    the database changes.
    """
    if warehouse_path.is_dir():
        message = f"{warehouse_path} is a folder. Set WAREHOUSE_PATH to a file."
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


def publish(built: Path, warehouse_path: Path) -> None:
    """Put a built file in the published one's place; readers see the old one or the new one."""
    _sync(built)
    built.replace(warehouse_path)
    _sync(warehouse_path.parent)


def keep_state(warehouse_path: Path, target_path: str | None) -> None:
    """Keep the manifest of what was published, for `dbt build --state` to compare changes with."""
    state = warehouse_path.parent / "state"
    state.mkdir(exist_ok=True)
    target = PROJECT_ROOT / (target_path or "target")
    shutil.copyfile(target / "manifest.json", state / "manifest.json")


def _sync(path: Path) -> None:
    """Have the disk hold what was written, so that a power cut can't leave a torn file."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
