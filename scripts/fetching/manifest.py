"""What was fetched into a data folder, so that it is known again, and damage to it is seen.

A file per day, below .load_export in the data folder, where no build looks for data: small, so that
it is written anew, in one step, whenever something of the day is.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.disk import sync
from pipeline.errors import PipelineError

from fetching.layout import Day

OWN_FOLDER = ".load_export"
"""The folder in a data folder that holds what the command needs for itself."""
DAYS = "days"
PLACING_LOCK = "placing.lock"
"""Held by whoever puts days in place or removes some, and shared by those who read them."""
VERSION = 1

State = Literal["moving", "here", "pruned"]


@dataclass(frozen=True)
class FetchedFile:
    """A file as it was fetched; times are UTC."""

    key: str
    size: int
    etag: str
    modified_at: str
    sha256: str
    fetched_at: str


@dataclass
class FetchedDay:
    """A day as it was fetched; paths are below the data folder."""

    day: Day
    source: str
    state: State = "here"
    """Whether its files are being put in their places, are there, or were removed to make room."""
    markers: dict[str, str] = field(default_factory=dict)
    """When the export finished its folders."""
    files: dict[str, FetchedFile] = field(default_factory=dict)
    leaving: list[str] = field(default_factory=list)
    """Files that the export no longer has, while they are being removed."""

    def document(self) -> dict[str, Any]:
        """Give the day as it is written down."""
        return {
            "version": VERSION,
            "type": self.day.kind,
            "date": str(self.day.date),
            "source": self.source,
            "state": self.state,
            "finished_at": self.markers,
            "files": {path: asdict(file) for path, file in sorted(self.files.items())},
            "leaving": self.leaving,
        }


class Manifest:
    """The days that were fetched into a data folder."""

    def __init__(self, data_folder: Path) -> None:
        """Open a data folder's manifest, which may be none yet."""
        self.data_folder = data_folder
        self._folder = data_folder / OWN_FOLDER / DAYS

    def __bool__(self) -> bool:
        """Tell whether anything was ever fetched."""
        return self._folder.is_dir()

    def read(self, day: Day) -> FetchedDay | None:
        """Give a day; None where it was never fetched."""
        file = self._file(day)
        return _read(file, day) if file.exists() else None

    def days(self) -> Iterator[FetchedDay]:
        """Give all days."""
        for file in sorted(self._folder.glob("type=*/date=*.json")):
            day = Day.of(file.relative_to(self._folder).as_posix().removesuffix(".json"))
            if day is not None:
                yield _read(file, day)

    def write(self, fetched: FetchedDay) -> None:
        """Write a day down, in one step."""
        text = json.dumps(fetched.document(), indent=1, ensure_ascii=False)
        write_at_once(self._file(fetched.day), text)

    def _file(self, day: Day) -> Path:
        return self._folder / f"{day.path}.json"


def _read(file: Path, day: Day) -> FetchedDay:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return FetchedDay(
            day=day,
            source=document["source"],
            state=document["state"],
            markers=document["finished_at"],
            files={path: FetchedFile(**entry) for path, entry in document["files"].items()},
            leaving=document["leaving"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"{file}, which says what was fetched, can't be read ({type(error).__name__}). Delete"
            f" it and the folder {day.path}, and run ./scripts/load_export --date {day.date} again."
        )
        raise PipelineError(message) from error


@contextmanager
def held_still(data_folder: Path | None) -> Iterator[None]:
    """Keep load_export from changing a data folder for as long as it is read.

    It may go on downloading meanwhile. Where there is no lock, nothing was fetched, or the disk
    knows none.
    """
    with contextlib.ExitStack() as held:
        if data_folder is not None:
            with contextlib.suppress(OSError):
                lock = held.enter_context((data_folder / OWN_FOLDER / PLACING_LOCK).open("rb"))
                fcntl.flock(lock.fileno(), fcntl.LOCK_SH)
        yield


@contextmanager
def changing(data_folder: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Change a data folder while nobody reads it; wait: what to do first where somebody does."""
    with (data_folder / OWN_FOLDER / PLACING_LOCK).open("w") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        yield


def write_at_once(file: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all, also after a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    with new.open("w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    new.replace(file)
    sync(file.parent)
