"""How the export lies in its bucket, and the same below the data folder.

    type=decisions/date=2020-09-14/experiment=18786493712/part-….parquet
    type=events/date=2020-09-14/event=purchase/part-….parquet

A file is named by its path below the account's folder, which is that below the data folder, too.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Self
from urllib.parse import unquote

from pipeline.errors import PipelineError

PARTITIONS = {"decisions": "experiment", "events": "event"}
"""The two kinds of data, and what the folders of a day are named by."""
MARKER = "_SUCCESS"
"""The object that says that its folder is finished."""
PART = re.compile(r"[^._].*\.parquet")
NOT_DATA = (".", "_")
"""How the names of what writers leave behind begin."""
DAY = re.compile(r"type=(decisions|events)/date=(\d{4}-\d{2}-\d{2})")


class UnsafePathError(PipelineError):
    """A key that would lead out of the data folder."""


class Day(NamedTuple):
    """The files of one kind of one day."""

    kind: str
    date: date

    @property
    def path(self) -> str:
        """Give the day's folder."""
        return f"type={self.kind}/date={self.date}"

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Give the day that a path lies in; None where it lies in none."""
        found = DAY.match(path)
        if found is None or path[found.end() :][:1] not in {"", "/"}:
            return None
        try:
            return cls(found[1], date.fromisoformat(found[2]))
        except ValueError:
            return None


@dataclass(frozen=True)
class RemoteFile:
    """A part of the export as the bucket has it."""

    path: str
    key: str
    size: int
    etag: str
    modified_at: datetime

    @property
    def staged_name(self) -> str:
        """Name the file while its day is incomplete; another version has another name."""
        return hashlib.sha256(f"{self.key}\n{self.etag}".encode()).hexdigest()


@dataclass
class RemoteDay:
    """A day as the bucket has it."""

    day: Day
    files: list[RemoteFile] = field(default_factory=list)
    """Its parts in folders that are finished."""
    markers: dict[str, datetime] = field(default_factory=dict)
    """When each finished folder was finished; the path is that of the marker."""
    pending: list[str] = field(default_factory=list)
    """Parts in folders that are not finished."""

    @property
    def is_finished(self) -> bool:
        """Tell whether a marker speaks for the whole day."""
        return f"{self.day.path}/{MARKER}" in self.markers

    @property
    def late(self) -> list[RemoteFile]:
        """Give the parts that were written after their folder was finished."""
        return [
            file
            for file in self.files
            if file.modified_at > max(self.markers[marker] for marker in self.markers_of(file.path))
        ]

    def sort_out(self, parts: Iterable[RemoteFile]) -> None:
        """Take the parts of finished folders, and leave the others for later."""
        for part in parts:
            if self.markers_of(part.path):
                self.files.append(part)
            else:
                self.pending.append(part.path)

    def markers_of(self, path: str) -> list[str]:
        """Give the markers that speak for a path: those of the folders that it lies in."""
        folders = path.split("/")[:-1]
        candidates = ("/".join([*folders[:depth], MARKER]) for depth in range(2, len(folders) + 1))
        return [marker for marker in candidates if marker in self.markers]


@dataclass(frozen=True)
class Selection:
    """Which part of the export is wanted."""

    kinds: tuple[str, ...]
    first: date
    last: date | None
    """None: as far as there is any."""
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    """Of a kind the experiments or events that are wanted; of others all."""

    def takes(self, day: Day) -> bool:
        """Tell whether a day is wanted."""
        is_in_time = self.first <= day.date and (self.last is None or day.date <= self.last)
        return day.kind in self.kinds and is_in_time

    def takes_path(self, path: str) -> bool:
        """Tell whether a file of a wanted day is wanted: by its folder's name, encoded or not."""
        day = Day.of(path)
        if day is None or not self.takes(day):
            return False
        wanted = self.names.get(day.kind)
        return wanted is None or bool(wanted & names_of(path))

    def takes_marker(self, path: str) -> bool:
        """Tell whether a marker is wanted: that of a day always."""
        day = Day.of(path)
        return self.takes_path(path) or (day is not None and path == f"{day.path}/{MARKER}")


def names_of(path: str) -> frozenset[str]:
    """Give the experiment or event that a file is of, as its folder has it and decoded."""
    folder = path.split("/")[2]
    _, _, name = folder.partition("=")
    return frozenset({name, unquote(name), unquote(name.replace("+", " "))} - {""})


def is_part(path: str) -> bool:
    """Tell whether a path is that of data: no marker, checksum, or what a writer left behind."""
    *folders, name = path.split("/")
    return bool(PART.fullmatch(name)) and not any(each.startswith(NOT_DATA) for each in folders)


def is_marker(path: str) -> bool:
    """Tell whether a path is that of a marker."""
    *folders, name = path.split("/")
    return name == MARKER and not any(each.startswith(NOT_DATA) for each in folders)


def checked(path: str, key: str) -> str:
    """Refuse a path that leads elsewhere than below its folder, or that no disk can hold."""
    # A key that ends with a slash stands for a folder, and is never fetched.
    if any(each in {"", ".", ".."} for each in path.rstrip("/").split("/")) or "\0" in path:
        message = (
            f"The bucket has the key '{key}', which would be written outside of its folder. Nothing"
            " is fetched: ask whoever fills the bucket what it is."
        )
        raise UnsafePathError(message)
    return path


def sort_into_days(
    parts: Iterable[RemoteFile], markers: dict[str, datetime], selection: Selection
) -> dict[Day, RemoteDay]:
    """Put what the bucket has of the wanted days together, in their order."""
    by_day: dict[Day, list[RemoteFile]] = {}
    days: dict[Day, RemoteDay] = {}
    for path, finished_at in markers.items():
        if day := _wanted_day(path, selection):
            days.setdefault(day, RemoteDay(day)).markers[path] = finished_at
    for part in parts:
        if day := _wanted_day(part.path, selection):
            days.setdefault(day, RemoteDay(day))
            if selection.takes_path(part.path):
                by_day.setdefault(day, []).append(part)
    for day, found in days.items():
        found.sort_out(sorted(by_day.get(day, []), key=lambda part: part.path))
    return {day: days[day] for day in sorted(days)}


def _wanted_day(path: str, selection: Selection) -> Day | None:
    day = Day.of(path)
    return day if day is not None and selection.takes(day) else None


def known_names(paths: Collection[str]) -> list[str]:
    """List the experiments or events that there are, decoded."""
    return sorted({unquote(path.split("/")[2].partition("=")[2]) for path in paths} - {""})
