"""The tables of results as scripts/export_datasets writes them, value for value."""

import csv
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import PROJECT_ROOT
from exporting import make_warehouse, run
from hostile_texts import hostile_texts
from pipeline import export_datasets as exporter
from pipeline.csv_text import csv_lines, marked, unmarked
from pipeline.export_results import PLANS, RESULTS

DOCS = PROJECT_ROOT / "docs" / "exporting_datasets.md"
OF_VISITORS = {
    *("experiment_units", "experiment_unit_attributes", "experiment_events", "experiment_calls"),
    *("fct_metric_observations", "rejected_rows"),
}
"""Public tables with rows of single visitors, which are no results."""
READ_BACK = {
    "VARCHAR": unmarked,
    "BOOLEAN": {"true": True, "false": False}.__getitem__,
    "DATE": date.fromisoformat,
    "TIMESTAMP": lambda text: datetime.fromisoformat(text).replace(tzinfo=None),
    "DOUBLE": float,
    "BIGINT": int,
    "INTEGER": int,
}
RISKY = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1+1", "\uff1d1", "'=1", "''+1")
HARMLESS = ("", "a=1", "1-1", "'", "it's", "'quoted'", " spaced ", '"', "a,b", "a\r\nb", "NULL")


@pytest.fixture(scope="module")
def results(sample_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the sample's results, exported alone."""
    target = tmp_path_factory.mktemp("results") / "out"
    exported = exporter.export_datasets(sample_build, target, ["results"])
    assert exported.datasets == {}
    assert {path.name for path in target.iterdir()} == {exporter.MARKER, "results"}
    return target / "results"


def read_csv(path: Path) -> list[list[str]]:
    """Read a file as programs do that know no types."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def published(
    connection: duckdb.DuckDBPyConnection, table: str
) -> tuple[dict[str, str], list[tuple]]:
    """Give a table's columns with their types, and its rows in order."""
    types = {name: kind for name, kind, *_ in connection.sql(f"describe {table}").fetchall()}
    return types, connection.sql(f"from {table} order by all").fetchall()


# --- which tables ---------------------------------------------------------------------------------


def test_every_public_table_is_exported_or_of_visitors(sample: duckdb.DuckDBPyConnection) -> None:
    """A new one belongs to the list of results, unless single visitors are in it."""
    public = sample.sql(
        "select table_name from information_schema.tables where table_schema='main'"
    )
    assert {name for (name,) in public.fetchall()} - {*PLANS} == {*RESULTS, *OF_VISITORS}
    assert not OF_VISITORS.intersection(RESULTS)
    planning = PROJECT_ROOT / "models" / "marts" / "planning"
    assert {path.stem for path in planning.glob("*.sql")} == {*PLANS}


def test_no_visitor_is_in_them(results: Path) -> None:
    """No column says who."""
    with duckdb.connect() as connection:
        for path in results.glob("*.parquet"):
            columns = connection.sql(f"describe from '{path}'").fetchall()
            assert not {"unit_id", "visitor_id"}.intersection(name for name, *_ in columns), path


def test_the_docs_list_them() -> None:
    """Each by its name."""
    text = DOCS.read_text(encoding="utf-8")
    assert [name for name in (*RESULTS, *PLANS, *OF_VISITORS) if f"`{name}`" not in text] == []


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", RESULTS)
def test_csv_is_read_back_as_published(
    results: Path, sample: duckdb.DuckDBPyConnection, table: str
) -> None:
    """Every text, digit and time; nothing is written of what is null."""
    types, rows = published(sample, table)
    header, *cells = read_csv(results / f"{table}.csv")
    assert header == list(types)
    readers = [READ_BACK[kind] for kind in types.values()]
    read = [
        tuple(
            None if cell == "" and value is None else reader(cell)
            for cell, value, reader in zip(line, row, readers, strict=True)
        )
        for line, row in zip(cells, rows, strict=True)
    ]
    assert read == rows


@pytest.mark.parametrize("table", RESULTS)
def test_parquet_is_read_back_as_published(
    results: Path, sample: duckdb.DuckDBPyConnection, table: str
) -> None:
    """With its types; times say that they are UTC."""
    types, rows = published(sample, table)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        read_types, read = published(connection, f"'{results}/{table}.parquet'")
    assert list(read_types) == list(types)
    assert set(read_types.values()) <= (set(types.values()) - {"TIMESTAMP"}) | {
        "TIMESTAMP WITH TIME ZONE"
    }
    plain = [
        tuple(v.replace(tzinfo=None) if isinstance(v, datetime) else v for v in r) for r in read
    ]
    assert plain == rows


def test_two_exports_are_equal_byte_for_byte(
    sample_build: Path, results: Path, tmp_path: Path
) -> None:
    """Whatever differs between two exports differs in what was published."""
    exporter.export_datasets(sample_build, tmp_path / "again", ["results"])
    files = sorted(path.name for path in results.iterdir())
    assert files == sorted(f"{table}.{kind}" for table in RESULTS for kind in ("csv", "parquet"))
    for name in files:
        again = (tmp_path / "again" / "results" / name).read_bytes()
        assert again == (results / name).read_bytes(), name


# --- CSV ------------------------------------------------------------------------------------------


def test_each_kind_of_value_is_written_so() -> None:
    """Texts in quotes, a null as an empty cell, numbers with all their digits, times in UTC."""
    at = datetime(2020, 9, 14, 23, 59, 59, 18000)  # noqa: DTZ001 - as the tables have it
    values = [None, "", 'a "b"', "=1+1", -1.5, 0.1 + 0.2, 1e-300, 2**60, True, at]
    lines = list(csv_lines(["name"] * 12, [[*values, at.replace(tzinfo=UTC), at.date()]]))
    assert lines[0].startswith('\ufeff"name","name"')
    assert lines[1] == (
        ',"","a ""b""","\'=1+1",-1.5,0.30000000000000004,1e-300,1152921504606846976,true,'
        "2020-09-14T23:59:59.018000Z,2020-09-14T23:59:59.018000Z,2020-09-14\r\n"
    )


def test_what_a_spreadsheet_would_run_is_marked() -> None:
    """And nothing else: one mark taken away gives the text back, with or without one of its own."""
    assert [marked(text) for text in RISKY] == [f"'{text}" for text in RISKY]
    assert [marked(text) for text in HARMLESS] == list(HARMLESS)
    texts = [*RISKY, *HARMLESS, *(f"'{text}" for text in RISKY), *hostile_texts()]
    assert [unmarked(marked(text)) for text in texts] == texts
    assert len({marked(text) for text in texts}) == len(set(texts))


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[list[str], Path]:
    """Give hostile texts, and the file to which the command exports them."""
    texts = sorted({*hostile_texts(), *RISKY, *HARMLESS}, key=lambda text: text.encode())
    warehouse = make_warehouse(tmp_path / "hostile.duckdb", [], [])
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table experiment_results")
        connection.execute("create table experiment_results (name varchar, lift double)")
        connection.executemany(
            "insert into experiment_results values (?, -1.5)", [[text] for text in texts]
        )
        connection.execute("insert into experiment_results values (null, null)")
    done = run("out", "--only", "results", cwd=tmp_path, WAREHOUSE_PATH=str(warehouse))
    assert done.returncode == 0, done.stderr
    return texts, tmp_path / "out" / "results" / "experiment_results.csv"


def test_hostile_texts_come_back(hostile: tuple[list[str], Path]) -> None:
    """As they were, by each reader; none begins as a formula does, and no number is changed."""
    texts, path = hostile
    _, *rows = read_csv(path)
    assert [unmarked(text) for text, _ in rows] == [*texts, ""]
    assert {lift for _, lift in rows[:-1]} == {"-1.5"}
    assert not [text for text, _ in rows if re.match(r"\s*[=+\-@\t\r]", text)]
    frame = pd.read_csv(path, dtype={"name": str}, keep_default_na=False, na_values={"lift": [""]})
    assert [unmarked(text) for text in frame["name"]] == [*texts, ""]
    assert set(frame["lift"][:-1]) == {-1.5}


def test_null_is_not_the_empty_text(hostile: tuple[list[str], Path]) -> None:
    """For readers that look at quotes, such as DuckDB."""
    texts, path = hostile
    with duckdb.connect() as connection:
        read = connection.sql(
            f"select name from read_csv('{path}', header = true, all_varchar = true,"
            " delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n',"
            " allow_quoted_nulls = false, max_line_size = 3000000)"
        ).fetchall()
    assert [name if name is None else unmarked(name) for (name,) in read] == [*texts, None]


def test_the_docs_example_runs(results: Path, sample: duckdb.DuckDBPyConnection) -> None:
    """What they say to pandas gives texts and numbers as they are in the table."""
    (example,) = re.findall(r"```python\n([^`]*read_csv[^`]*)```", DOCS.read_text(encoding="utf-8"))
    names: dict[str, pd.DataFrame] = {}
    exec(example.replace("DIR/results", str(results)), names)  # noqa: S102
    frame = names["results"]
    _, rows = published(sample, "experiment_results")
    assert list(frame["experiment_id"]) == [row[0] for row in rows]
    lifts = sample.sql(
        "select relative_lift from (from experiment_results order by all)"
    ).fetchall()
    assert [None if pd.isna(lift) else lift for lift in frame["relative_lift"]] == [
        lift for (lift,) in lifts
    ]


# --- the command ----------------------------------------------------------------------------------


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    """In words and as a document."""
    warehouse = make_warehouse(tmp_path / "small.duckdb", ["exp"], ["purchase"])
    said = run("out", cwd=tmp_path, WAREHOUSE_PATH=str(warehouse))
    assert (said.returncode, said.stderr) == (0, "")
    assert f"\nresults: {len(RESULTS)} tables, each as CSV and Parquet\n" in said.stdout
    told = run("out", "--json", "--only", "results", cwd=tmp_path, WAREHOUSE_PATH=str(warehouse))
    document = json.loads(told.stdout)
    assert document["datasets"] == {}
    assert document["results"]["experiment_results"] == {"row_count": 0}
    wrong = run("out", "--only", "csv", cwd=tmp_path, WAREHOUSE_PATH=str(warehouse))
    assert wrong.returncode == 2
    assert "'csv' is not one of 'datasets', 'results'" in wrong.stderr


def test_plans_are_exported_where_there_are_any(tmp_path: Path) -> None:
    """As the other tables are."""
    warehouse = make_warehouse(tmp_path / "planned.duckdb", [], [])
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table metric_plans as select '=Orders' as metric_name, 12 as days"
        )
    exported = exporter.export_datasets(warehouse, tmp_path / "out", ["results"])
    assert exported.results == {**dict.fromkeys(RESULTS, 0), "metric_plans": 1}
    header, row = read_csv(tmp_path / "out" / "results" / "metric_plans.csv")
    assert (header, row) == (["metric_name", "days"], ["'=Orders", "12"])


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    """A reader finds an empty table rather than nothing."""
    warehouse = make_warehouse(tmp_path / "empty.duckdb", [], [])
    exporter.export_datasets(warehouse, tmp_path / "out")
    folder = tmp_path / "out" / "results"
    assert read_csv(folder / "experiment_results.csv") == [["experiment_id"]]
    assert pq.read_table(folder / "experiment_results.parquet").column_names == ["experiment_id"]


def test_results_without_a_table_are_not_exported(tmp_path: Path) -> None:
    """What an older version has published lacks some: nothing half-written is left."""
    warehouse = make_warehouse(tmp_path / "older.duckdb", ["exp"], ["purchase"])
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table opposed_segments")
    done = run("out", cwd=tmp_path, WAREHOUSE_PATH=str(warehouse))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "opposed_segments does not exist" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"older.duckdb"}
