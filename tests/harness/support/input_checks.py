"""The checks of the input alone, as a build runs them before its first model: a second each."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from compiled import bare_project
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from pipeline.dbt_run import BuildReport, report_of
from pipeline.input_files import InputWatch
from small_exports import Row, decisions, events, write_export, write_rows

KINDS = ("decisions", "events")


class InputChecks:
    """A project that is parsed once, and an export in a fixed place for tests to damage."""

    def __init__(self, directory: Path) -> None:
        """Parse the project; `directory` takes the export and what dbt writes."""
        self.export = directory / "export"
        self._directory = directory
        self._project = bare_project(directory / "project")
        self._environment = {
            **self.fresh(),
            "EXPOSURES": "",
            "EVENTS": "",
            "DBT_DUCKDB_PATH": str(directory / "checked.duckdb"),
        }
        self._parsed = None
        parsed = self._dbt(InputWatch(), "parse", {})
        assert parsed.success, parsed.exception
        self._parsed = parsed.result

    def fresh(self) -> dict[str, str]:
        """Give back the good export, which has one part of each kind and no marks."""
        shutil.rmtree(self.export, ignore_errors=True)
        return write_export(self.export, decisions(), events())

    def part(self, kind: str, *folders: str) -> Path:
        """Give the first part's place, or of another one below these folders."""
        return self.export.joinpath(f"type={kind}", *folders, "part-0.parquet")

    def days(self, *days: str, marked: bool = True) -> None:
        """Put the good export's part of each kind below every one of the days, with its mark."""
        for kind in KINDS:
            part = self.part(kind)
            for day in days:
                moved = self.part(kind, f"date={day}")
                moved.parent.mkdir()
                shutil.copy(part, moved)
                if marked:
                    (moved.parent / "_SUCCESS").touch()
            part.unlink()

    def rewrite(self, kind: str, rows: list[Row], **types: object) -> Path:
        """Write other rows in the place of the first part."""
        write_rows(self.part(kind), rows, types)
        return self.part(kind)

    def found(self, **settings: object) -> BuildReport:
        """Run the checks with these vars and environment variables, which are in capitals."""
        environment = {name: str(value) for name, value in settings.items() if name.isupper()}
        # Of plain files the project has other metrics, but it was parsed for an export.
        metrics = [node.name for node in self._parsed.nodes.values() if node.name[:4] == "obs_"]
        vars_ = {"metrics": metrics}
        vars_ |= {name: value for name, value in settings.items() if not name.isupper()}
        watch = InputWatch()
        # The smallest thing to build: what comes before it is what is wanted.
        arguments = ("build", "--select", "excluded_visitors", "--vars", json.dumps(vars_))
        outcome = self._dbt(watch, *arguments, environment)
        DuckDBConnectionManager.close_all_connections()
        return report_of(outcome, watch, self._directory / "checked.duckdb")

    def left(self, word: str) -> list[str]:
        """Name the files of dbt's, log and artifacts, in which a word stands."""
        folders = (self._directory / "logs", self._directory / "target")
        files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
        assert "dbt.log" in {file.name for file in files}
        return [file.name for file in files if word.encode() in file.read_bytes()]

    @contextlib.contextmanager
    def seed(self, name: str, text: str) -> Iterator[None]:
        """Have another text in a seed's file."""
        file = self._project / "seeds" / f"{name}.csv"
        before = file.read_bytes()
        file.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            file.write_bytes(before)

    def rendered(self, text: str, **vars_: object) -> str:
        """Give what dbt makes of a text with calls of macros, for these vars."""
        arguments = ("compile", "--inline", text, "--vars", json.dumps(vars_))
        outcome = self._dbt(InputWatch(), *arguments, {})
        DuckDBConnectionManager.close_all_connections()
        assert outcome.success, outcome.exception
        (result,) = outcome.result.results
        return result.node.compiled_code

    def _dbt(self, watch: InputWatch, *arguments: object) -> object:
        *command, environment = arguments
        folders = {"project-dir": self._project, "profiles-dir": self._project / "profiles"}
        folders |= {"target-path": self._directory / "target", "log-path": self._directory / "logs"}
        options = [text for name, path in folders.items() for text in (f"--{name}", str(path))]
        changed = mock.patch.dict(os.environ, {**self._environment, **environment})
        # dbt moves into the project's folder and stays there.
        with changed, contextlib.chdir(self._project):
            return dbtRunner(manifest=self._parsed, callbacks=[watch.take]).invoke(
                [*command, *options, "--log-level", "none", "--log-level-file", "debug", "--quiet"]
            )
