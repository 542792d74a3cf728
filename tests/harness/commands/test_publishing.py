"""What is published is whole at every moment, and what scripts/build says of it is true.

Kills, full disks and other programs meet the command itself; only dbt's part is a few small tables,
but for the last test.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_ROOT, run_build
from pipeline.published import left_logs
from publishing import Job, die, digest, fail, generation_in, run, start, write_tables

KILLS = 100
KILLS_TO_A_RERUN = 5
INTERRUPTS = 25
MEGABYTE = 2**20
DISK_SIZE = 8 * MEGABYTE
# Another program, which changes what is published and then waits or dies.
WRITER = """
import os, sys, time
import duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("set checkpoint_threshold = '1GB'")
connection.execute("update numbers set generation = -1")
connection.execute("create table stranger as select 1 as number")
print("open", flush=True)
time.sleep(60 if sys.argv[2] == "wait" else 0)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Give the place of a published file, in a folder of its own, with generation 0 there."""
    path = tmp_path / "warehouse" / "em.duckdb"
    path.parent.mkdir()
    assert run(Job(path, 0)) == 0
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a small disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ("-t", "tmpfs", "-o", f"size={DISK_SIZE}", "tmpfs", str(disk))
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)  # noqa: S607
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S607


def write_and_die(path: Path) -> Path:
    """Have another program write to a published file and die; give the log that it leaves."""
    written = subprocess.run([sys.executable, "-c", WRITER, str(path), "die"], check=False)
    assert written.returncode == -signal.SIGKILL
    log = path.with_name(f"{path.name}.wal")
    assert log.stat().st_size > 0
    return log


def kept_state(path: Path) -> int | None:
    """Give the generation of a published file's state, if it has one."""
    state = path.with_name(f"{path.name}.state") / "manifest.json"
    return json.loads(state.read_text())["generation"] if state.exists() else None


def assert_whole(path: Path, before: str, generation: int) -> bool:
    """Check that a file is the old one, byte for byte, or the new one; tell whether it is new."""
    is_new = digest(path) != before
    if is_new:
        assert not left_logs(path)
        assert generation_in(path) == generation
    state = kept_state(path)
    assert state is None or (state == generation) == is_new
    return is_new


def assert_in_order(path: Path, generation: int) -> None:
    """Check that a build's end is as it should be, with nothing left lying about."""
    assert generation_in(path) == kept_state(path) == generation
    there = {child.name for child in path.parent.iterdir()}
    assert there == {path.name, f"{path.name}.state", f".{path.name}.lock"}


def assert_told(job: Job, code: int | None, *, is_new: bool) -> None:
    """Check that the last line that a run printed, and its exit code, say what has happened."""
    assert "Traceback" not in job.stdout + job.stderr
    if is_new:
        assert code == 0
        assert job.stdout.endswith(f"\nPublished {job.warehouse_path}\n")
        assert "othing was published" not in job.stderr
    else:
        assert code != 0
        assert "othing was published" in job.stderr.splitlines()[-1]
        assert "Published" not in job.stdout


def test_a_hundred_kills_leave_the_old_file_or_the_new(published: Path) -> None:
    """At random moments, beside another program's log; one run more and all is in order."""
    moments = random.Random(20200916)  # noqa: S311
    started = time.monotonic()
    run(Job(published, 1))
    length = time.monotonic() - started
    log = write_and_die(published)
    left = log.read_bytes()
    outcomes = []
    for generation in range(2, KILLS + 2):
        log.write_bytes(left)
        before = digest(published)
        process = start(Job(published, generation))
        time.sleep(moments.uniform(0, length))
        process.kill()
        process.join()
        outcomes.append(assert_whole(published, before, generation))
        if generation % KILLS_TO_A_RERUN == 0:
            assert run(Job(published, generation)) == 0
            assert_in_order(published, generation)
    assert 0 < sum(outcomes) < KILLS


def test_a_kill_at_any_step_leaves_the_old_file_or_the_new(published: Path) -> None:
    """Before each call that the publication makes to the system, with a log to be removed."""
    log = write_and_die(published)
    left = log.read_bytes()
    outcomes = []
    for number in range(1, 200):
        log.write_bytes(left)
        before = digest(published)
        code = run(Job(published, number, strike_at=number, strike=die))
        outcomes.append(assert_whole(published, before, number))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert run(Job(published, number)) == 0
        assert_in_order(published, number)
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 5
    assert outcomes.count(True) > 5


def test_what_fails_at_any_step_is_told_truly(published: Path) -> None:
    """Each call that the publication makes to the system fails once."""
    outcomes = []
    for number in range(1, 200):
        before = digest(published)
        job = Job(published, number, strike_at=number, strike=fail, as_json=number % 2 == 0)
        struck = job.folder / "struck"
        struck.unlink(missing_ok=True)
        code = run(job)
        is_new = assert_whole(published, before, number)
        outcomes.append(is_new)
        if job.as_json:
            document = json.loads(job.stdout)
            assert document["status"] == ("published" if is_new else "failed")
            assert ("othing was published" in job.stderr) == (code != 0) == (not is_new)
        else:
            assert_told(job, code, is_new=is_new)
        if not struck.exists():
            break
    assert outcomes.count(False) > 3
    assert outcomes.count(True) > 3
    assert_in_order(published, len(outcomes))


def test_an_interrupt_is_told_truly(published: Path) -> None:
    """By Ctrl-C at random moments: either it stops the build or the build ends well."""
    moments = random.Random(20200916)  # noqa: S311
    started = time.monotonic()
    run(Job(published, 1))
    length = time.monotonic() - started
    for generation in range(2, INTERRUPTS + 2):
        before = digest(published)
        job = Job(published, generation)
        process = start(job)
        time.sleep(moments.uniform(0, length))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGINT)
        process.join()
        is_new = assert_whole(published, before, generation)
        assert process.exitcode == (0 if is_new else 130)
        assert_told(job, process.exitcode, is_new=is_new)


def test_a_full_disk_leaves_what_was_published(small_disk: Path) -> None:
    """It is full at another point each time, among them where the built file is closed."""
    published = small_disk / "em.duckdb"
    filler = small_disk / "filler"
    assert run(Job(published, 0)) == 0
    outcomes = []
    for number, room in enumerate(range(0, 2 * MEGABYTE, 64 * 1024), start=1):
        before = digest(published)
        free = shutil.disk_usage(small_disk).free
        filler.write_bytes(b"\0" * max(0, free - room))
        job = Job(published, number)
        code = run(job)
        is_new = assert_whole(published, before, number)
        assert_told(job, code, is_new=is_new)
        outcomes.append(is_new)
        filler.unlink()
    assert not outcomes[0]
    assert outcomes[-1]
    assert run(Job(published, 0)) == 0
    assert_in_order(published, 0)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 1.0, 1.1, 2.0, 4.0])
def test_a_limited_file_leaves_what_was_published(published: Path, share: float) -> None:
    """As on a full disk, for those who may not mount one."""
    size = published.stat().st_size
    before = digest(published)
    job = Job(published, 1, file_limit=int(size * share))
    code = run(job)
    assert_told(job, code, is_new=assert_whole(published, before, 1))
    assert run(Job(published, 2)) == 0
    assert_in_order(published, 2)


def test_a_log_that_dbt_left_is_part_of_what_is_published(tmp_path: Path) -> None:
    """The tests above would show nothing if the built file had no log."""
    write_tables(tmp_path / "built.duckdb", 1)
    assert (tmp_path / "built.duckdb.wal").stat().st_size > 100_000


def test_another_programs_log_is_not_replayed(published: Path) -> None:
    """Of a program that died. Readers refuse it, and the next build removes it and says so."""
    write_and_die(published)
    log = f"{published}.wal"
    commands = {"results": 2, "check_launch banner": 3, "export_datasets out": 2}
    for command, code in commands.items():
        name, *arguments = command.split()
        read = subprocess.run(
            [PROJECT_ROOT / "scripts" / name, *arguments],
            env={**os.environ, "WAREHOUSE_PATH": str(published)},
            cwd=published.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (read.returncode, read.stdout, read.stderr.count("\n")) == (code, "", 1)
        assert log in read.stderr
    job = Job(published, 1)
    assert run(job) == 0
    assert job.stderr.count("\n") == 1
    assert job.stderr.startswith("warning: ")
    assert log in job.stderr
    assert_in_order(published, 1)


def test_a_log_without_its_file_is_not_replayed(published: Path) -> None:
    """Somebody has deleted the published file, and nothing else."""
    write_and_die(published)
    published.unlink()
    assert run(Job(published, 1)) == 0
    assert_in_order(published, 1)


def test_a_program_that_writes_is_named(published: Path) -> None:
    """Before anything is built; it loses nothing, and when it has gone the build goes on."""
    command = [sys.executable, "-c", WRITER, str(published), "wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        before = digest(published)
        job = Job(published, 1)
        assert run(job) == 2
        assert job.stderr.count("\n") == 1
        assert f"{published} is open for writing in " in job.stderr
        assert f"(PID {writer.pid})" in job.stderr
        assert digest(published) == before
        writer.kill()
    assert run(Job(published, 1)) == 0
    assert_in_order(published, 1)


def test_a_program_that_writes_meanwhile_is_named(published: Path) -> None:
    """It opened the file while dbt built: the old one stays, and is what it goes on to change."""
    job = Job(published, 1, disturb=open_for_writing)
    try:
        assert run(job) == 1
    finally:
        writer = int((job.folder / "writer").read_text())
        os.kill(writer, signal.SIGKILL)
    assert f"(PID {writer})" in job.stderr
    assert job.stderr.splitlines()[-1].startswith("Nothing was published: ")
    assert kept_state(published) == 0


def open_for_writing() -> None:
    """Have another program open the published file, and outlive this one."""
    path = Path(os.environ["WAREHOUSE_PATH"])
    command = [sys.executable, "-c", WRITER, str(path), "wait"]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    Path(os.environ["DBT_TARGET_PATH"]).with_name("writer").write_text(str(writer.pid))


def test_readers_go_on_reading(published: Path) -> None:
    """Whoever has the old file open reads it to the end; whoever comes later reads the new one."""
    with duckdb.connect(str(published), read_only=True) as reader:
        assert run(Job(published, 1)) == 0
        assert reader.sql("select distinct generation from numbers").fetchall() == [(0,)]
    assert generation_in(published) == 1


def test_what_is_published_is_read_only(published: Path) -> None:
    """A program that writes by mistake is told so, but for the superuser's."""
    assert published.stat().st_mode & 0o222 == 0
    assert run(Job(published, 1)) == 0


def test_two_files_in_one_folder_keep_a_state_each(published: Path) -> None:
    """A state is of the file whose name it has."""
    other = published.with_name("other.duckdb")
    assert run(Job(other, 5)) == 0
    assert (kept_state(published), kept_state(other)) == (0, 5)
    assert run(Job(published, 6)) == 0
    assert (kept_state(published), kept_state(other)) == (6, 5)


def test_another_builds_state_is_not_kept(published: Path) -> None:
    """Two builds of different files that run at once share the folder that dbt writes to."""
    job = Job(published, 1, invocation_id="another")
    assert run(job) == 0
    assert (generation_in(published), kept_state(published)) == (1, None)
    assert job.stderr.startswith("warning: published, but not its manifest: another run of dbt")
    assert run(Job(published, 2)) == 0
    assert_in_order(published, 2)


def test_a_killed_build_is_repaired_by_the_next(tmp_path: Path) -> None:
    """The whole command, dbt and all."""
    published = tmp_path / "warehouse" / "em.duckdb"
    published.parent.mkdir()
    write_tables(published, 0)
    duckdb.connect(str(published)).close()
    before = digest(published)
    files = PROJECT_ROOT / "examples" / "plain_files"
    sources = {name: str(files / f"{name.lower()}.csv") for name in ("EXPOSURES", "EVENTS")}
    for seconds in (4, 14):
        build = subprocess.Popen(
            [PROJECT_ROOT / "scripts" / "build"],
            env={
                **os.environ,
                **sources,
                "WAREHOUSE_PATH": str(published),
                "DBT_TARGET_PATH": str(tmp_path / "target"),
                "DBT_LOG_PATH": str(tmp_path / "logs"),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        build.kill()
        build.wait()
        assert digest(published) == before
    done = run_build(published, **sources)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.sql("select count(*) from experiment_units").fetchall() == [(5,)]
    there = {child.name for child in published.parent.iterdir()}
    kept = {"em.duckdb", "em.duckdb.state", "em.duckdb.report", ".em.duckdb.lock"}
    assert there == {*kept, "logs", "target"}
