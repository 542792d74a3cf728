"""scripts/export_datasets: what is read back is what was published, and nothing else is touched."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from exporting import make_warehouse, run
from pipeline import export_datasets as exporter
from pipeline.errors import PipelineError
from pipeline.export_results import RESULTS

PROJECT_ROOT = Path(__file__).resolve().parents[3]
DOCS = PROJECT_ROOT / "docs" / "exporting_datasets.md"

ODD_IDS = [
    "123",
    "007",
    "1e5",
    "2020-09-14",
    "NULL",
    "null",
    "__HIVE_DEFAULT_PARTITION_",
    ".",
    "..",
    "../../outside",
    "/etc",
    "a/b=c?*[x]",
    'it\'s "quoted"',
    "back\\slash {}^#:;&|<>",
    " spaces  inside ",
    "tab\tline\nbreak\r\x00\x7f",
    "100%",
    "%2F",
    "a+b",
    "été",
    "e\u0301te\u0301",
    "実験\U0001f389",
    "'; drop table experiment_units; --",
    "x" * 200,
]
EVENT_NAMES = ["purchase", "it's 100% = /odd/", None]

Row = dict[str, object]


# --- published files and readers ------------------------------------------------------------------


def normal(row: Row) -> tuple[tuple[str, object], ...]:
    """Write a row so that any readers' rows compare: in order, times aware, maps as dicts."""

    def value(item: object) -> object:
        if isinstance(item, datetime):
            return item.astimezone(UTC) if item.tzinfo else item.replace(tzinfo=UTC)
        return dict(item) if isinstance(item, list) else item

    return tuple((name, value(row[name])) for name in sorted(row))


def in_order(rows: list[Row]) -> list[tuple[tuple[str, object], ...]]:
    """Order rows by what they hold."""
    return sorted((normal(row) for row in rows), key=repr)


def fetch(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Run a query; give its rows by column name."""
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def published_rows(warehouse: Path, dataset: exporter.Dataset) -> list[Row]:
    """Read a dataset's table."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return fetch(connection, f"select * from {dataset.table}")


def as_text(dataset: exporter.Dataset) -> ds.Partitioning:
    """Tell pyarrow that the folders' names are texts, as the docs say."""
    schema = pa.schema([(column, pa.string()) for column in dataset.partition_columns])
    return ds.partitioning(schema, flavor="hive")


def read_with_pyarrow(export: Path, dataset: exporter.Dataset) -> list[Row]:
    """Read a dataset as pandas does, without its conversions."""
    return pq.read_table(export / dataset.folder_name, partitioning=as_text(dataset)).to_pylist()


def read_with_duckdb(export: Path, dataset: exporter.Dataset) -> list[Row]:
    """Read a dataset as the docs say."""
    types = ", ".join(f"{column}: varchar" for column in dataset.partition_columns)
    pattern = f"{export}/{dataset.folder_name}/**/*.parquet".replace("'", "''")
    with duckdb.connect() as connection:
        return fetch(
            connection,
            f"select * exclude (type) from read_parquet('{pattern}', hive_partitioning = true,"
            f" hive_types = {{{types}}})",
        )


READERS: list[Callable[[Path, exporter.Dataset], list[Row]]] = [read_with_pyarrow, read_with_duckdb]


def files_below(folder: Path) -> set[str]:
    """Name every file and folder below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def sample_part(sample_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a tenth of the units of the sample's build, which is compared row by row."""
    path = tmp_path_factory.mktemp("sample_part") / "part.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{sample_build}' as whole (read_only)")
        for dataset in exporter.DATASETS:
            connection.execute(
                f"create table {dataset.table} as"
                f" select * from whole.main.{dataset.table} where unit_id like '%7'"
            )
        for table in RESULTS:
            connection.execute(f"create table {table} as from whole.main.{table}")
    return path


@pytest.fixture(scope="module")
def sample_export(sample_part: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an export of that part, made by the command."""
    folder = tmp_path_factory.mktemp("sample_export")
    done = run("out", cwd=folder, WAREHOUSE_PATH=str(sample_part))
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Give a small published file in a folder of its own."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    return make_warehouse(folder / "plain.duckdb", ["exp"], ["purchase"])


@pytest.fixture
def exports(tmp_path: Path) -> Iterator[Path]:
    """Give a folder to export below, which must hold nothing but exports in the end."""
    folder = tmp_path / "exports"
    folder.mkdir()
    yield folder
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


# --- what is written ------------------------------------------------------------------------------


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("dataset", exporter.DATASETS, ids=lambda dataset: dataset.name)
def test_sample_is_read_back_as_published(
    sample_part: Path,
    sample_export: Path,
    dataset: exporter.Dataset,
    read: Callable[[Path, exporter.Dataset], list[Row]],
) -> None:
    """Every row, column and value of the tables comes back."""
    rows = read(sample_export, dataset)
    assert rows
    assert in_order(rows) == in_order(published_rows(sample_part, dataset))
    assert (sample_export / dataset.folder_name / "_SUCCESS").is_file()


def test_pandas_reads_a_folder_without_being_told_anything(sample_export: Path) -> None:
    """The plainest call works: the types of ids are guessed, but no column is there twice."""
    for dataset in exporter.DATASETS:
        frame = pd.read_parquet(sample_export / dataset.folder_name)
        assert len(frame) == len(read_with_pyarrow(sample_export, dataset))
    assert str(frame["exposed_at"].dtype) == "datetime64[us, UTC]"


def test_rows_lie_in_the_order_of_their_key(sample_export: Path) -> None:
    """The same rows give the same file."""
    files = list((sample_export / "type=metric_observations").rglob("*.parquet"))
    assert files
    for file in files:
        units = pq.read_table(file, columns=["unit_id"], partitioning=None)["unit_id"].to_pylist()
        assert units == sorted(units)


@pytest.mark.parametrize("read", READERS)
def test_odd_ids_come_back_and_stay_inside(
    tmp_path: Path, exports: Path, read: Callable[[Path, exporter.Dataset], list[Row]]
) -> None:
    """No id is changed, becomes a number or a null, or leads out of the folder."""
    warehouse = make_warehouse(tmp_path / "odd.duckdb", ODD_IDS, EVENT_NAMES)
    outside = files_below(tmp_path)
    target = exports / "it's 100% odd"
    written = exporter.export_datasets(warehouse, target)
    assert written.datasets["experiment_events"].file_count == len(ODD_IDS) * len(EVENT_NAMES)
    for dataset in exporter.DATASETS:
        rows = read(target, dataset)
        assert {row["experiment_id"] for row in rows} == set(ODD_IDS)
        assert in_order(rows) == in_order(published_rows(warehouse, dataset))
    inside = {name for name in files_below(tmp_path) if name.startswith(f"exports/{target.name}")}
    assert files_below(tmp_path) == outside | inside


def test_events_without_a_name_have_the_null_folder(tmp_path: Path, exports: Path) -> None:
    """A null and an empty name are one partition, which is read as null."""
    warehouse = make_warehouse(tmp_path / "names.duckdb", ["exp"], [None, "", "(not set)"])
    exporter.export_datasets(warehouse, exports / "out")
    folder = exports / "out" / "type=experiment_events" / "experiment_id=exp"
    assert sorted(path.name for path in folder.iterdir()) == [
        "event_name=%28not%20set%29",
        "event_name=__HIVE_DEFAULT_PARTITION__",
    ]
    events = exporter.DATASETS[1]
    for read in READERS:
        names = [row["event_name"] for row in read(exports / "out", events)]
        assert sorted(names, key=str) == ["(not set)", None, None]


def test_a_dataset_without_rows_keeps_its_columns(tmp_path: Path, exports: Path) -> None:
    """A reader finds an empty table rather than nothing."""
    warehouse = make_warehouse(tmp_path / "empty.duckdb", ["exp"], [])
    exporter.export_datasets(warehouse, exports / "out")
    folder = exports / "out" / "type=experiment_events"
    assert (folder / "_SUCCESS").is_file()
    events = pd.read_parquet(folder)
    assert events.empty
    assert {"experiment_id", "event_name", "tags"} <= set(events.columns)
    for read in READERS:
        assert read(exports / "out", exporter.DATASETS[1]) == []


def test_values_that_share_a_folder_are_an_error(tmp_path: Path) -> None:
    """A disk that doesn't tell names apart must not mix two experiments."""
    exporter.make_partition_folder(tmp_path, ["experiment_id"], ["Exp"])
    with pytest.raises(PipelineError, match="takes the experiment_id 'Exp' for another one"):
        exporter.make_partition_folder(tmp_path, ["experiment_id"], ["Exp"])


# --- the docs -------------------------------------------------------------------------------------


def documented(word: str, language: str) -> str:
    """Find the example in the docs that holds a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = [block for block in blocks if word in block]
    return block


def test_documented_pandas_example(sample_export: Path) -> None:
    """The docs' example runs, and gives texts."""
    names: dict[str, pd.DataFrame] = {}
    exec(documented("pyarrow.dataset", "python").replace("DIR", str(sample_export)), names)  # noqa: S102
    events = names["events"]
    assert len(events) == len(read_with_pyarrow(sample_export, exporter.DATASETS[1]))
    assert events["experiment_id"].map(type).eq(str).all()


def test_documented_duckdb_example(sample_export: Path) -> None:
    """The docs' example runs, and gives texts."""
    query = documented("read_parquet", "sql").replace("DIR", str(sample_export))
    with duckdb.connect() as connection:
        assert in_order(fetch(connection, query)) == in_order(
            read_with_pyarrow(sample_export, exporter.DATASETS[1])
        )


def test_documented_spark_example(tmp_path: Path, exports: Path) -> None:
    """The docs' example runs where Spark is installed, and gives the odd ids as they are."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark isn't installed")
    warehouse = make_warehouse(tmp_path / "odd.duckdb", ODD_IDS, EVENT_NAMES)
    exporter.export_datasets(warehouse, exports / "out")
    builder = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    names = {"spark": spark}
    example = documented("spark.read", "python").replace("DIR", str(exports / "out"))
    exec(example, names)  # noqa: S102
    rows = [row.asDict() for row in names["events"].drop("occurred_at").collect()]
    expected = published_rows(warehouse, exporter.DATASETS[1])
    for row in expected:
        del row["occurred_at"]
    assert in_order(rows) == in_order(expected)
    assert dict(names["events"].dtypes)["occurred_at"] == "timestamp"


# --- replacing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("can_exchange", [True, False])
def test_an_export_is_replaced_as_a_whole(
    tmp_path: Path, exports: Path, monkeypatch: pytest.MonkeyPatch, *, can_exchange: bool
) -> None:
    """Partitions that are gone go, and no file name stays for a reader to mix up."""
    if not can_exchange:
        monkeypatch.setattr(exporter, "_exchange", lambda *_: False)
    target = exports / "out"
    old = make_warehouse(tmp_path / "old.duckdb", ["exp_1", "exp_2"], ["purchase", "refund"])
    new = make_warehouse(tmp_path / "new.duckdb", ["exp_2"], ["purchase"])
    exporter.export_datasets(old, target)
    before = files_below(target)
    exporter.export_datasets(new, target)
    after = files_below(target)
    assert not any("exp_1" in name or "refund" in name for name in after)
    assert not {name for name in before & after if "/part-" in name}
    assert in_order(read_with_duckdb(target, exporter.DATASETS[0])) == in_order(
        published_rows(new, exporter.DATASETS[0])
    )


def test_an_empty_folder_and_a_link_to_one_can_be_used(exports: Path, plain: Path) -> None:
    """The folder may be there already, and what a link points to is what is replaced."""
    (exports / "out").mkdir()
    (exports / "link").symlink_to(exports / "out")
    for _ in range(2):
        done = run("link", cwd=exports, WAREHOUSE_PATH=str(plain))
        assert done.returncode == 0, done.stderr
    assert (exports / "link").is_symlink()
    assert (exports / "out" / exporter.MARKER).is_file()


def test_others_may_read_an_export(exports: Path, plain: Path) -> None:
    """The folder gets the usual permissions, not those of a temporary one."""
    exporter.export_datasets(plain, exports / "out")
    (exports / "made_by_hand").mkdir()
    usual = (exports / "made_by_hand").stat().st_mode
    assert {path.stat().st_mode for path in (exports / "out").iterdir() if path.is_dir()} == {usual}
    assert (exports / "out").stat().st_mode == usual


@pytest.mark.parametrize("has_marker", [True, False])
def test_a_folder_with_other_things_is_left_alone(
    exports: Path, plain: Path, *, has_marker: bool
) -> None:
    """Somebody's files are never deleted, even if they lie in an earlier export."""
    target = exports / "out"
    if has_marker:
        exporter.export_datasets(plain, target)
    target.mkdir(exist_ok=True)
    (target / "thesis.txt").write_text("years of work")
    before = files_below(exports)
    done = run(str(target), cwd=exports, WAREHOUSE_PATH=str(plain))
    assert_refused(done, "holds 'thesis.txt'")
    assert files_below(exports) == before


@pytest.mark.parametrize("step", ["_write_partition", "sync", "_take_place"])
def test_a_failed_export_leaves_the_old_one(
    tmp_path: Path, exports: Path, plain: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever fails, the earlier export stays, and nothing half-made is left beside it."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = exports / "out"
    exporter.export_datasets(plain, target)
    before = files_below(target)
    monkeypatch.setattr(exporter, step, fail)
    other = make_warehouse(tmp_path / "other.duckdb", ["other"], ["refund"])
    with pytest.raises(PipelineError, match="No space left on device"):
        exporter.export_datasets(other, target)
    assert files_below(target) == before


def test_a_failed_second_rename_brings_the_old_export_back(
    exports: Path, plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a swap takes two renames, the old export returns if the second fails."""
    target = exports / "out"
    exporter.export_datasets(plain, target)
    before = files_below(target)
    rename = Path.rename

    def rename_but_the_new(path: Path, to: Path) -> Path:
        if path.name == "export":
            raise OSError(5, "Input/output error")
        return rename(path, to)

    monkeypatch.setattr(exporter, "_exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", rename_but_the_new)
    with pytest.raises(PipelineError, match="Input/output error"):
        exporter.export_datasets(plain, target)
    assert files_below(target) == before


def test_a_killed_export_leaves_the_old_one(exports: Path, plain: Path) -> None:
    """A kill before the swap changes nothing, and the next export clears up."""
    target = exports / "out"
    exporter.export_datasets(plain, target)
    before = files_below(target)
    program = (
        "import os, sys; from pipeline import export_datasets as exporter\n"
        "exporter._take_place = lambda *_: os.kill(os.getpid(), 9)\n"
        "exporter.main(sys.argv[1:])"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(target)],
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT_ROOT / "scripts"),
            "WAREHOUSE_PATH": str(plain),
        },
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert files_below(target) == before
    assert [path for path in exports.iterdir() if path.name.startswith(".exporting-out-")]
    exporter.export_datasets(plain, target)


# --- what can't be exported -----------------------------------------------------------------------


def assert_refused(done: subprocess.CompletedProcess[str], problem: str) -> None:
    """Check for exit code 2 and one line that names the problem."""
    assert done.returncode == 2
    assert done.stdout == ""
    assert problem in done.stderr
    assert done.stderr.startswith("export_datasets: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "required: DIR"),
        ([""], "DIR is empty"),
        (["one", "two"], "unrecognized arguments: two"),
        (["--force"], "required: DIR"),
    ],
)
def test_wrong_arguments(exports: Path, plain: Path, arguments: list[str], problem: str) -> None:
    """One line says what is missing."""
    done = run(*arguments, cwd=exports, WAREHOUSE_PATH=str(plain))
    assert_refused(done, problem)
    assert files_below(exports) == set()


def test_missing_or_unreadable_results(exports: Path) -> None:
    """No results, something else than results, and results without the tables."""
    (exports / "text.duckdb").write_text("no database")
    duckdb.connect(str(exports / "other.duckdb")).close()
    for name, problem in {
        "missing.duckdb": "There are no results at",
        "text.duckdb": "not a valid DuckDB database",
        "other.duckdb": "experiment_units does not exist",
    }.items():
        done = run("out", cwd=exports, WAREHOUSE_PATH=name)
        assert_refused(done, problem)
    assert files_below(exports) == {"text.duckdb", "other.duckdb"}


@pytest.mark.parametrize("target", ["a_file", "a_file/out", "x" * 250])
def test_folder_that_cannot_be_written(exports: Path, plain: Path, target: str) -> None:
    """A file in the way, or a name that the disk doesn't take."""
    (exports / "a_file").write_text("a file")
    done = run(target, cwd=exports, WAREHOUSE_PATH=str(plain))
    assert_refused(done, "Choose another")
    assert files_below(exports) == {"a_file"}


def test_folder_without_permission(exports: Path, plain: Path) -> None:
    """A folder in which the caller may not write."""
    locked = exports / "locked"
    locked.mkdir(mode=0o500)
    if os.access(locked, os.W_OK):
        pytest.skip("root may write anywhere")
    done = run("locked/out", cwd=exports, WAREHOUSE_PATH=str(plain))
    assert_refused(done, "Can't write to")
