"""What is to be done for each day, from what the bucket has and what the data folder has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from fetching.layout import MARKER, Day, RemoteDay, RemoteFile, Selection
from fetching.local_files import difference
from fetching.manifest import FetchedDay, Manifest

Status = Literal[
    "here", "new", "changed", "damaged", "empty", "pending", "absent", "kept", "pruned"
]
"""
here: nothing to do · new: not fetched yet · changed: the export changed after it was fetched ·
damaged: local files are not what was fetched · empty: finished, without a file ·
pending: not finished · absent: the bucket has nothing of it · kept: nor has it any longer ·
pruned: removed here to make room
"""
COMING = frozenset({"new", "changed", "damaged"})


@dataclass
class DayPlan:
    """What is to be done for one day."""

    day: Day
    status: Status
    remote: RemoteDay
    known: FetchedDay | None = None
    fetch: list[RemoteFile] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)
    """Files that are here, and that the export no longer has."""
    lacks_marker: bool = False
    """Whether the export says more of the day's folders to be finished than is known here."""
    is_placed: bool = False
    """Whether what came of it is where builds read."""

    @property
    def size(self) -> int:
        """Count the bytes that would come."""
        return sum(file.size for file in self.fetch)


def plan_days(
    remote: dict[Day, RemoteDay],
    manifest: Manifest,
    selection: Selection,
    *,
    refetch: bool,
    pruned_before: date | None,
) -> list[DayPlan]:
    """Plan every wanted day, those among them of which the bucket has nothing."""
    plans = []
    for day in sorted({*remote, *_wanted_days(selection, remote)}):
        known = manifest.read(day)
        found = remote.get(day, RemoteDay(day))
        is_old = pruned_before is not None and day.date < pruned_before
        is_pruned = _is_pruned(known, manifest.data_folder)
        if is_old or (is_pruned and not refetch):
            plans.append(DayPlan(day, "pruned", found, known))
            continue
        known = None if is_pruned else known
        if found.markers:
            plans.append(_plan_day(found, known, manifest.data_folder, selection, refetch=refetch))
        else:
            plans.append(DayPlan(day, _without_marker(found, known), found, known))
    return plans


def _wanted_days(selection: Selection, remote: dict[Day, RemoteDay]) -> Iterator[Day]:
    """Give the days from the first to the last that is wanted, or that there is."""
    last = selection.last or max((day.date for day in remote), default=selection.first)
    for kind in selection.kinds:
        for number in range((last - selection.first).days + 1):
            yield Day(kind, selection.first + timedelta(days=number))


def _is_pruned(known: FetchedDay | None, folder: Path) -> bool:
    """Tell whether a day that was here was removed: by this command, or its folder by a person."""
    if known is None or not known.files:
        return False
    is_removed = known.state == "here" and not (folder / known.day.path).exists()
    return known.state == "pruned" or is_removed


def _without_marker(remote: RemoteDay, known: FetchedDay | None) -> Status:
    if known is not None and known.files:
        return "kept"
    return "pending" if remote.pending else "absent"


def _plan_day(
    remote: RemoteDay,
    known: FetchedDay | None,
    folder: Path,
    selection: Selection,
    *,
    refetch: bool,
) -> DayPlan:
    recorded = known.files if known else {}
    wanted = {file.path: file for file in remote.files}
    gone = [
        path
        for path in recorded
        if path not in wanted and selection.takes_path(path) and remote.markers_of(path)
    ]
    leaving = sorted({*gone, *(known.leaving if known else [])} - set(wanted))
    changed = [file for file in remote.files if known and _is_change(file, known)]
    # Where a run was killed while it put files in place, an older one may be of the same time.
    is_settled = known is not None and known.state == "here"
    damaged = [
        file
        for file in remote.files
        if file.path in recorded
        and file not in changed
        and difference(folder / file.path, recorded[file.path], trust_time=is_settled)
    ]
    new = [file for file in remote.files if file.path not in recorded and file not in changed]
    fetch = remote.files if refetch else [*changed, *damaged, *new]
    is_damaged = bool(damaged) and is_settled
    status = _status(
        remote, is_changed=bool(changed or leaving), is_damaged=is_damaged, is_coming=bool(fetch)
    )
    plan = DayPlan(remote.day, status, remote, known, sorted(fetch, key=_path), leaving)
    plan.lacks_marker = status == "here" and any(
        selection.takes_marker(marker) and not (folder / marker).exists()
        for marker in remote.markers
    )
    return plan


def _status(remote: RemoteDay, *, is_changed: bool, is_damaged: bool, is_coming: bool) -> Status:
    if is_changed:
        return "changed"
    if is_damaged:
        return "damaged"
    if is_coming:
        return "new"
    if remote.files:
        return "here"
    return "pending" if remote.pending else "empty"


def _is_change(file: RemoteFile, known: FetchedDay) -> bool:
    """Tell whether a file was replaced after it was fetched, or came to a folder that was done."""
    before = known.files.get(file.path)
    if before is not None:
        return (before.size, before.etag) != (file.size, file.etag)
    parent = file.path.rpartition("/")[0]
    if any(path.rpartition("/")[0] == parent for path in known.files):
        return True
    finished = [
        datetime.fromisoformat(at)
        for marker, at in known.markers.items()
        if file.path.startswith(marker.removesuffix(MARKER))
    ]
    return bool(finished) and file.modified_at > max(finished)


def _path(file: RemoteFile) -> str:
    return file.path
