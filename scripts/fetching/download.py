"""Downloads files side by side, each into one that has its final name only when it is whole.

They lie below .load_export until all files of their day are there.
"""

import contextlib
import hashlib
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import PipelineError

from fetching.bucket import Bucket, Opened
from fetching.layout import RemoteFile
from fetching.manifest import OWN_FOLDER, FetchedFile
from fetching.s3_problems import DroppedError, FetchError, of_disk

INCOMING = "incoming"
UNFINISHED = ".unfinished"
CHUNK = 1 << 18
ATTEMPTS = 5
FIRST_WAIT = 0.5
"""Seconds before the second attempt at a file; they double with each."""
MD5_LENGTH = 32
THREADS = "download"
"""What the threads are called that download."""


@dataclass(frozen=True)
class Staged:
    """A file that is whole, and waits for the others of its day."""

    file: RemoteFile
    place: Path
    sha256: str

    def record(self) -> FetchedFile:
        """Give what the manifest is to know of it."""
        fetched_at = datetime.fromtimestamp(self.place.stat().st_ctime, UTC)
        return FetchedFile(
            key=self.file.key,
            size=self.file.size,
            etag=self.file.etag,
            modified_at=self.file.modified_at.isoformat(),
            sha256=self.sha256,
            fetched_at=fetched_at.isoformat(timespec="seconds"),
        )


class Stage:
    """The folder of files whose days are not complete."""

    def __init__(self, data_folder: Path) -> None:
        """Find what an earlier run has left there."""
        self.folder = data_folder / OWN_FOLDER / INCOMING
        left = self.folder.iterdir() if self.folder.is_dir() else ()
        self._left = {path.stem: path for path in left if path.suffix != UNFINISHED}

    def find(self, file: RemoteFile) -> Staged | None:
        """Give a file that came whole earlier."""
        path = self._left.get(file.staged_name)
        if path is None or path.stat().st_size != file.size:
            return None
        return Staged(file, path, path.suffix.removeprefix("."))

    def clear(self, *, all_of_it: bool) -> None:
        """Remove what was not finished, or all that no day has claimed."""
        for path in self.folder.glob("*" if all_of_it else f"*{UNFINISHED}"):
            path.unlink(missing_ok=True)

    def make(self) -> None:
        """Make the folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise of_disk(error, self.folder) from error


class Downloads:
    """Downloads of files from the bucket into the stage; `stop` ends all of them."""

    def __init__(self, bucket: Bucket, stage: Stage, took: Callable[[int], None]) -> None:
        """Say by `took` how many bytes came, or are to come again where it is negative."""
        self._bucket, self._folder, self._took = bucket, stage.folder, took
        self._stop = threading.Event()

    def stop(self) -> None:
        """End the downloads that run, soon."""
        self._stop.set()

    def fetch(self, file: RemoteFile) -> Staged:
        """Download one file."""
        self._check_stop()
        unfinished = self._folder / f"{file.staged_name}{UNFINISHED}"
        try:
            with unfinished.open("wb") as out:
                sha256 = self._receive(file, out)
                out.flush()
                os.fsync(out.fileno())
            # As rsync does: a file that was changed later can be told by its time.
            at = file.modified_at.timestamp()
            os.utime(unfinished, (at, at))
            return Staged(file, unfinished.replace(unfinished.with_suffix(f".{sha256}")), sha256)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            problem = of_disk(error, file.path)
        except PipelineError:
            unfinished.unlink(missing_ok=True)
            raise
        raise problem

    def _check_stop(self) -> None:
        if self._stop.is_set():
            message = "stopped."
            raise FetchError(message)

    def _receive(self, file: RemoteFile, out: BinaryIO) -> str:
        """Write a file, going on where the connection broke; give its SHA-256."""
        received = _Received(out, self._took)
        for attempt in range(ATTEMPTS):
            try:
                self._receive_rest(file, received)
                return received.sha256.hexdigest()
            except DroppedError:
                if attempt == ATTEMPTS - 1 or self._stop.wait(FIRST_WAIT * 2**attempt):
                    raise
                if received.size >= file.size:
                    received.forget()
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _receive_rest(self, file: RemoteFile, received: "_Received") -> None:
        answer = self._bucket.open(file, received.size)
        with contextlib.closing(answer.body):
            while chunk := self._bucket.read(file, answer.body, CHUNK):
                self._check_stop()
                received.write(chunk)
        if received.size < file.size:
            message = f"The connection ended before {file.path} did. Run this again."
            raise DroppedError(message)
        if received.size > file.size or not _is_etag_right(file, received, answer):
            message = f"{file.path} arrived damaged (another size or ETag). Run this again."
            raise DroppedError(message)


class _Received:
    """What came of a file so far."""

    def __init__(self, out: BinaryIO, took: Callable[[int], None]) -> None:
        self._out, self._took = out, took
        self._begin()

    def _begin(self) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        self.md5 = hashlib.md5(usedforsecurity=False)

    def write(self, chunk: bytes) -> None:
        self._out.write(chunk)
        self.sha256.update(chunk)
        self.md5.update(chunk)
        self.size += len(chunk)
        self._took(len(chunk))

    def forget(self) -> None:
        """Begin again."""
        self._took(-self.size)
        self._out.seek(0)
        self._out.truncate()
        self._begin()


def _is_etag_right(file: RemoteFile, received: _Received, answer: Opened) -> bool:
    """Compare the ETag with what was listed, and with the bytes where it is their MD5.

    It is not where a key of KMS encrypts the file, or where it was uploaded in parts (`…-2`).
    """
    is_md5 = answer.is_plain and len(file.etag) == MD5_LENGTH and "-" not in file.etag
    return answer.etag == file.etag and (not is_md5 or received.md5.hexdigest() == file.etag)


def in_parallel(
    fetch: Callable[[RemoteFile], Staged], files: Sequence[RemoteFile], jobs: int
) -> Iterator[tuple[RemoteFile, Staged | PipelineError]]:
    """Fetch files side by side, and give each as it ends.

    By threads that nobody waits for: whoever stops the command need not wait for a server, too.
    """
    waiting: queue.SimpleQueue[RemoteFile] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[RemoteFile, Staged | BaseException]] = queue.SimpleQueue()
    for file in files:
        waiting.put(file)

    def work() -> None:
        while True:
            try:
                file = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ended.put((file, fetch(file)))
            except BaseException as error:  # noqa: BLE001 - told where it is waited for
                ended.put((file, error))

    for _ in range(min(jobs, len(files))):
        threading.Thread(target=work, name=THREADS, daemon=True).start()
    for _ in files:
        file, result = ended.get()
        if isinstance(result, BaseException) and not isinstance(result, PipelineError):
            raise result
        yield file, result
