"""Fixtures of the tests of load_export: S3 on loopback, and a world without anybody's keys.

They aren't in a conftest.py beside the tests, since that would be what every `from conftest` of the
harness finds.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fetching import bucket, download, load_export
from s3_export import ACCOUNT, S3Door, S3Export, s3_door

FOREIGN = ("AWS_", "OPTIMIZELY_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
"""How the variables begin by which the machine that tests would have a say."""


@pytest.fixture(scope="session")
def _door() -> Iterator[S3Door]:
    with s3_door() as door:
        yield door


@pytest.fixture
def door(_door: S3Door) -> S3Door:
    """Give the way to S3, with nothing in it."""
    _door.requests.clear()
    _door.faults.clear()
    return _door


@pytest.fixture
def own_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own keys and proxies away, and don't wait for long."""
    for name in list(os.environ):
        if name.upper().startswith(FOREIGN):
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent/none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(download, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(bucket, "ATTEMPTS", 2)


@pytest.fixture
def export(door: S3Door, own_world: None, monkeypatch: pytest.MonkeyPatch) -> S3Export:  # noqa: ARG001
    """Give an empty export in a bucket, to which the environment leads."""
    made = S3Export(door)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@dataclass(frozen=True)
class Ran:
    """What a run said; its document, where that was asked for."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Read what it printed for programs."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def statuses(self) -> dict[str, str]:
        """Give what became of each day."""
        return {f"{day['type']} {day['date']}": day["status"] for day in self.document["days"]}


Load = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder that isn't there yet."""
    return tmp_path / "export"


@pytest.fixture
def load(folder: Path, capsys: pytest.CaptureFixture[str]) -> Load:
    """Give what runs the command in this process, by default from the first day of the tests on."""

    def run(*arguments: str, days: tuple[str, ...] = ("--from", "2025-03-01")) -> Ran:
        code = load_export.main(["--account", ACCOUNT, "--output", str(folder), *days, *arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


def tree(folder: Path) -> dict[str, bytes]:
    """Give the files that a build could read, and the markers, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for kind in ("decisions", "events")
        for path in (folder / f"type={kind}").rglob("*")
        if path.is_file()
    }


@pytest.fixture
def files(folder: Path) -> Callable[[], dict[str, bytes]]:
    """Give what lists the data folder."""
    return lambda: tree(folder)
