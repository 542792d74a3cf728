"""Reads published tables: the one place that knows where they lie and how they are asked.

Whoever shows results asks a `PublishedTables`, and so need not know the warehouse.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipeline.errors import UnreadableResultsError

Row = dict[str, Any]

SCHEMAS = ("main", "main_internal")
"""The public tables' schema, and that of the steps that make them."""


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


def check_published(warehouse_path: Path) -> None:
    """Refuse to read where nothing was published."""
    if not warehouse_path.is_file():
        message = (
            f"There are no results at {warehouse_path}. Run scripts/build first, or set"
            " WAREHOUSE_PATH to a published file."
        )
        raise UnreadableResultsError(message)


@contextmanager
def open_tables(warehouse_path: Path, spill: Path | None = None) -> Iterator[PublishedTables]:
    """Open a published file for reading.

    spill: where DuckDB may put what memory can't hold; by default beside the file.
    """
    check_published(warehouse_path)
    config = {} if spill is None else {"temp_directory": str(spill)}
    try:
        with duckdb.connect(str(warehouse_path), read_only=True, config=config) as connection:
            yield DuckDBTables(connection)
    except duckdb.Error as error:
        message = f"The results at {warehouse_path} can't be read: {error}"
        raise UnreadableResultsError(message) from error
