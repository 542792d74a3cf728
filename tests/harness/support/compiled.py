"""The project's own SQL, compiled once and run on as many worlds as a test likes.

dbt compiles the project once per settings, against fixed paths, and each world is written to those
paths and run through the compiled SQL in a fresh database: the same statements in the same order
with the same session settings as `dbt build`, without hooks, contracts and tests. Two things
differ: views are computed once, as tables, and each world's own as-of time is put into the
compiled SQL.
"""

import contextlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine import ROOT
from engine.compile import Chain, Project
from engine.run import run_models
from engine.warehouse import Warehouse
from oracle.raw import Key, Millis, Settings, Table, World
from world_files import Layout, call_records, seed_rows, write_calls, write_export

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
    *("observation", "denominator", "capped_observation", "capped_denominator"),
    *("covariate", "covariate_denominator", "capped_covariate", "capped_covariate_denominator"),
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


class KeyTwiceError(Exception):
    """A table has rows that its key doesn't tell apart."""


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
        self._project = Project(
            directory, Warehouse, root=project, environment=environment, settings=vars
        )
        # All at once: for one alone, dbt takes nearly as long.
        self._project.compiled(Chain(tuple(self._project.models)))

    def run(self, world: World, layout: Layout | None = None) -> dict[str, Table]:
        """Run the models that the tables need on a world; give back the tables."""
        with self.built(world, layout, self._tables) as database:
            return {name: read_table(database, name, spec) for name, spec in self._tables.items()}

    def odd_numbers(self, world: World) -> list[str]:
        """Run every model on a world; name the columns that hold NaN or infinity."""
        with self.built(world, None, self._project.models) as database:
            columns = database.execute(
                "select table_name, column_name from information_schema.columns "
                "where data_type = 'DOUBLE' order by all"
            ).fetchall()
            return [
                f"{table}.{column}"
                for table, column in columns
                if database.execute(
                    f"select count(*) from {table} where not isfinite({database.quoted(column)})"
                ).fetchone()
                != (0,)
            ]

    @contextlib.contextmanager
    def built(
        self,
        world: World,
        layout: Layout | None,
        names: Iterable[str],
        change: Callable[[Path], None] | None = None,
    ) -> Iterator[Warehouse]:
        """Run the models that these tables need on a world; give the database that they made.

        change: changes the export's folder after it was written.
        """
        layout = layout or Layout()
        self._write(world, layout)
        if change:
            change(self._export)
        models = [
            replace(model, sql=with_as_of(model.sql, world.settings.as_of))
            for model in self._project.compiled(Chain(tuple(names)))
        ]
        with self._project.warehouse() as database:
            self._load_seeds(database, world, layout)
            run_models(database, models)
            yield database

    def texts(self) -> dict[str, str]:
        """Give the SQL of every model."""
        compiled = self._project.compiled(Chain(tuple(self._project.models)))
        return {model.name: model.sql for model in compiled}

    def run_on_tables(self, database: Warehouse, name: str, given: Iterable[str]) -> None:
        """Run a model and what leads to it from tables that the database has."""
        run_models(database, self._project.compiled(Chain((name,), frozenset(given))))

    def _write(self, world: World, layout: Layout) -> None:
        write_export(world, layout, self._export)
        write_calls(world, layout, self._call_csv)

    def _load_seeds(self, database: Warehouse, world: World, layout: Layout) -> None:
        seeds = seed_rows(world)
        for name, seed in self._project.seeds.items():
            if name not in seeds:
                message = f"Worlds have no seed {name}: give them one in worlds.seed_rows."
                raise NotImplementedError(message)
            rows = seeds[name]
            types = dict(seed.config.column_types)
            if name == "call_data":
                rows = call_records(world, layout)
                types = {layout.user_column: types.pop("user_id"), **types}
            columns = [f"{database.quoted(column)} {kind}" for column, kind in types.items()]
            database.create_tables({name: ", ".join(columns)})
            database.insert(name, [{column: row[column] for column in types} for row in rows])


def read_table(database: Warehouse, name: str, spec: TableSpec) -> Table:
    """Read a public table as a dict from its key; times as epoch milliseconds."""
    terms = []
    for column in (*spec.key, *spec.columns):
        quoted = database.quoted(column)
        if column != NUMBERED:
            term = database.milliseconds(quoted) if column.endswith("_at") else quoted
            terms.append(f"{term} as {quoted}")
    query = f"select {', '.join(terms)} from {name} where {spec.condition}"
    return keyed(name, spec, database.rows(query))


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
            raise KeyTwiceError(message)
        table[key] = {column: row[column] for column in spec.columns}
    return table
