"""The warehouse that models run in. All that the engine knows of DuckDB is here."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Self

import duckdb
import pandas as pd
import pyarrow as pa
import yaml

from engine import ROOT

Frame = pd.DataFrame | pa.Table
Rows = list[dict[str, object]]


class DuckDB:
    """A fresh database in memory, in one schema of which a model finds every table."""

    target = "duckdb"
    catalog = "world"
    error = duckdb.Error
    memory_limit = "1500MB"

    def __init__(self) -> None:
        """Make a database with the session settings of a build."""
        self._connection = duckdb.connect()
        self.execute(f"attach ':memory:' as {self.catalog}")
        self.execute(f"use {self.catalog}.main")
        own_settings = {
            # The last digits of a sum may depend on the number of threads; few rows need but one.
            "threads": 1,
            "memory_limit": self.memory_limit,
            # Sources may lie where those of the last database lay: nothing may be remembered.
            "enable_external_file_cache": False,
        }
        for name, value in {**_session_settings(self.target), **own_settings}.items():
            self.execute(f"set {name} = '{value}'")

    @classmethod
    def environment(cls, directory: Path) -> dict[str, str]:
        """Give the environment in which dbt compiles for such a database, and finds none."""
        path = directory / f"{cls.catalog}.duckdb"
        return {"DBT_TARGET": cls.target, "DBT_DUCKDB_PATH": str(path)}

    @staticmethod
    def in_one_schema(sql: str) -> str:
        """Give compiled SQL with the internal tables in the schema of the public ones."""
        return sql.replace('"main_internal".', '"main".')

    @staticmethod
    def quoted(name: str) -> str:
        """Quote an identifier."""
        return '"' + name.replace('"', '""') + '"'

    @staticmethod
    def milliseconds(time: str) -> str:
        """Write the milliseconds from 1970 to a time."""
        return f"epoch_ms({time})"

    def execute(self, sql: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        """Execute a statement; give its cursor."""
        return self._connection.execute(sql, values)

    def frame(self, query: str) -> pd.DataFrame:
        """Give the rows of a query as a frame."""
        return self.execute(query).df()

    def rows(self, query: str) -> Rows:
        """Give the rows of a query."""
        cursor = self.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def create_tables(self, tables: Mapping[str, str]) -> None:
        """Create empty tables, by their names and columns."""
        for name, columns in tables.items():
            self.execute(f"create table {name} ({columns})")

    def create_table_as(self, name: str, query: str) -> None:
        """Make a table of a query, in place of what is there."""
        self.execute(f"create or replace table {name} as {query}")

    def insert(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Insert rows; columns that one lacks have their defaults."""
        for row in rows:
            columns = ", ".join(self.quoted(name) for name in row)
            marks = ", ".join("?" for _ in row)
            self.execute(f"insert into {table} ({columns}) values ({marks})", list(row.values()))  # noqa: S608

    def insert_frame(self, table: str, frame: Frame) -> None:
        """Insert the rows of a frame; columns that it lacks have their defaults."""
        self._connection.register("given_frame", frame)
        self.execute(f"insert into {table} by name from given_frame")
        self._connection.unregister("given_frame")

    def __enter__(self) -> Self:
        """Use the database in a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Throw the database away."""
        self._connection.close()


# The one there is; with a second, what both have.
Warehouse = DuckDB


@cache
def _session_settings(target: str) -> dict[str, object]:
    profiles = yaml.safe_load((ROOT / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    return profiles["experiment_metrics"]["outputs"][target].get("settings", {})
