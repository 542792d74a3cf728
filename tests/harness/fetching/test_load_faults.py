"""Whatever goes wrong while the export is fetched: one line says it, and the next run goes on."""

import errno
import fcntl
import os
import pty
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export_loading import Load
from fetching import download, load_export, manifest, placing
from fetching.bucket import Bucket
from fetching.local_files import check_data_folder
from fetching.manifest import held_still
from pipeline import progress
from pipeline.errors import PipelineError
from s3_export import ACCOUNT, KEY, REGION, SECRET, TOKEN, Fault, S3Door, S3Export

pytestmark = pytest.mark.usefixtures("own_world")

Files = Callable[[], dict[str, bytes]]

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "load_export"
ONE, TWO = "type=decisions/date=2025-03-01", "type=decisions/date=2025-03-02"
BIG = bytes(range(256)) * 4000
"""A megabyte: more than a server sends at once."""


@pytest.fixture
def days(export: S3Export) -> dict[str, bytes]:
    """Write a small day, and one of a small and a big file; give what is to be here at the end."""
    export.put_day("decisions", "2025-03-01", {"experiment=1/part-0.parquet": b"one"})
    parts = {"experiment=1/part-0.parquet": b"two", "experiment=2/part-0.parquet": BIG}
    export.put_day("decisions", "2025-03-02", parts)
    return {
        f"{ONE}/experiment=1/part-0.parquet": b"one",
        f"{TWO}/experiment=1/part-0.parquet": b"two",
        f"{TWO}/experiment=2/part-0.parquet": BIG,
        f"{ONE}/_SUCCESS": b"",
        f"{TWO}/_SUCCESS": b"",
    }


def only_first_day(days: dict[str, bytes]) -> dict[str, bytes]:
    """Give what is here where the second day could not come."""
    return {path: content for path, content in days.items() if path.startswith(ONE)}


BIG_FILE = f"{TWO}/experiment=2/part-0.parquet"

# --- while files come -----------------------------------------------------------------------------


def test_a_broken_connection_is_taken_up(
    days: dict[str, bytes], door: S3Door, load: Load, files: Files
) -> None:
    """Where it broke, and not from the beginning."""
    door.faults += [Fault(BIG_FILE, cut=700_000), Fault(BIG_FILE, cut=200_000)]
    found = load()
    assert (found.code, found.err) == (0, "")
    assert files() == days
    first, *others = [request.range for request in door.requests if BIG_FILE in request.path]
    assert first == ""
    assert len(others) == 2
    assert all(re.fullmatch(r"bytes=[1-9]\d+-", each) for each in others)


def test_a_byte_that_is_wrong_comes_again(
    days: dict[str, bytes], door: S3Door, load: Load, files: Files
) -> None:
    """By the checksum or the MD5 that S3 gives."""
    door.faults.append(Fault(BIG_FILE, flip=500_000))
    assert load().code == 0
    assert files() == days


FAILURES = {
    "always wrong": (Fault(BIG_FILE, times=99, flip=5), "arrived damaged"),
    "always broken": (Fault(BIG_FILE, times=99, cut=5), "broke off at"),
    "403": (Fault(BIG_FILE, times=99, status=403, code="AccessDenied"), "s3:GetObject there"),
    "KMS": (
        Fault(
            BIG_FILE,
            times=99,
            status=403,
            code="AccessDenied",
            message="not authorized to perform: kms:Decrypt on resource: arn:aws:kms:secret",
        ),
        "is encrypted by a key of AWS KMS that may not be used (AccessDenied)",
    ),
    "KMS disabled": (
        Fault(BIG_FILE, times=99, status=400, code="KMS.DisabledException"),
        "is encrypted by a key of AWS KMS that may not be used (KMS.DisabledException)",
    ),
    "503": (Fault(BIG_FILE, times=99, status=503, code="SlowDown"), "S3 answers SlowDown for"),
    "500": (Fault(BIG_FILE, times=99, status=500, code="InternalError"), "S3 answers Internal"),
    "expired": (Fault(BIG_FILE, times=99, status=400, code="ExpiredToken"), "keys have expired"),
    "gone": (Fault(BIG_FILE, times=99, status=404, code="NoSuchKey"), "was replaced or removed"),
    "archived": (
        Fault(BIG_FILE, times=99, status=403, code="InvalidObjectState"),
        "is in an archive of S3. Restore it, and run this again.",
    ),
}


@pytest.mark.parametrize(("fault", "said"), FAILURES.values(), ids=FAILURES)
def test_what_came_whole_stays(  # noqa: PLR0913, PLR0917 - fixtures
    days: dict[str, bytes], door: S3Door, load: Load, files: Files, fault: Fault, said: str
) -> None:
    """The day that could not be completed isn't there; the next run asks for the rest alone."""
    fault = Fault(**vars(fault))  # it counts
    door.faults.append(fault)
    # In the order of the days, so that it can be said what came.
    failed = load("--jobs", "1")
    assert failed.code == 1
    (line,) = failed.err.splitlines()
    assert said in line
    assert "arn:aws" not in line
    assert files() == only_first_day(days)
    assert "1 day (1 file, 3 bytes) fetched" in failed.out
    door.faults.clear()
    door.requests.clear()
    assert load().code == 0
    assert files() == days
    assert door.files == [BIG_FILE]


def test_what_passes_is_asked_again(
    days: dict[str, bytes], door: S3Door, load: Load, files: Files
) -> None:
    """boto3 does that, where a server is overloaded for a moment."""
    door.faults.append(Fault(BIG_FILE, status=503, code="SlowDown"))
    assert load().code == 0
    assert files() == days


def test_silence_is_bounded(
    days: dict[str, bytes],
    door: S3Door,
    load: Load,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By --timeout, each time."""
    monkeypatch.setattr(download, "ATTEMPTS", 2)
    door.faults.append(Fault(BIG_FILE, times=99, delay=3))
    began = time.monotonic()
    failed = load("--timeout", "0.2", "--jobs", "1")
    assert failed.code == 1
    assert "127.0.0.1 took too long to answer for" in failed.err
    assert files() == only_first_day(days)
    assert time.monotonic() - began < 20


def test_a_file_that_is_replaced_meanwhile_is_not_mixed(
    export: S3Export, days: dict[str, bytes], door: S3Door, load: Load, files: Files
) -> None:
    """The rest of another version isn't put behind what came of the first."""
    other = BIG[::-1]
    door.faults += [
        Fault(BIG_FILE, cut=700_000),
        Fault(BIG_FILE, act=lambda: export.put(BIG_FILE, other)),
    ]
    failed = load("--jobs", "1")
    assert failed.code == 1
    assert f"{BIG_FILE} was replaced or removed while it was fetched. Run this again." in failed.err
    assert load().code == 0
    assert files() == days | {BIG_FILE: other}


# --- before they come -----------------------------------------------------------------------------

LISTS = "list-type"
REFUSALS = {
    "denied": (Fault(LISTS, status=403, code="AccessDenied"), "The AWS keys need s3:ListBucket"),
    "expired": (Fault(LISTS, status=400, code="ExpiredToken"), "The AWS keys have expired."),
    "unknown key": (
        Fault(LISTS, status=403, code="InvalidAccessKeyId", message=f"The key {KEY} is none"),
        "S3 doesn't accept the AWS keys (InvalidAccessKeyId for s3://",
    ),
    "signature": (
        Fault(LISTS, status=403, code="SignatureDoesNotMatch", message=f"{SECRET} {TOKEN}"),
        "S3 doesn't accept the AWS keys (SignatureDoesNotMatch for s3://",
    ),
    "clock": (Fault(LISTS, status=403, code="RequestTimeTooSkewed"), "This machine's clock is"),
    "bucket": (Fault(LISTS, status=404, code="NoSuchBucket"), "There is no bucket export-"),
    "region": (
        Fault(
            "",
            status=301,
            code="PermanentRedirect",
            headers={"x-amz-bucket-region": "eu-west-1"},
        ),
        f"is not in the region {REGION} (PermanentRedirect). Set AWS_REGION to eu-west-1.",
    ),
    "no region": (Fault("", status=301, code="PermanentRedirect"), "AWS_REGION to the one that"),
    "broken": (Fault(LISTS, cut=10), "S3 answers 500 for"),
}


@pytest.mark.parametrize(("fault", "said"), REFUSALS.values(), ids=REFUSALS)
@pytest.mark.usefixtures("days")
def test_what_keeps_it_from_starting(
    door: S3Door, load: Load, files: Files, fault: Fault, said: str
) -> None:
    """Exit code 2, one line, and nothing that S3 says of keys."""
    door.faults.append(Fault(**vars(fault) | {"times": 10_000}))
    refused = load("--dry-run")
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert refused.err.count("\n") == 1
    assert not any(secret in refused.err for secret in (KEY, SECRET, TOKEN))
    assert files() == {}


def test_no_network(export: S3Export, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says of which server, and not what else its address holds."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://someone:pass-canary@127.0.0.1:1")
    refused = load("--bucket", export.bucket)
    assert refused.code == 2
    assert "load_export: 127.0.0.1 can't be reached. Check the network" in refused.err
    assert "pass-canary" not in refused.err


def test_a_wrong_address(load: Load, monkeypatch: pytest.MonkeyPatch, export: S3Export) -> None:
    """What boto3 can't use is told as a setting."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "nonsense")
    refused = load("--bucket", export.bucket)
    assert refused.code == 2
    assert "The settings of AWS can't be used (ValueError)." in refused.err


# --- the disk -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("days")
def test_a_disk_without_room_is_seen_before(
    door: S3Door,
    load: Load,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What would come is known."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    refused = load()
    assert refused.code == 2
    assert "1.0 MB would come, and the disk of" in refused.err
    assert (files(), door.files) == ({}, [])


def test_a_disk_that_gets_full_is_told(
    days: dict[str, bytes], load: Load, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came whole stays."""
    sync = os.fsync

    def full(descriptor: int) -> None:
        if os.fstat(descriptor).st_size == len(BIG):
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        failed = load("--jobs", "1")
    assert failed.code == 1
    assert failed.err == (
        f"load_export: The disk is full: {BIG_FILE} could not be written. Make room, and run this"
        " again; what came whole stays.\n"
    )
    assert files() == only_first_day(days)
    assert load().code == 0
    assert files() == days


@pytest.mark.usefixtures("days")
def test_a_folder_that_can_t_be_made_is_told(load: Load, folder: Path, door: S3Door) -> None:
    """Before anything is asked for."""
    folder.parent.joinpath("file").write_text("no folder")
    refused = load("--output", str(folder.parent / "file" / "below"))
    assert refused.code == 2
    assert "Choose another --output." in refused.err
    assert door.files == []


# --- being stopped --------------------------------------------------------------------------------


class KilledError(BaseException):
    """The end of the process, of which nobody hears."""


def strike_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end at a change of the data folder: the first is 0."""
    made = iter(range(1000))

    def struck(change: Callable[..., Any]) -> Callable[..., Any]:
        def maybe(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
            if next(made) == number:
                raise KilledError
            return change(*arguments, **named)

        return maybe

    for name in ("replace", "unlink", "touch", "rmdir", "mkdir"):
        monkeypatch.setattr(Path, name, struck(getattr(Path, name)))
    monkeypatch.setattr(manifest, "sync", struck(manifest.sync))
    monkeypatch.setattr(placing, "sync", struck(placing.sync))


def keep_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make boto3's client once for all runs, since that takes longer than a run."""
    kept: list[Bucket] = []

    def opened(*given: Any) -> Bucket:  # noqa: ANN401 - as Bucket has it
        if not kept:
            kept.append(Bucket(*given))
        return kept[0]

    monkeypatch.setattr(load_export, "Bucket", opened)


def test_a_kill_between_any_two_changes_is_mended(
    export: S3Export,
    load: Load,
    folder: Path,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A build then finds the day as it was or as it is now, or refuses it; a run mends it."""
    seen: set[str] = set()
    keep_one_client(monkeypatch)
    for number in range(60):
        path = f"{ONE}/experiment={number}"
        before = {f"{path}/old-{part}.parquet": b"old" for part in range(2)}
        after = {f"{path}/new.parquet": b"new", f"{path}/old-0.parquet": b"OLD"}
        for each in list(files()):
            export.delete(each)
        for each, content in before.items():
            export.put(each, content)
        export.put(f"{ONE}/_SUCCESS")
        assert load("--type", "decisions").code == 0
        assert {each for each in files() if each.endswith("parquet")} == set(before)
        export.delete(f"{path}/old-1.parquet")
        for each, content in after.items():
            export.put(each, content)
        with monkeypatch.context() as patched:
            strike_at(number, patched)
            try:
                ended = load("--type", "decisions", "--jobs", "1").code == 0
            except KilledError:
                ended = False
        # Those of a process that is killed end with it.
        for thread in threading.enumerate():
            if thread.name == download.THREADS:
                thread.join()
        now = {each: content for each, content in files().items() if each.endswith("parquet")}
        try:
            assert check_data_folder(folder) == []
            assert now in (before, after)
            seen.add("old" if now == before else "new")
        except PipelineError as refused:
            assert "Run ./scripts/load_export --date 2025-03-01 again" in str(refused)  # noqa: PT017
            seen.add("refused")
        assert load("--type", "decisions").code == 0
        left = {each: content for each, content in files().items() if each.endswith("parquet")}
        assert left == after
        assert check_data_folder(folder) == []
        assert list((folder / ".load_export" / "incoming").iterdir()) == []
        if ended:
            break
    assert ended
    assert seen == {"old", "new", "refused"}


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Run the command as people do."""
    # In the background a shell has interrupts ignored, and so would the command.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(
        [SCRIPT, "--account", ACCOUNT, "--output", folder, "--from", "2025-03-01", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(found: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 60
    while not found():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_whoever_is_stopped_goes_on(  # noqa: PLR0913, PLR0917 - fixtures
    days: dict[str, bytes],
    door: S3Door,
    load: Load,
    folder: Path,
    files: Files,
    ending: signal.Signals,
) -> None:
    """In the middle of a file, with another of its day there: the next run makes them whole."""
    door.faults.append(Fault(BIG_FILE, trickle=0.5))
    process = start(folder)
    incoming = folder / ".load_export" / "incoming"
    wait_for(
        lambda: (
            (folder / ONE / "_SUCCESS").exists()
            and len([path for path in incoming.iterdir() if path.suffix != ".unfinished"]) == 1
            and any(path.stat().st_size > 20_000 for path in incoming.glob("*.unfinished"))
        )
    )
    seen = " ".join(
        path.read_text(errors="replace") for path in Path("/proc").glob("[0-9]*/cmdline")
    )
    assert "load_export" in seen
    assert not any(secret in seen for secret in (SECRET, TOKEN))
    began = time.monotonic()
    process.send_signal(ending)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 5
    if ending == signal.SIGINT:
        assert process.returncode == 130
        assert err == "load_export: stopped. What came whole stays; run this again for the rest.\n"
    else:
        assert process.returncode == -ending
    assert "Traceback" not in out + err
    assert files() == only_first_day(days)
    assert check_data_folder(folder) == []
    door.faults.clear()
    door.requests.clear()
    assert load().code == 0
    assert files() == days
    assert door.files == [BIG_FILE]
    assert list(incoming.iterdir()) == []


@pytest.mark.usefixtures("days")
def test_two_at_once_are_told(load: Load, folder: Path, door: S3Door) -> None:
    """The second one ends."""
    (folder / ".load_export").mkdir(parents=True)
    with (folder / ".load_export" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = load()
    assert refused.code == 2
    assert refused.err == (
        f"load_export: Another load_export is at work in {folder}. Wait for it to end.\n"
    )
    assert door.files == []


def test_a_day_waits_for_a_build(
    export: S3Export, days: dict[str, bytes], load: Load, folder: Path, files: Files
) -> None:
    """Who reads a folder for minutes should find all of it of one time."""
    assert load().code == 0
    export.put(f"{ONE}/experiment=1/part-0.parquet", b"ONE")
    with held_still(folder):
        process = start(folder)
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said == f"load_export: waiting for a build that reads {folder} ...\n"
        assert files() == days
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "Changed since their _SUCCESS, fetched again: decisions 2025-03-01." in out
    assert files() == days | {f"{ONE}/experiment=1/part-0.parquet": b"ONE"}


# --- progress -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("days")
def test_a_line_says_how_far_it_is(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then, where there is no terminal."""
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    lines = load("--jobs", "1").err.splitlines()
    assert lines[0] == "load_export: 0 of 3 files, 3 bytes of 1.0 MB fetched"
    assert lines[-1] == "load_export: 3 of 3 files, 1.0 MB of 1.0 MB fetched"


@pytest.mark.usefixtures("days")
def test_a_bar_says_how_far_it_is(door: S3Door, folder: Path) -> None:
    """On a terminal."""
    door.faults.append(Fault(BIG_FILE, trickle=0.02))
    own, theirs = pty.openpty()
    process = subprocess.Popen(
        [SCRIPT, "--account", ACCOUNT, "--output", folder, "--from", "2025-03-01"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "150"},
    )
    os.close(theirs)
    shown = bytearray()

    def read() -> None:
        # A terminal that is closed is an error on Linux, and an end elsewhere.
        with open(own, "rb", buffering=0) as terminal:  # noqa: PTH123 - a descriptor
            try:
                while piece := terminal.read(4096):
                    shown.extend(piece)
            except OSError:
                pass

    reading = threading.Thread(target=read)
    reading.start()
    assert process.wait(timeout=60) == 0
    reading.join(timeout=10)
    assert re.search(r"2 of 3 files, [\d.]+ kB of 1.0 MB fetched", shown.decode())
