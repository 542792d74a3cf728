"""DuckDB reaches the project and the input while dbt runs, whatever stands in vars and SQL."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT
from duckdb_access import Plugin, confine, reachable
from metric_files import OBSERVATIONS

REFUSED = "file system operations are disabled by configuration"
LOCKED = "the configuration has been locked"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a project, where we stand, input, and what is nobody's business."""
    for folder in ("project/seeds", "export/type=events", "one", "many/of it's [x]", "else"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.csv").write_text("a\n1\n")
    (tmp_path / "one" / "b.csv").write_text("a\n1\n")
    (tmp_path / "project" / "linked.csv").symlink_to(tmp_path / "else" / "a.csv")
    (tmp_path / "project" / "folder").symlink_to(tmp_path / "else")
    (tmp_path / "data").symlink_to(tmp_path / "export")
    with duckdb.connect(str(tmp_path / "else" / "published.duckdb")) as published:
        published.execute("create table numbers as select 1 as number")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


@pytest.fixture
def confined(places: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database as a build has it."""
    environment = {
        # By a link, as many data folders are.
        "OPTIMIZELY_DATA_DIR": str(places / "data"),
        "EXPOSURES": str(places / "one" / "a.csv"),
        "EVENTS": str(places / "many" / "*" / "*.csv"),
        "CALL_DATA_PATH": "",
    }
    with duckdb.connect(str(places / "work.duckdb")) as connection:
        confine(
            connection, reachable(environment, attached=[str(places / "else" / "published.duckdb")])
        )
        yield connection.cursor()


@pytest.mark.parametrize(
    "path",
    [
        "seeds/a.csv",
        "PLACES/project/seeds/a.csv",
        "PLACES/project/seeds/../seeds/a.csv",
        "PLACES/data/type=events/*.csv",
        "PLACES/export/type=events/a.csv",
        "PLACES/one/a.csv",
        "PLACES/many/*/a.csv",
        "PLACES/many/of it''s [[]x]/a.csv",
    ],
)
def test_input_and_project_are_read(
    confined: duckdb.DuckDBPyConnection, places: Path, path: str
) -> None:
    """As they are named, and by what links lead to."""
    found = confined.execute(f"select a from read_csv('{path.replace('PLACES', str(places))}')")
    assert found.fetchall() == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('/etc/passwd')",
        "from 'PLACES/else/a.csv'",
        "from read_text('/proc/self/environ')",
        "from glob('PLACES/else/*')",
        "from read_csv('PLACES/one/b.csv')",
        "from read_csv('PLACES/one/*.csv')",
        "from read_csv('../else/a.csv')",
        "from read_csv('PLACES/data/../else/a.csv')",
        "from read_csv('linked.csv')",
        "from read_csv('folder/a.csv')",
        "from read_csv('PLACES/project-of-another/a.csv')",
        "from read_csv('http://127.0.0.1:1/a.csv')",
        "from read_parquet('s3://bucket/a.parquet')",
        "copy (select 1) to 'PLACES/else/b.csv'",
        "copy (select 1) to 'folder/b.csv'",
        "attach 'PLACES/else/new.duckdb'",
        "export database 'PLACES/else/all'",
        "import database 'PLACES/else'",
        "install httpfs",
        "install httpfs from 'http://127.0.0.1:1'",
        "load 'PLACES/else/a.duckdb_extension'",
        "create persistent secret kept (type http, bearer_token 'hush')",
    ],
)
def test_nothing_else_is_read_written_or_loaded(
    confined: duckdb.DuckDBPyConnection, places: Path, sql: str
) -> None:
    """Neither by dots, by links, nor over the network."""
    before = sorted(places.rglob("*"))
    with pytest.raises(duckdb.Error, match=r"disabled|requires the extension"):
        confined.execute(sql.replace("PLACES", str(places))).fetchall()
    assert sorted(places.rglob("*")) == before


@pytest.mark.parametrize(
    "setting",
    [
        "enable_external_access = true",
        "allowed_directories = ['/']",
        "allowed_paths = ['/etc/passwd']",
        "lock_configuration = false",
        "autoinstall_known_extensions = true",
        "temp_directory = '/'",
        "log_query_path = 'queries.log'",
        "TimeZone = 'Europe/Berlin'",
    ],
)
def test_no_sql_takes_it_back(confined: duckdb.DuckDBPyConnection, setting: str) -> None:
    """Nor moves times to another zone."""
    for scope in ("", "global ", "session "):
        with pytest.raises(duckdb.Error, match=LOCKED):
            confined.execute(f"set {scope}{setting}")


def test_what_duckdb_needs_for_itself_is_open(places: Path) -> None:
    """Its file, the log beside it, and the folder for what memory can't hold."""
    with duckdb.connect(str(places / "work.duckdb")) as connection:
        connection.execute("set memory_limit = '60MB'")
        confine(connection, reachable({}))
        connection.execute(
            "create table numbers as select range as number, md5(range::text) as filler"
            " from range(1000000)"
        )
        connection.execute("checkpoint")
        connection.execute("create table again as from numbers order by filler")
        assert connection.execute("select count(*) from again").fetchone() == (1_000_000,)


def test_a_file_that_is_attached_may_be_read(
    confined: duckdb.DuckDBPyConnection, places: Path
) -> None:
    """As slim CI does; the files beside it may not."""
    confined.execute(f"attach '{places / 'else' / 'published.duckdb'}' as other (read_only)")
    assert confined.execute("from other.numbers").fetchall() == [(1,)]
    with pytest.raises(duckdb.Error, match=REFUSED):
        confined.execute(f"from '{places / 'else' / 'a.csv'}'")


def test_of_s3_the_prefix_is_open_and_no_more(places: Path) -> None:
    """A folder, the folder of a pattern, a file."""
    assert places.is_dir()
    reach = reachable(
        {
            "OPTIMIZELY_DATA_DIR": "s3://bucket/export/of it",
            "EXPOSURES": "s3://other/exposures/part-*.csv",
            "EVENTS": "s3://other/events.csv",
        }
    )
    on_s3 = [path for path in (*reach.folders, *reach.files) if path.startswith("s3://")]
    assert on_s3 == ["s3://bucket/export/of it/", "s3://other/exposures/", "s3://other/events.csv"]


def test_the_project_is_where_dbt_says_it_is(places: Path) -> None:
    """It may be run from another folder."""
    project = places / "else"
    assert f"{project}/" in reachable({}, project).folders
    assert f"{Path.cwd()}/" not in reachable({}, project).folders


def test_the_settings_of_the_profile_hold_for_every_cursor(places: Path) -> None:
    """By dbt they would be set for each, which a locked configuration refuses."""
    plugin = Plugin("duckdb_access", {"TimeZone": "UTC", "preserve_insertion_order": False})
    with duckdb.connect(str(places / "work.duckdb")) as connection:
        connection.execute("set global TimeZone = 'Asia/Tokyo'")
        plugin.configure_connection(connection)
        # Where a file is open still, it is confined already.
        plugin.configure_connection(connection)
        shown = "select current_setting('TimeZone'), current_setting('preserve_insertion_order')"
        assert connection.cursor().execute(shown).fetchall() == [("UTC", False)]


def build(project: Path, sample_build: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the project's own scripts/build on the sample and what was built of it."""
    shutil.copytree(PROJECT_ROOT / "scripts", project / "scripts")
    warehouse = project.parent / "warehouse" / "experiment_metrics.duckdb"
    warehouse.parent.mkdir()
    shutil.copyfile(sample_build, warehouse)
    before = warehouse.read_bytes()
    run = subprocess.run(
        [PROJECT_ROOT / ".venv" / "bin" / "python", "-m", "pipeline.build", *arguments],
        env={
            **os.environ,
            "PYTHONPATH": str(project / "scripts"),
            "OPTIMIZELY_DATA_DIR": str(PROJECT_ROOT / "data" / "sample"),
            "WAREHOUSE_PATH": str(warehouse),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert warehouse.read_bytes() == before
    assert "Traceback" not in run.stdout + run.stderr
    return run


def outside(path: object) -> str:
    """Give what is said of a path that a build may not reach."""
    return (
        f"{path} is outside what a build may reach, which is the project's folder and what"
        " OPTIMIZELY_DATA_DIR, EXPOSURES, EVENTS and CALL_DATA_PATH name. Name input by one of"
        " these."
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of the project, for a test to change."""
    return bare_project(tmp_path / "project")


def failure(run: subprocess.CompletedProcess[str]) -> str:
    """Give the one line that says why a build failed."""
    assert run.returncode == 1, run.stdout + run.stderr
    (line,) = [line for line in run.stderr.splitlines() if line.startswith("build failed: ")]
    return line.removeprefix("build failed: ")


def test_a_path_in_a_var_can_not_leave_the_folders(
    project: Path, sample_build: Path, tmp_path: Path
) -> None:
    """By two dots, from the project's own folder."""
    (tmp_path / "exposures.csv").write_text("user_id,variant,exposure_ts\nu,a,2025-03-03 12:00\n")
    path = f"{project}/seeds/../../exposures.csv"
    run = build(project, sample_build, "--vars", f"{{exposures_path: '{path}'}}")
    assert failure(run) == outside(path)


def test_a_seed_can_not_be_a_link_that_leaves_them(
    project: Path, sample_build: Path, tmp_path: Path
) -> None:
    """Even to a file that would do."""
    seed = project / "seeds" / "variations.csv"
    seed.rename(tmp_path / "variations.csv")
    seed.symlink_to(tmp_path / "variations.csv")
    run = build(project, sample_build, "--select", "variations")
    assert failure(run) == outside(seed)


def test_sql_in_a_metric_can_not_leave_them(project: Path, sample_build: Path) -> None:
    """A filter that reads a file of the system."""
    name = "obs_purchase_conversion_rate"
    metric = project / OBSERVATIONS / f"{name}.sql"
    text = metric.read_text(encoding="utf-8")
    leaving = "'purchase' and event_name not in (select content from read_text('/etc/hostname'))"
    assert "'purchase'" in text
    metric.write_text(text.replace("'purchase'", leaving), encoding="utf-8")
    run = build(project, sample_build, "--select", name)
    assert outside("/etc/hostname") in failure(run)
    assert failure(run).startswith(f"{OBSERVATIONS}/{name}.sql: ")
