"""By which keys the export is fetched, and that nobody gets to see them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from export_loading import Load, Ran
from fetching import load_export
from optimizely_api import (
    TOKEN,
    TOKEN_PART,
    Answer,
    FakeOptimizely,
    fake_optimizely,
    problem,
)
from pipeline import cli
from s3_export import ACCOUNT, ROOT, SECRET, Fault, S3Door, S3Export
from s3_export import TOKEN as SESSION

pytestmark = pytest.mark.usefixtures("own_world")

Files = Callable[[], dict[str, bytes]]

DAYS = ("--from", "2025-03-01", "--to", "2025-03-02")
ONE = "type=decisions/date=2025-03-01"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOptimizely]:
    """Give Optimizely's API, to which the environment leads."""
    with fake_optimizely() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def by_api(
    export: S3Export,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    api: FakeOptimizely,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Ran]:
    """Give what runs the command by the API's word alone, on two days of two files each."""
    for day in ("2025-03-01", "2025-03-02"):
        parts = {f"experiment={number}/part-0.parquet": b"x" * number for number in (1, 2)}
        export.put_day("decisions", day, parts)
    for name in ("BUCKET", "PREFIX"):
        monkeypatch.delenv(f"OPTIMIZELY_EXPORT_{name}", raising=False)
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.delenv(f"AWS_{name}")
    assert api.requests == []

    def run(*arguments: str) -> Ran:
        code = load_export.main(["--output", str(folder), *DAYS, *arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


def keys(export: S3Export, number: int, minutes: float, root: str = ROOT) -> dict[str, Any]:
    """Give the API's answer: the number tells the keys apart."""
    expires_at = datetime.now(UTC) + timedelta(minutes=minutes)
    return {
        "credentials": {
            "accessKeyId": f"ASIACANARY{number}",
            "secretAccessKey": f"canary-secret-{number}",
            "sessionToken": f"canary-session-{number}",
            "expiration": int(expires_at.timestamp() * 1000),
        },
        "s3Path": f"s3://{export.bucket}/{root}",
    }


def test_optimizely_says_it_all(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran], door: S3Door, files: Files
) -> None:
    """Account, bucket, prefix and keys; asked once where they last."""
    api.answer_credentials(keys(export, 1, minutes=60))
    found = by_api()
    assert (found.code, found.err) == (0, "")
    assert f"From s3://{export.bucket}/{ROOT} to" in found.out
    assert len(files()) == 6
    assert {request.access_key for request in door.requests} == {"ASIACANARY1"}
    assert api.paths == ["/v2/export/credentials"]


def test_keys_are_renewed_midway(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran], door: S3Door, files: Files
) -> None:
    """Botocore asks for new ones a quarter of an hour before they run out."""
    api.answer_credentials(keys(export, 1, minutes=15 + 3 / 60), keys(export, 2, minutes=60))
    door.faults.append(Fault(f"{ONE}/experiment=1", delay=4))
    assert by_api("--jobs", "1").code == 0
    assert len(files()) == 6
    used = [request.access_key for request in door.requests]
    assert used == ["ASIACANARY1"] * 3 + ["ASIACANARY2"] * 3
    assert len(api.requests) == 2


def test_keys_that_can_t_be_renewed_end_it(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran], files: Files, door: S3Door
) -> None:
    """What came stays; the line is the API's, not a traceback of botocore."""
    api.answer_credentials(keys(export, 1, minutes=10 + 3 / 60), problem(403, TOKEN))
    door.faults.append(Fault(f"{ONE}/experiment=2", delay=4))
    # Keys of less than a quarter of an hour are renewed at once: that fails, and they still do.
    failed = by_api("--jobs", "1")
    assert failed.code == 1
    assert failed.err.startswith("load_export: 127.0.0.1 answers /v2/export/credentials with 403:")
    assert failed.err.count("\n") == 1
    assert {path for path in files() if path.endswith("parquet")} == {
        f"{ONE}/experiment=1/part-0.parquet",
        f"{ONE}/experiment=2/part-0.parquet",
    }


def test_new_keys_that_have_expired_are_told(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran]
) -> None:
    """As where a machine's clock is wrong."""
    api.answer_credentials(keys(export, 1, minutes=-60))
    refused = by_api()
    assert refused.code == 2
    assert refused.err.startswith("load_export: The AWS keys have expired.")
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(401, "Invalid token"), "answers /v2/export/credentials with 401"),
        (problem(403, "Forbidden"), "answers /v2/export/credentials with 403"),
        (Answer(b"<html>"), "answers /v2/export/credentials with no JSON"),
        (Answer({"credentials": None}), "Optimizely's API answers with something else than AWS"),
        (Answer({"credentials": {}, "s3Path": "s3://b/v1/account_id=1/"}), "something else"),
    ],
    ids=["401", "403", "html", "null", "empty"],
)
def test_what_the_api_refuses_is_told(
    api: FakeOptimizely, by_api: Callable[..., Ran], door: S3Door, answer: Answer, said: str
) -> None:
    """Nothing is asked of S3 then."""
    api.answer_credentials(answer)
    refused = by_api()
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert refused.err.count("\n") == 1
    assert door.requests == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "s3://",
        "s3:///v1/account_id=1/",
        "https://b/v1/account_id=1/",
        "s3://b/v1/account_id=../",
    ],
)
def test_a_path_that_isn_t_one_is_refused(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran], path: str
) -> None:
    """Before anything is asked of S3."""
    api.answer_credentials(keys(export, 1, minutes=60) | {"s3Path": path})
    refused = by_api()
    assert refused.code == 2
    assert "answers with something else than AWS keys and an s3:// path" in refused.err
    assert "canary" not in refused.err


def test_another_account_than_the_token_s_is_refused(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran], door: S3Door
) -> None:
    """Its keys could not read it anyway."""
    api.answer_credentials(keys(export, 1, minutes=60))
    refused = by_api("--account", "99")
    assert refused.code == 2
    said = f"OPTIMIZELY_API_TOKEN is of account {ACCOUNT}, and --account says 99."
    assert said in refused.err
    assert door.requests == []
    assert by_api("--account-id", ACCOUNT).code == 0


def test_a_copy_elsewhere_is_read_by_optimizely_s_keys(
    export: S3Export, api: FakeOptimizely, by_api: Callable[..., Ran]
) -> None:
    """--bucket and --prefix are the caller's word."""
    api.answer_credentials(keys(export, 1, minutes=60) | {"s3Path": f"s3://other/{ROOT}"})
    assert by_api("--bucket", export.bucket).code == 0
    assert "There is no bucket other" in by_api().err


def test_there_must_be_keys(
    export: S3Export, load: Load, monkeypatch: pytest.MonkeyPatch, door: S3Door
) -> None:
    """All ways to give some are named."""
    put(export)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "The AWS keys are incomplete. Set AWS_PROFILE, or" in load().err
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    refused = load()
    assert refused.code == 2
    assert refused.err == (
        "load_export: There are no AWS keys. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one), or OPTIMIZELY_API_TOKEN"
        " for keys from Optimizely.\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "none")
    assert "AWS_PROFILE names a profile that isn't there. Correct it." in load().err
    assert door.requests == []


def test_a_profile_that_isn_t_there_is_told_with_a_token_too(
    export: S3Export,
    api: FakeOptimizely,
    by_api: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The region is read from it."""
    api.answer_credentials(keys(export, 1, minutes=60))
    monkeypatch.setenv("AWS_PROFILE", "none")
    refused = by_api()
    assert refused.code == 2
    assert refused.err == (
        "load_export: AWS_PROFILE names a profile that isn't there. Correct it.\n"
    )


def test_a_profile_gives_keys_and_region(
    export: S3Export, load: Load, monkeypatch: pytest.MonkeyPatch, door: S3Door, tmp_path: Path
) -> None:
    """As for any AWS tool."""
    put(export)
    profile = tmp_path / "config"
    profile.write_text(
        f"[profile mine]\nregion=eu-west-3\naws_access_key_id=AKIAMINE\n"
        f"aws_secret_access_key={SECRET}\n"
    )
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.delenv(f"AWS_{name}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(profile))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    assert load().code == 0
    assert {request.access_key for request in door.requests} == {"AKIAMINE"}
    elsewhere = {"x-amz-bucket-region": "us-east-1"}
    door.faults.append(Fault("", 99, status=301, code="PermanentRedirect", headers=elsewhere))
    assert "is not in the region eu-west-3" in load().err
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    assert "is not in the region eu-west-2" in load().err


def put(export: S3Export) -> None:
    """Write one day."""
    export.put_day("decisions", "2025-03-01", {"experiment=1/part-0.parquet": b"one"})


def test_no_token_is_taken_as_an_argument(load: Load, door: S3Door) -> None:
    """Nor is it repeated."""
    for arguments in (["--token", TOKEN], [f"--token={TOKEN}"]):
        refused = load(*arguments)
        assert refused.code == 2
        assert "Set OPTIMIZELY_API_TOKEN to it instead" in refused.err
        assert TOKEN_PART not in refused.err
    assert door.requests == []


SECRETS = (SECRET, SESSION, TOKEN_PART, "canary-secret", "canary-session")
TROUBLES = {
    "none": [],
    "signature": [Fault("list-type", times=9, status=403, code="SignatureDoesNotMatch")],
    "denied": [Fault("experiment=2", times=9, status=403, code="AccessDenied")],
    "broken": [Fault("experiment=2", times=99, cut=0)],
    "our defect": [Fault("experiment=2", times=9, status=200, code="")],
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("source", ["chain", "api"])
def test_no_secret_is_left_anywhere(  # noqa: PLR0913, PLR0917 - fixtures
    export: S3Export,
    api: FakeOptimizely,
    by_api: Callable[..., Ran],
    door: S3Door,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    source: str,
    trouble: str,
) -> None:
    """Not in what is printed, logged or written, whatever goes wrong: names of keys excepted."""
    monkeypatch.setattr(cli, "TRACEBACK_FILE", tmp_path / "traceback.log")
    arguments = ["--jobs", "1"]
    if source == "chain":
        monkeypatch.delenv("OPTIMIZELY_API_TOKEN")
        for name, value in export.environment.items():
            monkeypatch.setenv(name, value)
        arguments += ["--account", ACCOUNT]
    else:
        api.answer_credentials(keys(export, 1, minutes=11), keys(export, 2, minutes=11))
    echo = f"{SECRET} {SESSION} {TOKEN} canary-secret-1 canary-session-1"
    door.faults += [Fault(**vars(fault) | {"message": echo}) for fault in TROUBLES[trouble]]
    said = [by_api(*arguments, *more) for more in ([], ["--json"], ["--dry-run"])]
    texts = [ran.out + ran.err for ran in said] + [caplog.text]
    texts += [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(door.requests) > 2
    for secret in SECRETS:
        assert not [text for text in texts if secret in text]
    assert said[0].code == (0 if trouble == "none" else 2 if trouble == "signature" else 1)
    assert (folder / ".load_export").is_dir()
