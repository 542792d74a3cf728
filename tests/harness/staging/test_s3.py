"""Input on s3:// is read as the same files on a disk are; what goes wrong there is one line."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import duckdb_access
import pytest
from conftest import PROJECT_ROOT, run_build, run_dbt
from duckdb_access import S3Place, open_s3
from pipeline.errors import PipelineError
from pipeline.settings import read_settings
from s3_server import BUCKET, KEY_ID, SECRET, S3Server, s3_server
from small_exports import decisions, events, write_export

STAGED = ("stg_optimizely__decisions", "stg_optimizely__events", "stg_call_center__calls")
# Published views name the database by its file.
NAME = "experiment_metrics.duckdb"
# What a statement, a pattern or an address might take for something else.
PREFIX = "it's {{ a }} [1] + 100%"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """Run a server, to which this machine's own account is nothing."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with s3_server() as running:
        yield running


@pytest.fixture
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database as dbt opens one."""
    with duckdb.connect() as connection:
        yield connection


def set_environment(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Set this process's environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def tables(path: Path) -> dict[str, list[str]]:
    """Read every table and view whole; the last digits of sums depend on DuckDB's threads."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.sql(
            "select schema_name, table_name from duckdb_tables()"
            " union all select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        return {
            name: sorted(
                str([f"{value:.9g}" if isinstance(value, float) else value for value in row])
                for row in connection.sql(f'from "{schema}"."{name}"').fetchall()
            )
            for schema, name in names
        }


def test_an_export_on_s3_gives_what_it_gives_on_a_disk(server: S3Server, tmp_path: Path) -> None:
    """Every table is the same, and no credential is in anything that the build has written."""
    local = write_export(tmp_path / "export", decisions(), events())
    address = server.put(tmp_path / "export", PREFIX)
    remote = {
        **server.environment,
        "OPTIMIZELY_DATA_DIR": f"{address}/",
        "CALL_DATA_PATH": f"{address}/calls.csv",
    }
    from_disk, from_s3 = tmp_path / "disk" / NAME, tmp_path / "s3" / NAME
    built = [run_build(from_disk, is_parsed=True, **local), run_build(from_s3, **remote)]
    assert [run.returncode for run in built] == [0, 0], built[1].stderr
    assert f"Input: {address}\nCall records: {address}/calls.csv\n" in built[1].stdout
    assert tables(from_s3) == tables(from_disk)
    assert len(tables(from_s3)["stg_optimizely__decisions"]) == len(decisions())
    written = [file.read_bytes() for file in from_s3.parent.rglob("*") if file.is_file()]
    assert len(written) > len(STAGED)
    for text in (*written, built[1].stdout.encode(), built[1].stderr.encode()):
        assert SECRET.encode() not in text
        assert KEY_ID.encode() not in text


def test_plain_files_on_s3_are_read_by_plain_dbt(server: S3Server, project_copy: Path) -> None:
    """A pattern of Parquet files and a CSV, without scripts/build."""
    files = project_copy / "files"
    files.mkdir()
    for number in (0, 1):
        duckdb.sql(
            f"copy (select 'u{number}' as user_id, 'a' as variant,"
            f" timestamp '2025-03-03 12:00:00' as exposure_ts) to '{files}/{number}.parquet'"
        )
    (files / "events.csv").write_text("user_id,event,ts,amount\nu0,purchase,2025-03-03 13:00,2\n")
    address = server.put(files, PREFIX.replace("[1]", "1"))
    database = project_copy / "test.duckdb"
    run = run_dbt(
        project_copy,
        *("run", "--select", "+stg_tables__exposures", "+stg_tables__events"),
        **server.environment,
        EXPOSURES=f"{address}/*.parquet",
        EVENTS=f"{address}/events.csv",
    )
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set search_path = 'main,main_internal'")
        exposed = connection.sql("select visitor_id from stg_tables__exposures order by all")
        assert exposed.fetchall() == [("u0",), ("u1",)]
        happened = connection.sql("select visitor_id, event_name, value from stg_tables__events")
        assert happened.fetchall() == [("u0", "purchase", 2.0)]


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (0, "", "Could not connect to server"),
        (400, "ExpiredToken", "ExpiredToken"),
    ],
)
def test_a_server_that_fails_midway_fails_the_build(
    server: S3Server, tmp_path: Path, status: int, code: str, message: str
) -> None:
    """What was read so far is not published, and one line says what happened."""
    write_export(tmp_path / "export", decisions(), events())
    address = server.put(tmp_path / "export", "export")
    # After the checks of the input.
    server.fail_after(20, status, code)
    warehouse = tmp_path / "warehouse" / "em.duckdb"
    run = run_build(
        warehouse,
        *("--select", *STAGED),
        is_parsed=True,
        **server.environment,
        OPTIMIZELY_DATA_DIR=address,
        CALL_DATA_PATH=f"{address}/calls.csv",
    )
    assert run.returncode == 1, run.stdout
    said = [line for line in run.stderr.splitlines() if line.startswith("build failed: ")]
    assert len(said) == 1, run.stderr
    assert "reading from S3 broke off: " in said[0]
    assert message in said[0]
    assert "select" not in said[0]
    assert "Nothing was published" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert not warehouse.exists()


def test_a_build_that_s3_refuses_ends_in_one_line(server: S3Server, tmp_path: Path) -> None:
    """Before the first model."""
    server.fail_after(0, 403, "InvalidAccessKeyId")
    warehouse = tmp_path / "em.duckdb"
    address = f"s3://{BUCKET}/export"
    given = {**server.environment, "OPTIMIZELY_DATA_DIR": address}
    run = run_build(warehouse, is_parsed=True, **given)
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == (
        f"build failed: {address} can't be read: the access key is not known. Check"
        " OPTIMIZELY_DATA_DIR, and the credentials, region and endpoint of AWS (docs/own_data.md)."
    )
    assert "Traceback" not in run.stdout + run.stderr
    assert not warehouse.exists()


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (404, "NoSuchBucket", "there is no such bucket"),
        (403, "AccessDenied", "access is denied"),
        (403, "InvalidAccessKeyId", "the access key is not known"),
        (403, "SignatureDoesNotMatch", "the secret key is not that of the access key"),
        (400, "ExpiredToken", "the credentials have expired"),
        (400, "Unheard", "S3 answers Unheard"),
    ],
)
def test_what_s3_answers_is_worded(  # noqa: PLR0913, PLR0917 - fixtures
    server: S3Server,
    reader: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    code: str,
    reason: str,
) -> None:
    """The address, the reason, and what to look at."""
    set_environment(monkeypatch, server.environment)
    server.fail_after(0, status, code)
    with pytest.raises(RuntimeError, match=f"^s3://other-bucket/x can't be read: {reason}. Check"):
        open_s3(reader, [S3Place("OPTIMIZELY_DATA_DIR", "s3://other-bucket/x")])


def test_a_missing_bucket_or_file_is_told(
    server: S3Server, reader: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the server itself says it."""
    set_environment(monkeypatch, server.environment)
    with pytest.raises(RuntimeError, match="there is no such bucket"):
        open_s3(reader, [S3Place("EVENTS", "s3://no-such-bucket/x/*.csv")])
    with pytest.raises(RuntimeError, match=r"there is no such file\. Check EVENTS"):
        open_s3(reader, [S3Place("EVENTS", f"s3://{BUCKET}/events.csv")])


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1", "S3 can't be reached"),
        ("AWS_ENDPOINT_URL_S3", "http://me:hush@127.0.0.1:1", "S3 can't be reached"),
        ("AWS_ENDPOINT_URL_S3", "hush", "the endpoint or the region that is set"),
        ("AWS_PROFILE", "nobody", "AWS_PROFILE names a profile that isn't there"),
        ("AWS_ACCESS_KEY_ID", "", "no credentials of AWS are set"),
        ("AWS_SECRET_ACCESS_KEY", "", "the credentials or settings of AWS can't be used"),
    ],
)
def test_what_is_wrong_here_is_worded(  # noqa: PLR0913, PLR0917 - fixtures
    server: S3Server,
    reader: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    reason: str,
) -> None:
    """Without the value that is wrong, in which there may be a password."""
    set_environment(monkeypatch, server.environment)
    if value:
        monkeypatch.setenv(setting, value)
    else:
        monkeypatch.delenv(setting)
    with pytest.raises(RuntimeError, match=f"can't be read: {reason}") as refused:
        open_s3(reader, [S3Place("OPTIMIZELY_DATA_DIR", f"s3://{BUCKET}/x")])
    assert "hush" not in str(refused.value)


def test_a_server_that_never_answers_is_given_up(
    reader: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes connections, and says nothing."""
    monkeypatch.setattr(duckdb_access, "SECONDS_TO_READ", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
        set_environment(monkeypatch, {"AWS_ENDPOINT_URL_S3": endpoint, **keys})
        with pytest.raises(RuntimeError, match="S3 doesn't answer in time"):
            open_s3(reader, [S3Place("OPTIMIZELY_DATA_DIR", f"s3://{BUCKET}/x")])


def test_what_duckdb_keeps_shows_no_secret(
    server: S3Server, reader: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQL that asks for the secrets of a build sees none, and they are for one bucket each."""
    set_environment(monkeypatch, {**server.environment, "AWS_SESSION_TOKEN": "hush"})
    open_s3(reader, [S3Place("OPTIMIZELY_DATA_DIR", f"s3://{BUCKET}/x")])
    ((scope, shown),) = reader.sql(
        "select scope, secret_string from duckdb_secrets(redact = true)"
    ).fetchall()
    assert scope == [f"s3://{BUCKET}/"]
    assert SECRET not in shown
    assert "hush" not in shown
    with pytest.raises(duckdb.Error, match="unredacted"):
        reader.sql("from duckdb_secrets(redact = false)").fetchall()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("s3://bucket/v1/account_id=1/", "s3://bucket/v1/account_id=1"),
        ("S3://bucket/a b/*.parquet", "s3://bucket/a b/*.parquet"),
        ("s3://bucket/part-?.csv", "s3://bucket/part-?.csv"),
        ("s3://bucket.with.dots", "s3://bucket.with.dots"),
    ],
)
def test_an_address_on_s3_stays_what_it_is(value: str, place: str) -> None:
    """It is no path of this machine."""
    settings = read_settings({"OPTIMIZELY_DATA_DIR": value, "EXPOSURES": value})
    assert (settings.export_dir, settings.exposures) == (place, place)
    assert settings.dbt_environment()["OPTIMIZELY_DATA_DIR"] == place


@pytest.mark.parametrize("name", ["OPTIMIZELY_DATA_DIR", "EXPOSURES", "EVENTS", "CALL_DATA_PATH"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("https://me:hush@host/x.csv", "is an address of https:, which is not read"),
        ("HTTP://host/x.parquet?token=hush", "is an address of HTTP:, which is not read"),
        ("gs://hush/x.csv", "is an address of gs:, which is not read"),
        ("file:///hush/x.csv", "is an address of file:, which is not read"),
        ("s3a://hush/x.csv", "is an address of s3a:, which is not read"),
        ("s3://key:hush@bucket/x.csv", "must be s3://bucket/prefix, without a key"),
        ("s3:///hush/x.csv", "must be s3://bucket/prefix"),
        ("s3:/bucket/hush.csv", "must be s3://bucket/prefix"),
        ("s3://bucket/x.csv?s3_secret_access_key=hush", "without a key or parameter in it"),
    ],
)
def test_other_addresses_are_refused_unprinted(name: str, value: str, message: str) -> None:
    """There may be a password in them."""
    with pytest.raises(PipelineError, match=message) as refused:
        read_settings({name: value})
    assert str(refused.value).startswith(f"{name} ")
    assert "hush" not in str(refused.value)


def test_results_are_published_on_a_disk() -> None:
    """A file on S3 can't be replaced in one step."""
    with pytest.raises(PipelineError, match="WAREHOUSE_PATH is an address"):
        read_settings({"WAREHOUSE_PATH": "s3://bucket/em.duckdb"})


def test_without_s3_nothing_of_it_is_loaded() -> None:
    """Neither DuckDB's extension nor AWS's client."""
    code = (
        "import duckdb, duckdb_access, sys\n"
        "database = duckdb.connect()\n"
        "duckdb_access.Plugin('duckdb_access', {}).configure_connection(database)\n"
        "found = database.sql('select name from duckdb_settings()').fetchall()\n"
        "print(('s3_region',) in found, 'boto3' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT / "profiles")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "False False\n"
