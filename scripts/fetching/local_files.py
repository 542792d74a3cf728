"""Whether the files of a data folder still are what was fetched."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.progress import shown_counts

from fetching.layout import PARTITIONS, Day
from fetching.manifest import FetchedDay, FetchedFile, Manifest


def check_data_folder(folder: Path) -> list[str]:
    """Refuse a data folder of which a fetched file is no longer what it was; give warnings.

    Every fetched file is read to its end. A folder into which nothing was fetched isn't looked at.
    """
    manifest = Manifest(folder)
    if not manifest:
        return []
    known = list(manifest.days())
    for day in known:
        _check_leaving(folder, day)
    days = [day for day in known if _is_there(folder, day)]
    files = [(day.day, path, file) for day in days for path, file in day.files.items()]
    checked = _Checked(total=len(files))
    with ThreadPoolExecutor(os.cpu_count()) as pool, shown_counts("build", checked) as display:
        for problem in pool.map(partial(_problem_of, folder), files):
            checked.done += 1
            display.update(checked)
            if problem:
                pool.shutdown(wait=False, cancel_futures=True)
                raise PipelineError(problem)
    return _unknown_files(folder, {path for _, path, _ in files})


@dataclass
class _Checked:
    """How many files are checked, of how many."""

    total: int
    done: int = 0

    def text(self) -> str:
        """Say so."""
        return f"{self.done:,} of {self.total:,} fetched files checked"


def _is_there(folder: Path, day: FetchedDay) -> bool:
    """Tell whether a day is to be read: not where its folder was deleted to make room."""
    return day.state != "pruned" and (folder / day.day.path).is_dir()


def _check_leaving(folder: Path, day: FetchedDay) -> None:
    for path in day.leaving:
        if (folder / path).exists():
            message = (
                f"{folder / path} was about to be removed when load_export was stopped."
                f" {_again(day.day)}"
            )
            raise PipelineError(message)


def _problem_of(folder: Path, fetched: tuple[Day, str, FetchedFile]) -> str | None:
    day, path, file = fetched
    try:
        problem = difference(folder / path, file)
    except OSError as error:
        problem = f"can't be read: {error.strerror}"
    return f"{folder / path} {problem}. {_again(day)}" if problem else None


def _again(day: Day) -> str:
    return f"Run ./scripts/load_export --date {day.date} again, which fetches what is not right."


def difference(path: Path, file: FetchedFile, *, trust_time: bool = False) -> str | None:
    """Say how a file differs from what was fetched, by its bytes.

    trust_time: take a file that has its size, and the time that it was given, for what it was.
    """
    if not path.is_file():
        return "was fetched, and is missing though its day is there"
    found = path.stat()
    if found.st_size != file.size:
        return f"has {found.st_size:,} bytes, and had {file.size:,} when it was fetched"
    if trust_time and found.st_mtime == datetime.fromisoformat(file.modified_at).timestamp():
        return None
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return None if digest == file.sha256 else "has other bytes than when it was fetched (SHA-256)"


def _unknown_files(folder: Path, known: set[str]) -> list[str]:
    """Warn of files that a build reads, and that were not fetched."""
    unknown = sorted(path for path in _read_by_builds(folder) if path not in known)
    if not unknown:
        return []
    count = len(unknown)
    what = "file was" if count == 1 else "files were"
    message = (
        f"{count} {what} not fetched by load_export, and can't be checked, such as"
        f" {folder / unknown[0]}. Remove what does not belong to the export."
    )
    return [message]


def _read_by_builds(folder: Path) -> Iterator[str]:
    found = chain.from_iterable((folder / f"type={kind}").rglob("*.parquet") for kind in PARTITIONS)
    return (path.relative_to(folder).as_posix() for path in found)
