"""--notify: who is told what of builds and launches, and that no address of a webhook gets out."""

import fcntl
import json
import logging
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import PROJECT_ROOT, run_build
from pipeline import check_launch, notify
from pipeline.errors import UsageError
from pipeline.http_pool import Patience
from pipeline.notice import TEXT_LIMIT, Notice, experiment_notice
from pipeline.notify import Notifier, read_notifier
from webhook import Webhook, serve_webhook

DOCS = PROJECT_ROOT / "docs" / "notifications.md"
SECRET = "T0000/canary-Xy7"  # noqa: S105 - opens nothing; no output may have it
HASTE = Patience(attempts=3, connect_seconds=2, read_seconds=0.5, backoff=0.01, longest_wait=1)
PUBLISHED = Notice("build", "published", 0)
HOSTILE = "<!channel> & <https://evil.example|ban\x1b[2Jner>\r\n=1+1\u202e"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """Give a webhook that takes everything."""
    with serve_webhook() as served:
        yield served


def notifier_of(url: str, form: str = "json") -> Notifier:
    """Give what notifies a secret address below a server, in haste."""
    return replace(read_notifier(f"{url}/{SECRET}", form), patience=HASTE)


def hostile_notice() -> Notice:
    """Tell of an experiment whose every text is hostile."""
    decision = dict.fromkeys(("variation_id", "variation_name", "rule", "reason"), HOSTILE)
    check = dict.fromkeys(("check_name", "segment_name", "segment_value", "message"), HOSTILE)
    experiment = experiment_notice(
        {"id": HOSTILE, "name": HOSTILE, "as_of_at": None},
        [{**decision, "verdict": "invalid"}],
        [{**check, "status": status} for status in ("fail", "ok", "warn", None)],
    )
    return Notice("build", "published", 0, [experiment], [HOSTILE])


# --- delivering -----------------------------------------------------------------------------------


def test_a_webhook_gets_one_document(hook: Webhook) -> None:
    """As JSON, once."""
    assert notifier_of(hook.url).tell(hostile_notice()) == []
    ((path, content_type, body),) = hook.posted
    assert (path, content_type) == (f"/{SECRET}", "application/json")
    assert json.loads(body) == hostile_notice().document()


def test_a_bad_moment_is_waited_for(hook: Webhook) -> None:
    """What fails once is sent again, as it was."""
    hook.statuses = (503, 429, 200)
    assert notifier_of(hook.url).tell(PUBLISHED) == []
    assert len(hook.posted) == 3
    assert len({body for *_, body in hook.posted}) == 1


@pytest.mark.parametrize(
    ("statuses", "delay", "count", "said"),
    [
        ((500,), 0, 3, "127.0.0.1 answers 500."),
        ((404,), 0, 1, "127.0.0.1 answers 404."),
        ((302,), 0, 1, "127.0.0.1 answers 302: it sends the notice elsewhere"),
        ((307,), 0, 1, "127.0.0.1 answers 307: it sends the notice elsewhere"),
        ((200,), 30, 3, "127.0.0.1 can't be reached, or doesn't answer."),
    ],
)
def test_what_is_not_taken_is_a_warning(  # noqa: PLR0913, PLR0917 - a case has parts
    hook: Webhook,
    caplog: pytest.LogCaptureFixture,
    statuses: tuple[int, ...],
    delay: float,
    count: int,
    said: str,
) -> None:
    """By the host, and never by the address, not even in logs; no redirect is followed."""
    caplog.set_level(logging.DEBUG)
    with serve_webhook() as other:
        hook.statuses, hook.delay, hook.location = statuses, delay, f"{other.url}/elsewhere"
        (warning,) = notifier_of(hook.url).tell(PUBLISHED)
        assert warning.startswith(f"nobody was notified: {said}")
        assert len(hook.posted) == count
        assert other.posted == []
    assert SECRET not in warning + caplog.text


def test_nobody_there_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """A port at which nobody listens."""
    caplog.set_level(logging.DEBUG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        notifier = notifier_of(f"http://127.0.0.1:{free.getsockname()[1]}")
        (warning,) = notifier.tell(PUBLISHED)
    assert warning.startswith("nobody was notified: 127.0.0.1 can't be reached")
    assert SECRET not in warning + caplog.text + repr(notifier)


def test_a_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it can't be written, the old one stays, and nothing lies beside it."""
    file = tmp_path / "notice.json"
    file.write_text("old")
    notifier = read_notifier(str(file), "json")
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        broken.setattr(notify, "sync", fail)
        (warning,) = notifier.tell(PUBLISHED)
    assert "No space left on device" in warning
    assert (file.read_text(), list(tmp_path.iterdir())) == ("old", [file])
    assert notifier.tell(hostile_notice()) == []
    assert json.loads(file.read_text()) == hostile_notice().document()
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "target",
    [
        f"ftp://host/{SECRET}",
        f"https:///{SECRET}",
        f"https://me:{SECRET}@host/",
        f"https://host:port/{SECRET}",
        f"https://host/{SECRET}\n",
        f"/nowhere/{SECRET}",
        str(PROJECT_ROOT),
    ],
)
def test_no_place_to_notify_is_refused(target: str) -> None:
    """Before anything is built, and without the address."""
    with pytest.raises(UsageError, match=r"^--notify or NOTIFY ") as told:
        read_notifier(target, "json")
    assert SECRET not in str(told.value)


def test_nothing_is_told_by_default() -> None:
    """Neither without the option nor with an empty one."""
    for target in (None, ""):
        notifier = read_notifier(target, "json")
        assert not notifier.is_anybody
        assert notifier.tell(PUBLISHED) == []


# --- what is told ---------------------------------------------------------------------------------


def test_texts_stay_in_their_lines() -> None:
    """Whatever names hold; what is well is not told."""
    lines = hostile_notice().text().splitlines()
    assert lines[0] == "build: published"
    assert [line.split(":")[0] for line in lines[4:]] == ["- fail", "- warn", "- None"]
    assert len(lines) == 7
    assert all(line.isprintable() for line in lines)


def test_a_text_ends_where_a_message_may() -> None:
    """It says how many lines are left out; the document has them all."""
    notice = Notice("build", "failed", 1, failures=[f"{n} {'x' * 100}" for n in range(100)])
    assert len(notice.text()) <= TEXT_LIMIT
    kept = notice.text().splitlines()
    assert kept[-1] == f"... and {101 - (len(kept) - 1)} more lines"
    assert len(notice.document()["failures"]) == 100


def test_slack_gets_a_text_that_mentions_nobody(hook: Webhook) -> None:
    """Nothing but the text, with what Slack would obey escaped."""
    assert notifier_of(hook.url, "slack").tell(hostile_notice()) == []
    document = json.loads(hook.posted[0][2])
    assert set(document) == {"text"}
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example|" in document["text"]
    assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", document["text"])


def test_the_docs_name_every_field() -> None:
    """Of the document, its experiments, verdicts and checks."""
    text = DOCS.read_text(encoding="utf-8")
    document = hostile_notice().document()
    (experiment,) = document["experiments"]
    fields = {*document, *experiment, *experiment["verdicts"][0], *experiment["checks"][0]}
    assert [name for name in sorted(fields) if f"`{name}`" not in text] == []
    assert f"`{document['schema_version']}`" in text


# --- check_launch ---------------------------------------------------------------------------------

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(sample_build: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Ask:
    """Give the command, run in this process on the sample's results."""
    monkeypatch.setattr(notify, "PATIENCE", HASTE)

    def asked(*arguments: str, **environment: str) -> tuple[int, str, str]:
        monkeypatch.setenv("WAREHOUSE_PATH", str(sample_build))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = check_launch.main(arguments, now=lambda: datetime(2020, 11, 24, tzinfo=UTC))
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


def test_an_answer_is_told(ask: Ask, hook: Webhook) -> None:
    """The verdict that the exit code stands for, with why, and the checks that warn."""
    named = ("covid_messaging_experiment", "message_2")
    code, out, err = ask(*named, NOTIFY=f"{hook.url}/{SECRET}")
    assert (code, err) == (0, "")
    assert SECRET not in out
    document = json.loads(hook.posted[0][2])
    assert (document["command"], document["status"], document["exit_code"]) == (
        "check_launch",
        "ship",
        0,
    )
    (experiment,) = document["experiments"]
    (verdict,) = experiment["verdicts"]
    assert (verdict["variation_name"], verdict["verdict"]) == ("message_2", "ship")
    assert "missing_guardrail" in {check["check_name"] for check in experiment["checks"]}
    assert "ok" not in {check["status"] for check in experiment["checks"]}
    assert "\n- message_2: ship. Purchase conversion rate is better: " in document["text"]
    assert ask(*named, "--max-age-hours", "1")[0] == 11
    assert json.loads(hook.posted[1][2])["status"] == "inconclusive"


def test_an_answer_stays_where_nobody_hears_it(ask: Ask, hook: Webhook) -> None:
    """The exit code is the verdict's; one line on stderr says that nobody was notified."""
    hook.statuses = (410,)
    named = ("covid_messaging_experiment", "message_2", "--json")
    code, out, err = ask(*named, "--notify", f"{hook.url}/{SECRET}")
    assert (code, json.loads(out)["verdict"]) == (0, "ship")
    assert err == "warning: nobody was notified: 127.0.0.1 answers 410.\n"


def test_that_there_is_no_answer_is_told(ask: Ask, tmp_path: Path) -> None:
    """No results, or no such experiment: whoever waits for a yes hears that there is none."""
    file = tmp_path / "notice.json"
    code, _, err = ask("poster", "--notify", str(file))
    assert (code, err.count("\n")) == (2, 1)
    told = json.loads(file.read_text())
    assert (told["status"], told["exit_code"], told["experiments"]) == ("failed", 2, [])
    assert "poster" not in told["text"]


# --- build ----------------------------------------------------------------------------------------


@pytest.fixture
def published(tmp_path: Path, sample_build: Path) -> Path:
    """Give a good published file."""
    path = tmp_path / "warehouse" / "experiment_metrics.duckdb"
    path.parent.mkdir()
    shutil.copyfile(sample_build, path)
    return path


def test_a_failed_build_is_told_without_its_data(
    published: Path, hook: Webhook, tmp_path: Path
) -> None:
    """By the test that failed, not by the row that it found.

    dbt logs what its process was called with, and yet the address is nowhere.
    """
    calls = tmp_path / "calls.csv"
    calls.write_text("user_id,call_start,call_duration_min\nqqcanary,25/12/2020 0:00:00,1\n")
    run = subprocess.run(
        [
            *(PROJECT_ROOT / "scripts" / "build", "--notify", f"{hook.url}/{SECRET}"),
            *("--select", "base_call_center__calls", "stg_call_center__calls"),
        ],
        env={
            **os.environ,
            "WAREHOUSE_PATH": str(published),
            "CALL_DATA_PATH": str(calls),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "1 row(s), the first: " in run.stderr
    ((_, _, body),) = hook.posted
    told = json.loads(body)
    assert (told["command"], told["status"], told["exit_code"]) == ("build", "failed", 1)
    (failure,) = told["failures"]
    assert re.search(r" \[1 row\(s\); \S+\.sql\]$", failure)
    assert b"qqcanary" not in body
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"dbt.log", "run_results.json"} <= {path.name for path in left}
    assert [path for path in left if SECRET.encode() in path.read_bytes()] == []
    assert SECRET not in run.stdout + run.stderr


def test_a_build_that_cannot_start_is_told(published: Path, tmp_path: Path) -> None:
    """A schedule that does nothing should not go unnoticed."""
    file = tmp_path / "notice.json"
    with (published.parent / f".{published.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = run_build(published, NOTIFY=str(file))
    assert run.returncode == 2
    assert json.loads(file.read_text())["exit_code"] == 2
