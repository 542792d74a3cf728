"""No secret, and no address of a visitor, is in anything that a build leaves or says."""

import json
from pathlib import Path

import duckdb
import pytest
from conftest import run_build
from pipeline import build
from pipeline.secret_vars import is_secret_name
from small_exports import Row, decisions, events, write_export
from webhook import serve_webhook

CANARY = "qqcanary"
ADDRESSES = ("user_ip", "user_agent", "referer")
# What a machine that builds may hold, and a build need not know.
ENVIRONMENT = (
    *("OPTIMIZELY_API_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GITHUB_TOKEN"),
    *("DBT_ENV_SECRET_PASSWORD", "DATABASE_URL"),
)


def with_addresses(rows: list[Row]) -> list[Row]:
    """Give rows in which every address is a canary of its own."""
    return [
        {**row, **{name: f"{CANARY} {name} {number}" for name in ADDRESSES}}
        for number, row in enumerate(rows)
    ]


def rejected_decisions() -> list[Row]:
    """Give rows that can't be used; what was sent along with them is a canary."""
    sent = [[{"id": "1", "name": CANARY, "type": "custom", "value": CANARY}], []]
    first, *_ = decisions(1)
    return [
        {**first, "uuid": "nobody", "visitor_id": "undefined", "attributes": sent[0]},
        {**first, "uuid": "never", "timestamp": None, "attributes": sent[0]},
        *({**first, "uuid": "both", "attributes": attributes} for attributes in sent),
    ]


def rejected_events() -> list[Row]:
    """Give the same of events."""
    first, *_ = events(1)
    return [{**first, "uuid": "boundless", "value": float("inf"), "tags": [("note", CANARY)]}]


def rejected_rows(database: Path) -> list[tuple[object, ...]]:
    """Read what is shown of rows that can't be used."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(
            "select source_name, reason, row_id, file_name, file_row, experiment_id, visitor_id,"
            " event_name, details from rejected_rows order by source_name, reason, file_row"
        ).fetchall()


def canaries(path: Path) -> list[str]:
    """Name the files below a folder that hold a canary."""
    files = [file for file in path.rglob("*") if file.is_file()]
    return [file.name for file in files if CANARY.encode() in file.read_bytes().lower()]


def canary_tables(database: Path) -> list[str]:
    """Name the tables and views that hold a canary, which a file's bytes needn't show."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.sql(
            "select schema_name, table_name from duckdb_tables()"
            " union all select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        assert len(names) > 100
        return [
            name
            for schema, name in names
            if connection.sql(
                f'select 1 from "{schema}"."{name}" as each_row'
                f" where contains(lower(each_row::text), '{CANARY}') limit 1"
            ).fetchall()
        ]


def test_a_build_leaves_no_address_and_no_secret(tmp_path: Path) -> None:
    """Neither in tables, log, artifacts and state, nor in what is printed."""
    export = write_export(
        tmp_path / "export",
        with_addresses(decisions() + rejected_decisions()),
        with_addresses(events() + rejected_events()),
    )
    left = tmp_path / "left"
    database = left / "experiment_metrics.duckdb"
    secrets = {name: f"{CANARY}/{name}" for name in ENVIRONMENT}
    with serve_webhook() as hook:
        run = run_build(database, **export, **secrets, NOTIFY=f"{hook.url}/{CANARY}")
    assert run.returncode == 0, run.stderr
    ((_, _, notice),) = hook.posted
    told = json.loads(notice)
    assert (told["status"], told["exit_code"]) == ("published", 0)
    assert [each["experiment_id"] for each in told["experiments"]] == ["e1"]
    assert told["experiments"][0]["verdicts"]
    assert CANARY.encode() not in notice
    assert CANARY not in (run.stdout + run.stderr).lower()
    assert {"dbt.log", "manifest.json", "run_results.json"} <= {
        file.name for file in left.rglob("*")
    }
    assert canaries(left) == []
    assert canary_tables(database) == []
    decision = ("type=decisions/part-0.parquet", "e1")
    said = "session_id s0000, is_holdback false, is_bot false"
    amounts = "revenue 100, value inf, quantity 1"
    assert rejected_rows(database) == [
        *(
            ("decisions", reason, row_id, decision[0], row, decision[1], visitor, None, details)
            for reason, row_id, row, visitor, details in (
                ("conflicting_id", "both", 63, "v0000", said),
                ("conflicting_id", "both", 64, "v0000", said),
                ("missing_timestamp", "never", 62, "v0000", None),
                ("missing_visitor_id", "nobody", 61, "undefined", None),
            )
        ),
        (
            *("events", "impossible_amount", "boundless", "type=events/part-0.parquet", 21),
            *(None, "v0000", "purchase", amounts),
        ),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"api_token": CANARY},
        {"apiToken": CANARY},
        {"DB_PASSWORD": CANARY},
        {"aws_secret_access_key": CANARY},
        {"key": CANARY},
        {"mine": {"credentials": [CANARY]}},
        {"mine": [f"https://me:{CANARY}@host/path"]},
        {"mine": f"https://host/path?access_token={CANARY}"},
        {"mine": "AKIAIOSFODNN7EXAMPLE", "other": CANARY},
        {"mine": f"Bearer {CANARY}"},
        {f"https://me:{CANARY}@host/": 1, "name": f"https://me:{CANARY}@host/"},
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_var_that_looks_like_a_secret_is_refused(
    given: dict[str, object],
    as_json: bool,  # noqa: FBT001 - pytest's
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before dbt writes a thing; its value is not printed."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(tmp_path / "left" / "em.duckdb"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    options = ["--vars", json.dumps(given)] + ["--json"] * as_json
    assert build.main(options) == 2
    said = capsys.readouterr()
    assert "looks like a secret" in said.err
    assert said.err.count("\n") == 1
    assert CANARY not in said.out + said.err
    assert not list(tmp_path.iterdir())


def test_vars_that_are_no_yaml_are_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """There may be a secret in them."""
    assert build.main(["--vars", f"{{api_token: {CANARY}"]) == 2
    said = capsys.readouterr()
    assert "--vars" in said.err
    assert CANARY not in said.out + said.err


@pytest.mark.parametrize(
    "name",
    [
        *("primary_key", "experiment_key", "keyword", "monkey", "tokenizer", "secretary"),
        *("segments", "pooled_variations", "exposure_columns", "passes", "accredited"),
    ],
)
def test_other_names_are_no_secrets(name: str) -> None:
    """A word is taken whole."""
    assert not is_secret_name(name)
