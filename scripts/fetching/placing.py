"""Puts the files of a day where builds read them, all of a day together, and takes them away.

The manifest is written first. Where a run is killed in between, a build that finds a part of a day
refuses it, and the next run ends what was begun.
"""

import contextlib
import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from pipeline import cli
from pipeline.disk import sync
from pipeline.errors import PipelineError

from fetching.download import Staged
from fetching.layout import Day, Selection
from fetching.manifest import OWN_FOLDER, FetchedDay, Manifest, changing
from fetching.plan import DayPlan
from fetching.s3_problems import of_disk

LOCK = "lock"


@contextmanager
def alone(data_folder: Path) -> Iterator[None]:
    """Make the data folder where it is missing, and keep other runs out of it."""
    own = data_folder / OWN_FOLDER
    try:
        own.mkdir(parents=True, exist_ok=True)
        lock = (own / LOCK).open("w")
    except OSError as error:
        message = f"Can't write to {data_folder}: {error.strerror}. Choose another --output."
        raise PipelineError(message) from error
    with lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Another load_export is at work in {data_folder}. Wait for it to end."
            raise PipelineError(message) from error
        yield


class Placing:
    """Days on their way into the data folder."""

    def __init__(self, manifest: Manifest, source: str, selection: Selection) -> None:
        """Begin with a manifest, and where its days come from."""
        self._manifest, self._source, self._selection = manifest, source, selection
        self._folder = manifest.data_folder

    def place(self, plan: DayPlan, staged: Iterable[Staged]) -> None:
        """Put a day's new files in their places, and remove those that are gone."""
        moves = {each.file.path: each for each in staged}
        try:
            with changing(self._folder, partial(_tell_wait, self._folder)):
                self._place(plan, moves)
        except OSError as error:
            raise of_disk(error, self._folder / plan.day.path) from error

    def _place(self, plan: DayPlan, moves: dict[str, Staged]) -> None:
        fetched = self._fetched(plan, moves)
        fetched.state = "moving"
        self._manifest.write(fetched)
        folders = {self._folder / plan.day.path}
        for path, each in moves.items():
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            each.place.replace(target)
            folders.add(target.parent)
        for path in plan.leaving:
            remove_file(self._folder, path)
        for marker in fetched.markers:
            target = self._folder / marker
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        for folder in folders:
            if folder.is_dir():
                sync(folder)
        fetched.state, fetched.leaving = "here", []
        self._manifest.write(fetched)

    def _fetched(self, plan: DayPlan, moves: dict[str, Staged]) -> FetchedDay:
        known = plan.known or FetchedDay(plan.day, self._source)
        files = {path: file for path, file in known.files.items() if path not in plan.leaving}
        files |= {path: each.record() for path, each in moves.items()}
        # Of a folder that isn't wanted, what was known before stays.
        markers = {
            path: at for path, at in known.markers.items() if not self._selection.takes_marker(path)
        }
        for path, at in plan.remote.markers.items():
            if self._selection.takes_marker(path):
                markers[path] = at.isoformat()
        return FetchedDay(
            plan.day, self._source, markers=markers, files=files, leaving=plan.leaving
        )


def _tell_wait(data_folder: Path) -> None:
    cli.tell("load_export", f"waiting for a build that reads {data_folder} ...")


def prune(manifest: Manifest, before: date | None = None) -> list[Day]:
    """Remove the fetched files of the days before a date, and remember that they were removed.

    What an earlier run was killed in is ended in any case.
    """
    pruned = due(manifest, before)
    for fetched in pruned:
        fetched.state = "pruned"
        fetched.leaving = sorted({*fetched.files, *fetched.leaving, *fetched.markers})
        try:
            manifest.write(fetched)
        except OSError as error:
            raise of_disk(error, manifest.data_folder / fetched.day.path) from error
    for fetched in manifest.days():
        try:
            if fetched.state == "pruned" and fetched.leaving:
                with changing(manifest.data_folder, partial(_tell_wait, manifest.data_folder)):
                    for path in fetched.leaving:
                        remove_file(manifest.data_folder, path)
                fetched.leaving = []
                manifest.write(fetched)
        except OSError as error:
            raise of_disk(error, manifest.data_folder / fetched.day.path) from error
    return [fetched.day for fetched in pruned]


def due(manifest: Manifest, before: date | None) -> list[FetchedDay]:
    """Give the days before a date that are to be removed; none without a date."""
    return [
        fetched
        for fetched in manifest.days()
        if before is not None and fetched.day.date < before and fetched.state != "pruned"
    ]


def remove_file(data_folder: Path, path: str) -> None:
    """Remove a file, and the folders that are empty then, up to that of the kind."""
    target = data_folder / path
    target.unlink(missing_ok=True)
    for folder in list(target.parents)[: len(path.split("/")) - 2]:
        with contextlib.suppress(OSError):
            folder.rmdir()
