"""The project's own SQL, compiled once and run on as many worlds as a test likes.

dbt takes seconds to start; a small world takes a fraction of a second to compute. So dbt compiles
the project once per settings, against fixed paths, and each world is written to those paths and run
through the compiled SQL in a fresh in-memory DuckDB: the same statements in the same order with the
same session settings as `dbt build`, without hooks, contracts and tests.
"""

import contextlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from unittest import mock

import duckdb
import yaml
from dbt.cli.main import dbtRunner
from oracle import Key, Settings, Table, World
from worlds import Layout, call_records, seed_rows, write_calls, write_export

ROOT = Path(__file__).parents[2]
CATALOG = "world"
NUMBERED = "number"


@dataclass(frozen=True)
class TableSpec:
    """A public table as it is compared: its key, and the columns that the semantics fix."""

    key: tuple[str, ...]
    columns: tuple[str, ...]


UNIT_KEY = ("experiment_id", "unit_id")
SUMMARY = ("unit_count", "observation_sum", "metric_value", "variance")
NAMES = ("experiment_name", "variation_name")
EVENT = ("entity_id", "event_name", "event_type", "revenue", "value", "quantity")
OCCURRENCE = ("variation_id", "exposed_at")

EVENTS = TableSpec((*UNIT_KEY, "event_id"), (*OCCURRENCE, "occurred_at", *EVENT))
CALLS = TableSpec((*UNIT_KEY, "occurred_at", "call_duration_min", NUMBERED), OCCURRENCE)

PUBLIC_TABLES: dict[str, TableSpec] = {
    "experiment_units": TableSpec(
        UNIT_KEY,
        (*NAMES, *OCCURRENCE, "window_ends_at", "is_crossover", "decision_id"),
    ),
    "experiment_unit_attributes": TableSpec((*UNIT_KEY, "segment_name"), ("segment_value",)),
    "unit_events": TableSpec(EVENTS.key, (*EVENTS.columns, "is_in_window")),
    "unit_calls": TableSpec(CALLS.key, (*CALLS.columns, "is_in_window")),
    "experiment_events": EVENTS,
    "experiment_calls": CALLS,
    "fct_metric_observations": TableSpec(
        ("experiment_id", "metric_name", "unit_id"),
        (*OCCURRENCE, "observation", "denominator", "is_mature"),
    ),
    "variation_metrics": TableSpec(
        ("experiment_id", "metric_name", "variation_id"),
        (*NAMES, *SUMMARY),
    ),
    "variation_metrics_by_segment": TableSpec(
        ("experiment_id", "metric_name", "variation_id", "segment_name", "segment_value"),
        (*NAMES, *SUMMARY),
    ),
    "variation_event_counts": TableSpec(
        ("experiment_id", "variation_id", "event_name"),
        (*NAMES, "event_count", "unit_count"),
    ),
    "excluded_rows": TableSpec(("source_name", "reason"), ("row_count",)),
    "source_row_counts": TableSpec(
        ("source_name",),
        ("raw_row_count", "used_row_count", "excluded_row_count"),
    ),
}


class WorldError(Exception):
    """The models can't be run on a world, or give a table that its key doesn't fit."""


def dbt_vars(settings: Settings) -> dict[str, object]:
    """Write the oracle's settings as the vars of the project."""
    now = settings.as_of
    return {
        "attribution_window_hours": settings.window_hours,
        "crossover_policy": settings.crossover_policy,
        "segments": list(settings.segments),
        "bot_user_agent_patterns": list(settings.bot_patterns),
        "as_of": ""
        if now is None
        else datetime.fromtimestamp(now / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def session_settings() -> dict[str, object]:
    """Read the session settings of the profile, so that a world is run as a build is."""
    profiles = yaml.safe_load((ROOT / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    return profiles["experiment_metrics"]["outputs"]["duckdb"].get("settings", {})


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


class CompiledProject:
    """The models, compiled for one set of vars and ready to run on any world.

    `metric_tags`: the metrics that worlds use, which are those that the oracle knows; none is all.
    """

    metric_tags: str | None = "shop"

    def __init__(
        self,
        directory: Path,
        vars: Mapping[str, object] | None = None,  # noqa: A002 - dbt's word
        *,
        project: Path = ROOT,
        has_call_csv: bool = True,
    ) -> None:
        """Compile the project; `directory` holds the compiled SQL and, in turn, each world."""
        self._project = project
        self._export = directory / "export"
        self._call_csv = directory / "calls.csv"
        self._has_call_csv = has_call_csv
        # Empty files are enough to compile, but dbt should find the folders that it is told of.
        self._write(World(), Layout())
        manifest = self._compile(directory, vars or {})
        nodes = {name: node for name, node in manifest["nodes"].items() if _is_relation(node)}
        parents = {name: node["depends_on"].get("nodes", []) for name, node in nodes.items()}
        order = [name for name in TopologicalSorter(parents).static_order() if name in nodes]
        self._seeds = [nodes[name] for name in order if nodes[name]["resource_type"] == "seed"]
        self._models = [nodes[name] for name in order if nodes[name]["resource_type"] == "model"]
        self._settings = session_settings()

    def _compile(self, directory: Path, vars_: Mapping[str, object]) -> dict:
        environment = {
            "OPTIMIZELY_DATA_DIR": str(self._export),
            "CALL_DATA_PATH": str(self._call_csv) if self._has_call_csv else "",
            "DBT_DUCKDB_PATH": str(directory / f"{CATALOG}.duckdb"),
            "DBT_TARGET": "duckdb",
        }
        arguments = ["--quiet", "compile", "--project-dir", str(self._project)]
        arguments += [
            "--profiles-dir",
            str(self._project / "profiles"),
            "--vars",
            json.dumps(vars_),
        ]
        arguments += ["--target-path", str(directory / "target")]
        arguments += ["--log-path", str(directory / "logs")]
        # dbt moves into the project's folder and stays there.
        with mock.patch.dict(os.environ, environment), contextlib.chdir(self._project):
            result = dbtRunner().invoke(arguments)
        if not result.success:
            message = f"dbt compile failed: {result.exception or result.result}"
            raise RuntimeError(message)
        return json.loads((directory / "target" / "manifest.json").read_text(encoding="utf-8"))

    def run(self, world: World, layout: Layout | None = None) -> dict[str, Table]:
        """Run every model on a world; give back the public tables."""
        layout = layout or Layout()
        self._write(world, layout)
        with duckdb.connect() as connection:
            self._prepare(connection)
            for seed in self._seeds:
                self._load_seed(connection, seed, world, layout)
            for model in self._models:
                _create(connection, model)
            return {name: read_table(connection, name) for name in PUBLIC_TABLES}

    def _write(self, world: World, layout: Layout) -> None:
        write_export(world, layout, self._export)
        write_calls(world, layout, self._call_csv)

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(f"attach ':memory:' as {CATALOG}")
        connection.execute(f"use {CATALOG}.main")
        # Every world lies at the same paths: nothing read of the last one may be remembered.
        connection.execute("set enable_external_file_cache = false")
        # On a hundred rows a second thread only costs.
        for name, value in {**self._settings, "threads": 1}.items():
            connection.execute(f"set {name} = '{value}'")

    def _load_seed(
        self, connection: duckdb.DuckDBPyConnection, seed: dict, world: World, layout: Layout
    ) -> None:
        seeds = seed_rows(world, self.metric_tags)
        if seed["name"] not in seeds:
            message = f"Worlds have no seed {seed['name']}: give them one in worlds.seed_rows."
            raise NotImplementedError(message)
        rows = seeds[seed["name"]]
        types = dict(seed["config"]["column_types"])
        if seed["name"] == "call_data":
            rows = call_records(world, layout)
            types = {layout.user_column: types.pop("user_id"), **types}
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
        connection.execute(f"create table {seed['relation_name']} ({columns})")
        if rows:
            marks = ", ".join("?" for _ in types)
            connection.executemany(
                f"insert into {seed['relation_name']} values ({marks})",
                [[row[name] for name in types] for row in rows],
            )


def _is_relation(node: dict) -> bool:
    return node["resource_type"] in ("model", "seed")


def _create(connection: duckdb.DuckDBPyConnection, model: dict) -> None:
    kind = model["config"]["materialized"]
    if kind == "ephemeral":
        return  # dbt has written it into the models that use it
    if kind not in ("table", "view"):
        message = f"{model['name']} is materialized as {kind}: teach the harness to run it."
        raise NotImplementedError(message)
    try:
        connection.execute(f"create {kind} {model['relation_name']} as {model['compiled_code']}")
    except duckdb.Error as error:
        message = f"{model['name']}: {error}"
        raise WorldError(message) from error


def read_table(connection: duckdb.DuckDBPyConnection, name: str) -> Table:
    """Read a public table as a dict from its key; times as epoch milliseconds."""
    spec = PUBLIC_TABLES[name]
    columns = [column for column in (*spec.key, *spec.columns) if column != NUMBERED]
    terms = ", ".join(
        f"epoch_ms({quoted(column)})" if column.endswith("_at") else quoted(column)
        for column in columns
    )
    rows = connection.execute(f"select {terms} from {CATALOG}.main.{name}").fetchall()
    return keyed(name, [dict(zip(columns, row, strict=True)) for row in rows])


def keyed(name: str, rows: list[dict[str, object]]) -> Table:
    """Key the rows; a key that is there twice is an error, unless identical rows are numbered."""
    spec = PUBLIC_TABLES[name]
    seen: Counter[Key] = Counter()
    table: Table = {}
    for row in rows:
        key = tuple(row[column] for column in spec.key if column != NUMBERED)
        seen[key] += 1
        if NUMBERED in spec.key:
            key = (*key, seen[key])
        elif seen[key] > 1:
            message = f"{name} has two rows with the key {key}"
            raise WorldError(message)
        table[key] = {column: row[column] for column in spec.columns}
    return table
