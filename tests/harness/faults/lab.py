"""Where faults are made: cheap ways to run the project on a small world that has one.

`Lab.look` runs the compiled models on a world, or on an export that is damaged after it was
written, in a second or two; `Lab.build` is the real command, in this process, on the same export,
with the project parsed once. Where a fault should stop a build, it does so before the first model.
"""

import contextlib
import hashlib
import io
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from unittest import mock

import dbt.cli.main
import duckdb
from compiled import CompiledProject, bare_project, dbt_vars
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import CompiledNode
from engine import ROOT
from engine.compile import run_dbt
from faults.golden import golden_world
from oracle.raw import Settings, World
from pipeline import build
from world_files import Layout, write_calls, write_export
from worlds import BOT_PATTERNS

Rows = list[dict[str, object]]
Change = Callable[[Path], None]
# What shows whether a fault has done anything: who was exposed, what they did, what came of it.
LOOKED_AT = (
    *("experiment_units", "experiment_unit_attributes", "experiment_events", "experiment_calls"),
    *("variation_metrics", "experiment_results", "experiment_health", "experiment_decisions"),
    *("excluded_rows", "experiment_exclusions", "source_row_counts"),
)
# Lines that say how far a build is begin as those do that say what stopped it.
PROBLEM = re.compile(r"build(?: failed)?: (?!\d+ of \d+ models|reading the project)(.*)")
FOREIGN = ("EXPOSURES", "EVENTS", "DBT_TARGET", "SAMPLE_BUILD")


@dataclass(frozen=True)
class Seen:
    """The tables that were made of a world."""

    tables: dict[str, Rows]

    def of(self, table: str, experiment: str, **columns: object) -> Rows:
        """Give an experiment's rows of a table that have these values."""
        return [
            row
            for row in self.tables[table]
            if row["experiment_id"] == experiment
            and all(row[column] == value for column, value in columns.items())
        ]

    def reasons(self, source: str) -> dict[str, int]:
        """Count the rows of a source that were left out, by reason."""
        rows = self.tables["excluded_rows"]
        return {row["reason"]: row["row_count"] for row in rows if row["source_name"] == source}

    def health(self, experiment: str) -> dict[str, str]:
        """Give the checks of an experiment that are not ok, whatever segment found it."""
        rows = self.of("experiment_health", experiment)
        return {row["check_name"]: row["status"] for row in rows if row["status"] != "ok"}

    def message(self, experiment: str, check: str) -> str:
        """Give what a check says of an experiment."""
        (row,) = self.of("experiment_health", experiment, check_name=check)
        return row["message"]

    def verdicts(self, experiment: str) -> dict[str, tuple[str, str]]:
        """Give the verdict and rule by variation."""
        rows = self.of("experiment_decisions", experiment)
        return {row["variation_id"]: (row["verdict"], row["rule"]) for row in rows}

    def numbers(self, experiment: str) -> Rows:
        """Give everything that is said of an experiment's units and results."""
        names = ("experiment_units", "experiment_events", "variation_metrics", "experiment_results")
        return [row for name in names for row in self.of(name, experiment)]


@dataclass(frozen=True)
class Ran:
    """How the command ended."""

    code: int
    stdout: str
    stderr: str
    kept: bool
    """Whether what had been published is as it was."""

    @property
    def problems(self) -> list[str]:
        """Give the lines that say what went wrong."""
        found = [PROBLEM.fullmatch(line) for line in self.stderr.splitlines()]
        return [line[1] for line in found if line]


class Lab:
    """The places and tools that the checks share."""

    def __init__(self, directory: Path) -> None:
        """Take an empty folder."""
        self.root = directory
        self.export = directory / "export"
        self.calls = directory / "calls.csv"
        self.warehouse = directory / "warehouse" / "experiment_metrics.duckdb"
        self._manifests: dict[tuple, Manifest] = {}

    @cached_property
    def project(self) -> CompiledProject:
        """Give the project, compiled."""
        directory = self.root / "compiled"
        directory.mkdir()
        settings = dbt_vars(Settings(bot_patterns=BOT_PATTERNS))
        return CompiledProject(directory, settings, project=bare_project(self.root / "project"))

    @cached_property
    def golden(self) -> Seen:
        """Give what is made of the golden world."""
        return self.look(golden_world())

    def look(self, world: World | None = None, change: Change | None = None) -> Seen:
        """Run the models on a world; `change` damages its export after it was written."""
        world = world or golden_world()
        with self.project.built(world, None, LOOKED_AT, change=change) as database:
            return Seen({name: database.rows(f"from {name} order by all") for name in LOOKED_AT})

    def fresh_export(self, world: World | None = None) -> Path:
        """Write a world's export and call records, the golden one's by default, to be damaged."""
        world = world or golden_world()
        write_export(world, Layout(), self.export)
        write_calls(world, Layout(), self.calls)
        return self.export

    def build(self, *arguments: str, **environment: str) -> Ran:
        """Run the command on what lies in the lab's folder, beside a file that was published.

        For each environment the project is parsed once, which takes seconds: keep to the same.
        """
        if not self.calls.is_file():
            self.fresh_export()
        given = {
            "OPTIMIZELY_DATA_DIR": str(self.export),
            "CALL_DATA_PATH": str(self.calls),
            "WAREHOUSE_PATH": str(self.warehouse),
            **environment,
        }
        before = self._publish_something(Path(given["WAREHOUSE_PATH"]))
        out, err = io.StringIO(), io.StringIO()
        said = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(err))
        with self._as_a_process(given), said[0], said[1]:
            code = build.main(arguments)
        return Ran(code, out.getvalue(), err.getvalue(), kept=before == self._digest(given))

    def refused(self, *arguments: str, said: str, **environment: str) -> str:
        """Check that a build fails with one line that says this, and publishes nothing; give it."""
        ran = self.build(*arguments, **environment)
        assert ran.code == 1, ran.stdout + ran.stderr
        assert ran.kept
        assert "Traceback" not in ran.stdout + ran.stderr
        (problem,) = ran.problems
        assert said in problem, problem
        return problem

    @contextlib.contextmanager
    def _as_a_process(self, environment: dict[str, str]) -> Iterator[None]:
        """Give the command an environment, and dbt the project as it was parsed for it."""
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        dbt_paths = {
            "DBT_TARGET_PATH": str(self.root / "target"),
            "DBT_LOG_PATH": str(self.root / "logs"),
        }
        runner = partial(dbt.cli.main.dbtRunner, manifest=self._parsed(environment))
        interrupts = signal.getsignal(signal.SIGINT)
        try:
            with (
                mock.patch.dict(os.environ, {**kept, **dbt_paths, **environment}, clear=True),
                mock.patch("dbt.cli.main.dbtRunner", runner),
                contextlib.chdir(ROOT),
            ):
                yield
        finally:
            signal.signal(signal.SIGINT, interrupts)

    def _parsed(self, environment: dict[str, str]) -> Manifest:
        key = tuple(sorted(environment.items()))
        if key not in self._manifests:
            published = Path(environment["WAREHOUSE_PATH"])
            work = published.parent / f".{published.name}.building"
            given = {"EXPOSURES": "", "EVENTS": "", **environment}
            given["DBT_DUCKDB_PATH"] = str(work / build.DATABASE_NAME)
            self._manifests[key] = run_dbt(ROOT, self.root, given, "parse")
        manifest = self._manifests[key]
        for node in manifest.nodes.values():
            if isinstance(node, CompiledNode):
                # dbt writes an ephemeral model into its readers only once.
                node.extra_ctes_injected = False
        return manifest

    def _publish_something(self, path: Path) -> str:
        """Put a file where the last good build would be; give its digest."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with duckdb.connect(str(path)) as connection:
                connection.execute("create table published as select 1 as build")
        return self._digest({"WAREHOUSE_PATH": str(path)})

    @staticmethod
    def _digest(environment: dict[str, str]) -> str:
        path = Path(environment["WAREHOUSE_PATH"])
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

    def clear(self) -> None:
        """Remove what a check left behind."""
        for path in (self.export, self.warehouse.parent):
            shutil.rmtree(path, ignore_errors=True)
        self.calls.unlink(missing_ok=True)
