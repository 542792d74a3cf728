"""The project's own SQL, compiled once and run on as many worlds as a test likes.

dbt takes seconds to start; a small world takes a fraction of a second to compute. So dbt compiles
the project once per settings, against fixed paths, and each world is written to those paths and run
through the compiled SQL in a fresh in-memory DuckDB: the same statements in the same order with the
same session settings as `dbt build`, without hooks, contracts and tests. Two things differ: views
are computed once, as tables, and each world's own as-of time is put into the compiled SQL.
"""

import contextlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from unittest import mock

import duckdb
import yaml
from calibration.chain import in_one_schema
from dbt.cli.main import dbtRunner
from oracle.raw import Key, Millis, Settings, Table, World
from world_files import Layout, call_records, seed_rows, write_calls, write_export

ROOT = Path(__file__).parents[3]
CATALOG = "world"
NUMBERED = "number"
# The as-of time that a project is compiled with, in place of each world's own.
ANY_TIME = "2001-02-03 04:05:06"
# What a copy of the project can't do without.
KEPT_YAML = ("_groups", "_optimizely__sources")


@dataclass(frozen=True)
class TableSpec:
    """A public table as it is compared: its key, and the columns that the semantics fix."""

    key: tuple[str, ...]
    columns: tuple[str, ...]
    condition: str = "true"
    """Which of its rows are compared."""


UNIT_KEY = ("experiment_id", "unit_id")
SUMMARY = ("unit_count", "observation_sum", "metric_value", "variance")
NAMES = ("experiment_name", "variation_name")
EVENT = ("entity_id", "event_name", "event_type", "revenue", "value", "quantity")
OCCURRENCE = ("variation_id", "exposed_at")
OBSERVATION = (
    *("observation", "denominator", "capped_observation"),
    *("covariate", "covariate_denominator", "capped_covariate"),
)

EVENTS = TableSpec((*UNIT_KEY, "event_id"), (*OCCURRENCE, "occurred_at", *EVENT))
CALLS = TableSpec((*UNIT_KEY, "occurred_at", "call_duration_min", NUMBERED), OCCURRENCE)

PUBLIC_TABLES: dict[str, TableSpec] = {
    "experiment_units": TableSpec(
        UNIT_KEY,
        (*NAMES, *OCCURRENCE, "window_ends_at", "is_crossover", "exposure_id"),
    ),
    "experiment_unit_attributes": TableSpec((*UNIT_KEY, "attribute_name"), ("attribute_value",)),
    "unit_events": TableSpec(EVENTS.key, (*EVENTS.columns, "is_in_window")),
    "unit_calls": TableSpec(CALLS.key, (*CALLS.columns, "is_in_window")),
    "experiment_events": EVENTS,
    "experiment_calls": CALLS,
    "fct_metric_observations": TableSpec(
        ("experiment_id", "metric_name", "unit_id"),
        (*OCCURRENCE, *OBSERVATION, "is_mature"),
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
    return {
        "attribution_window_hours": settings.window_hours,
        "crossover_policy": settings.crossover_policy,
        "segments": list(settings.segments),
        "segment_value_limit": settings.segment_value_limit,
        "bot_user_agent_patterns": list(settings.bot_patterns),
        "pooled_variations": {name: list(members) for name, members in settings.pools},
        "as_of": ANY_TIME,
    }


def with_as_of(code: str, now: Millis | None) -> str:
    """Put an as-of time into compiled SQL; None is that of the latest row."""
    if now is None:
        return code.replace(f"'{ANY_TIME}'", "null")
    moment = datetime.fromtimestamp(now / 1000, tz=UTC)
    return code.replace(ANY_TIME, moment.strftime("%Y-%m-%d %H:%M:%S.%f"))


def session_settings() -> dict[str, object]:
    """Read the session settings of the profile, so that a world is run as a build is."""
    profiles = yaml.safe_load((ROOT / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    return profiles["experiment_metrics"]["outputs"]["duckdb"].get("settings", {})


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def bare_project(project: Path) -> Path:
    """Copy the project without what no number depends on: tests, descriptions and contracts.

    They are most of the time that dbt takes to compile.
    """
    for folder in ("models", "macros", "seeds", "profiles"):
        shutil.copytree(ROOT / folder, project / folder)
    for file in project.glob("models/**/*.yml"):
        if file.stem not in KEPT_YAML:
            file.unlink()
    settings = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    settings = settings.replace("enforced: true", "enforced: false")
    (project / "dbt_project.yml").write_text(settings, encoding="utf-8")
    return project


class CompiledProject:
    """The models, compiled for one set of vars and ready to run on any world."""

    def __init__(
        self,
        directory: Path,
        vars: Mapping[str, object],  # noqa: A002 - dbt's word
        *,
        project: Path,
        tables: Mapping[str, TableSpec] = PUBLIC_TABLES,
        has_call_csv: bool = True,
    ) -> None:
        """Compile a project; `directory` holds the compiled SQL and, in turn, each world."""
        self._tables = tables
        self._export = directory / "export"
        self._call_csv = directory / "calls.csv"
        # Empty files are enough to compile, but dbt should find the folders that it is told of.
        self._write(World(), Layout())
        environment = {
            "OPTIMIZELY_DATA_DIR": str(self._export),
            "CALL_DATA_PATH": str(self._call_csv) if has_call_csv else "",
        }
        manifest = compile_project(project, directory, vars, environment)
        nodes = {name: node for name, node in manifest["nodes"].items() if _is_relation(node)}
        self._parents = {name: node["depends_on"].get("nodes", []) for name, node in nodes.items()}
        order = TopologicalSorter(self._parents).static_order()
        self._nodes = {name: nodes[name] for name in order if name in nodes}
        self._settings = session_settings()

    def run(self, world: World, layout: Layout | None = None) -> dict[str, Table]:
        """Run the models that the tables need on a world; give back the tables."""
        with self.built(world, layout, set(self._tables)) as connection:
            return {name: read_table(connection, name, self._tables[name]) for name in self._tables}

    def odd_numbers(self, world: World) -> list[str]:
        """Run every model on a world; name the columns that hold NaN or infinity."""
        models = {node["name"] for node in self._nodes.values()}
        with self.built(world, None, models) as connection:
            columns = connection.execute(
                "select table_name, column_name from information_schema.columns "
                "where data_type = 'DOUBLE' order by all"
            ).fetchall()
            return [
                f"{table}.{column}"
                for table, column in columns
                if connection.execute(
                    f"select count(*) from {CATALOG}.main.{table} "
                    f"where not isfinite({quoted(column)})"
                ).fetchone()
                != (0,)
            ]

    @contextlib.contextmanager
    def built(
        self, world: World, layout: Layout | None, names: set[str]
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Run the models that these tables need on a world; give the database that they made."""
        layout = layout or Layout()
        self._write(world, layout)
        needed = self._with_ancestors(names)
        with duckdb.connect() as connection:
            self._prepare(connection)
            for unique_id, node in self._nodes.items():
                if node["resource_type"] == "seed":
                    self._load_seed(connection, node, world, layout)
                elif unique_id in needed:
                    _create(connection, node, world.settings.as_of)
            yield connection

    def sql(self, name: str) -> str:
        """Give the compiled SQL of a model, be it one that is built into others."""
        return next(node["compiled_code"] for node in self._nodes.values() if node["name"] == name)

    def parents(self, name: str) -> list[str]:
        """Name the relations that a model reads."""
        unique_id = next(key for key, node in self._nodes.items() if node["name"] == name)
        return [self._nodes[key]["name"] for key in self._parents[unique_id] if key in self._nodes]

    def _with_ancestors(self, names: set[str]) -> set[str]:
        needed: set[str] = set()
        waiting = [unique_id for unique_id, node in self._nodes.items() if node["name"] in names]
        while waiting:
            unique_id = waiting.pop()
            if unique_id not in needed:
                needed.add(unique_id)
                waiting += self._parents.get(unique_id, [])
        return needed

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
        seeds = seed_rows(world)
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


def compile_project(
    project: Path, directory: Path, vars_: Mapping[str, object], environment: dict[str, str]
) -> dict:
    """Compile the models of a project; give back the manifest."""
    environment |= {"DBT_DUCKDB_PATH": str(directory / f"{CATALOG}.duckdb"), "DBT_TARGET": "duckdb"}
    arguments = ["--quiet", "compile", "--select", "resource_type:model"]
    arguments += ["--project-dir", str(project), "--profiles-dir", str(project / "profiles")]
    arguments += ["--vars", json.dumps(vars_), "--target-path", str(directory / "target")]
    arguments += ["--log-path", str(directory / "logs")]
    # dbt moves into the project's folder and stays there.
    with mock.patch.dict(os.environ, environment), contextlib.chdir(project):
        result = dbtRunner().invoke(arguments)
    if not result.success:
        message = f"dbt compile failed: {result.exception or result.result}"
        raise RuntimeError(message)
    manifest = (directory / "target" / "manifest.json").read_text(encoding="utf-8")
    return json.loads(in_one_schema(manifest.replace('\\"main_internal\\".', '\\"main\\".')))


def _is_relation(node: dict) -> bool:
    return node["resource_type"] in ("model", "seed")


def _create(connection: duckdb.DuckDBPyConnection, model: dict, now: Millis | None) -> None:
    kind = model["config"]["materialized"]
    if kind == "ephemeral":
        return  # dbt has written it into the models that use it
    if kind not in ("table", "view"):
        message = f"{model['name']} is materialized as {kind}: teach the harness to run it."
        raise NotImplementedError(message)
    try:
        code = with_as_of(model["compiled_code"], now)
        connection.execute(f"create table {model['relation_name']} as {code}")
    except duckdb.Error as error:
        message = f"{model['name']}: {error}"
        raise WorldError(message) from error


def read_table(connection: duckdb.DuckDBPyConnection, name: str, spec: TableSpec) -> Table:
    """Read a public table as a dict from its key; times as epoch milliseconds."""
    columns = [column for column in (*spec.key, *spec.columns) if column != NUMBERED]
    terms = ", ".join(
        f"epoch_ms({quoted(column)})" if column.endswith("_at") else quoted(column)
        for column in columns
    )
    query = f"select {terms} from {CATALOG}.main.{name} where {spec.condition}"
    rows = connection.execute(query).fetchall()
    return keyed(name, spec, [dict(zip(columns, row, strict=True)) for row in rows])


def keyed(name: str, spec: TableSpec, rows: list[dict[str, object]]) -> Table:
    """Key the rows; a key that is there twice is an error, unless identical rows are numbered."""
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
