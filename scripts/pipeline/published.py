"""Reads published tables: the one place that knows where they lie and how they are asked.

Whoever shows results asks a `PublishedTables`, and so need not know the warehouse.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipeline.errors import UnreadableResultsError

Row = dict[str, Any]

SCHEMAS = ("main", "main_internal")
"""The public tables' schema, and that of the steps that make them."""

LOG_ENDINGS = (".wal", ".wal.checkpoint", ".wal.recovery")
"""What DuckDB adds to a file's name for the logs that it keeps beside it while it writes."""


class PublishedTables(Protocol):
    """The tables of one published build, by their names alone."""

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Give a query's rows; a `?` in it stands for a value."""
        ...

    def columns(self, table: str) -> dict[str, str]:
        """Give a table's columns with their types; none where there is no such table."""
        ...

    def write_parquet(self, sql: str, values: Sequence[object], path: Path) -> int:
        """Write a query's rows to a Parquet file; give their number."""
        ...


class DuckDBTables:
    """The tables of a published DuckDB file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read by a connection."""
        self._connection = connection
        there = {row["schema_name"] for row in self.query("from duckdb_schemas()")}
        path = ",".join(schema for schema in SCHEMAS if schema in there)
        connection.execute(f"set search_path = '{path}'")

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Give a query's rows."""
        result = self._connection.execute(sql, list(values))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def columns(self, table: str) -> dict[str, str]:
        """Give a table's columns with their types."""
        try:
            found = self.query(f"describe {table}")
        except duckdb.CatalogException:
            return {}
        return {row["column_name"]: row["column_type"] for row in found}

    def write_parquet(self, sql: str, values: Sequence[object], path: Path) -> int:
        """Write a query's rows to a Parquet file."""
        quoted = str(path).replace("'", "''")
        copied = self._connection.execute(f"copy ({sql}) to '{quoted}' (format parquet)", values)
        return int(copied.fetchall()[0][0])


def columns_in_utc(tables: PublishedTables, table: str, without: Collection[str] = ()) -> str:
    """List a table's columns for a file in which timestamps, which are UTC, say so."""
    types = {
        f'"{name}"': kind for name, kind in tables.columns(table).items() if name not in without
    }
    return ", ".join(
        f"timezone('UTC', {column}) as {column}" if kind == "TIMESTAMP" else column
        for column, kind in types.items()
    )


def left_logs(path: Path) -> list[Path]:
    """Give the logs beside a DuckDB file, whose changes whoever opens it would see in it."""
    logs = (path.with_name(path.name + ending) for ending in LOG_ENDINGS)
    return [log for log in logs if log.exists()]


def row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int | None]:
    """Count the rows of every table; views are there without a count."""
    counts: dict[str, int | None] = {}
    here = "database_name = current_database() and not internal"
    for schema, name in connection.sql(
        f"select schema_name, table_name from duckdb_tables() where {here}"  # noqa: S608
    ).fetchall():
        quoted = ".".join('"{}"'.format(part.replace('"', '""')) for part in (schema, name))
        found = connection.sql(f"select count(*) from {quoted}").fetchall()  # noqa: S608
        counts[f"{schema}.{name}"] = int(found[0][0])
    for schema, name in connection.sql(
        f"select schema_name, view_name from duckdb_views() where {here}"  # noqa: S608
    ).fetchall():
        counts[f"{schema}.{name}"] = None
    return counts


def check_published(warehouse_path: Path) -> None:
    """Refuse to read where nothing was published, or where another program has written since."""
    _check_there(warehouse_path)
    if logs := left_logs(warehouse_path):
        message = (
            f"Another program has written to {warehouse_path}: its log {logs[0]} would be read as"
            " if it had been published. Close that program; scripts/build removes what a broken"
            " one left."
        )
        raise UnreadableResultsError(message)


def _check_there(warehouse_path: Path) -> None:
    if not warehouse_path.is_file():
        message = (
            f"There are no results at {warehouse_path}. Run scripts/build first, or set"
            " WAREHOUSE_PATH to a published file."
        )
        raise UnreadableResultsError(message)


@contextmanager
def open_published(warehouse_path: Path, spill: Path | None = None) -> Iterator[PublishedTables]:
    """Open a published file for reading, as it was published."""
    check_published(warehouse_path)
    with open_tables(warehouse_path, spill) as tables:
        yield tables


@contextmanager
def open_tables(path: Path, spill: Path | None = None) -> Iterator[PublishedTables]:
    """Open a DuckDB file for reading.

    spill: where DuckDB may put what memory can't hold; by default beside the file.
    """
    _check_there(path)
    config = {} if spill is None else {"temp_directory": str(spill)}
    try:
        with duckdb.connect(str(path), read_only=True, config=config) as connection:
            yield DuckDBTables(connection)
    except duckdb.Error as error:
        message = f"The results at {path} can't be read: {error}"
        raise UnreadableResultsError(message) from error
