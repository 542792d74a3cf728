"""Runs of scripts/build in which a few small tables stand for what dbt builds.

All else is the command's own, so that it can be killed, starved of space and disturbed a hundred
times. The runs are children of a server that has imported what they need, and so begin at once.
"""

import errno
import hashlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

ROWS = 2000
WIDTH = 200

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["pytest", "publishing", "pipeline.build", "dbt.cli.main"])

# What the command asks of the system after dbt has built, besides reading and writing.
CALLS = ("chmod", "open", "fsync", "mkdir", "replace", "rmdir", "unlink")


@dataclass(frozen=True)
class Job:
    """One run: where it publishes, and what."""

    warehouse_path: Path
    generation: int
    as_json: bool = False
    disturb: Callable[[], None] | None = None
    """What happens while dbt builds."""
    strike_at: int = 0
    """The number of the call to the system, after dbt's end, that goes wrong."""
    strike: Callable[[], None] | None = None
    """What goes wrong there."""
    invocation_id: str = "this"
    """The run of dbt that wrote the manifest; this one is called "this"."""
    file_limit: int = 0
    """The bytes that a file may have, where there is a limit."""

    @property
    def folder(self) -> Path:
        """Give the folder for what is not published: dbt's target, and what the run says."""
        return self.warehouse_path.parent.with_name(f"{self.warehouse_path.parent.name}-aside")

    @property
    def stdout(self) -> str:
        """Give what the run has printed for people or programs."""
        return (self.folder / "stdout").read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        """Give what it has printed beside."""
        return (self.folder / "stderr").read_text(encoding="utf-8")


def start(job: Job) -> BaseProcess:
    """Start a run, and wait until the command begins."""
    job.folder.mkdir(exist_ok=True)
    # The server does not get this process's path otherwise, and passes over what it can't import.
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
        ensure_running()
    begun, tell = _server.Pipe(duplex=False)
    process = _server.Process(target=_run, args=(job, tell))
    process.start()
    begun.recv()
    return process


def run(job: Job) -> int:
    """Run to the end; give the exit code."""
    process = start(job)
    process.join()
    return process.exitcode if process.exitcode is not None else -1


def write_tables(path: Path, generation: int) -> None:
    """Write tables as dbt leaves them on a bad day: all that is new is in the file's log."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("set checkpoint_threshold = '1GB'")
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute(
            f"create table numbers as select {generation} as generation, repeat(md5(i::text),"
            f" {WIDTH // 32}) as filler from range({ROWS}) as numbers (i)"
        )
        connection.execute(f"create view seen as select {generation} as generation from numbers")


def generation_in(path: Path) -> int:
    """Read a published file to its end, and give the generation that it is of."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = "select list(table_name order by table_name) from duckdb_tables()"
        assert connection.sql(tables).fetchall() == [(["numbers"],)]
        found = connection.sql(
            "select count(*), min(generation), max(generation), sum(length(filler)),"
            " (select max(generation) from seen) from numbers"
        ).fetchall()
    ((count, first, last, length, seen),) = found
    assert (count, length) == (ROWS, ROWS * (WIDTH // 32) * 32)
    assert first == last == seen
    return int(first)


def digest(path: Path) -> str:
    """Give a hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def die() -> None:
    """Die at once, as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _run(job: Job, tell: Connection) -> None:
    os.environ.update(
        WAREHOUSE_PATH=str(job.warehouse_path),
        DBT_TARGET_PATH=str(job.folder / "target"),
        DBT_LOG_PATH=str(job.folder / "logs"),
    )
    for name in ("EXPOSURES", "EVENTS", "CALL_DATA_PATH", "DBT_EXCLUDE_RESOURCE_TYPES"):
        os.environ.pop(name, None)
    # Any folder will do: it is not read.
    os.environ["OPTIMIZELY_DATA_DIR"] = str(job.folder)
    with (
        (job.folder / "stdout").open("w", encoding="utf-8") as stdout,
        (job.folder / "stderr").open("w", encoding="utf-8") as stderr,
        redirect_stdout(stdout),
        redirect_stderr(stderr),
    ):
        _stand_in_for_dbt(job)
        if job.file_limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_limit, job.file_limit))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.exit(_main(["--json"] if job.as_json else [], tell))


def _main(arguments: list[str], tell: Connection) -> int:
    from pipeline import build  # noqa: PLC0415 - the server's, not the tests' process

    read_settings = build.read_settings

    def begin() -> object:
        tell.send("begun")
        return read_settings()

    build.read_settings = begin
    return build.main(arguments)


def _stand_in_for_dbt(job: Job) -> None:
    from pipeline import build, dbt_run, summary  # noqa: PLC0415

    def run_dbt(
        _command: list[str], _environment: object, database_file: Path, _listener: object
    ) -> dbt_run.BuildReport:
        try:
            write_tables(database_file, job.generation)
        except duckdb.Error as error:
            return dbt_run.BuildReport(succeeded=False, failures=[str(error)])
        target = job.folder / "target"
        target.mkdir(exist_ok=True)
        manifest = {"generation": job.generation, "metadata": {"invocation_id": job.invocation_id}}
        (target / "manifest.json").write_text(json.dumps(manifest))
        if job.disturb is not None:
            job.disturb()
        if job.strike is not None:
            _strike(job.strike_at, job.strike, job.folder / "struck")
        relations = ["main.numbers", "main.seen"]
        return dbt_run.BuildReport(
            succeeded=True,
            models=["numbers", "seen"],
            relations=relations,
            invocation_id="this",
            test_count=1,
        )

    build.run_dbt = run_dbt
    build.summarise = lambda *_: summary.Summary([], 0, [], [])


def _strike(number: int, strike: Callable[[], None], struck: Path) -> None:
    """Let one call to the system go wrong, and say so in a file."""
    calls = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls == number:
                struck.write_text(f"{function.__name__} {arguments}")
                strike()
            return function(*arguments, **named)

        return call

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    shutil.copyfile = counted(shutil.copyfile)
