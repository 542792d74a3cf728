"""A dbt project, parsed once; its models as SQL, compiled once per settings.

dbt takes seconds for either, where the SQL runs on a few rows in a fraction of one.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from unittest import mock

from dbt.artifacts.schemas.results import NodeStatus
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.node_types import NodeType

from engine import ROOT
from engine.warehouse import Warehouse


@dataclass(frozen=True)
class Chain:
    """The models that lead to some of them, from tables that are given."""

    targets: tuple[str, ...]
    given: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it."""

    name: str
    sql: str
    materialized: str


class Project:
    """A dbt project, parsed once; its models, compiled for any settings."""

    def __init__(
        self,
        directory: Path,
        warehouse: type[Warehouse],
        *,
        root: Path = ROOT,
        environment: Mapping[str, str] | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        """Parse the project with these vars; `directory` takes what dbt writes."""
        self.warehouse = warehouse
        self._root = root
        self._directory = directory
        self._environment = {"OPTIMIZELY_DATA_DIR": str(directory), **(environment or {})}
        self._settings = settings or {}
        self._texts: dict[str, dict[str, str]] = {}
        self._manifest: Manifest | None = None
        self._manifest = self._dbt("parse", "--vars", json.dumps(self._settings))
        nodes = self._manifest.nodes.values()
        self.seeds = {node.name: node for node in nodes if node.resource_type == NodeType.Seed}
        self.models = {node.name: node for node in nodes if node.resource_type == NodeType.Model}
        ids = {node.unique_id: name for name, node in self.models.items()}
        self._parents = {
            name: [ids[key] for key in node.depends_on_nodes if key in ids]
            for name, node in self.models.items()
        }

    def models_of(self, chain: Chain) -> list[str]:
        """Name the models of a chain, each after those that it reads."""
        read: dict[str, list[str]] = {}
        waiting = [*chain.targets]
        while waiting:
            name = waiting.pop()
            if name not in read:
                read[name] = [each for each in self._parents[name] if each not in chain.given]
                waiting += read[name]
        return [*TopologicalSorter(read).static_order()]

    def compiled(self, chain: Chain, **settings: object) -> list[Model]:
        """Give the models of a chain in their order, for these vars besides the project's."""
        vars_ = json.dumps({**self._settings, **settings}, sort_keys=True)
        texts = self._texts.setdefault(vars_, {})
        names = self.models_of(chain)
        if missing := [name for name in names if name not in texts]:
            texts |= self._compile(missing, vars_)
        return [Model(name, texts[name], self.models[name].config.materialized) for name in names]

    def _compile(self, names: list[str], settings: str) -> dict[str, str]:
        for node in self.models.values():
            # dbt writes an ephemeral model into its readers only once.
            node.extra_ctes_injected = False
        # The tests of the models are left out.
        options = ["--indirect-selection", "empty", "--vars", settings]
        texts = compiled_texts(self._dbt("compile", "--select", *names, *options))
        return {name: self.warehouse.in_one_schema(text) for name, text in texts.items()}

    def _dbt(self, *arguments: str) -> object:
        environment = {**self._environment, **self.warehouse.environment(self._directory)}
        return run_dbt(self._root, self._directory, environment, *arguments, parsed=self._manifest)


def run_dbt(
    project: Path,
    directory: Path,
    environment: Mapping[str, str],
    *arguments: str,
    parsed: Manifest | None = None,
) -> object:
    """Run a dbt command in this process, and give its result; `directory` takes what it writes."""
    options = ["--log-level", "none", "--project-dir", str(project)]
    options += ["--profiles-dir", str(project / "profiles")]
    options += ["--target-path", str(directory / "target"), "--log-path", str(directory / "logs")]
    # dbt moves into the project's folder and stays there.
    with mock.patch.dict(os.environ, environment), contextlib.chdir(project):
        result = dbtRunner(manifest=parsed).invoke([*arguments, *options])
    if not result.success:
        message = f"dbt {arguments[0]} failed: {result.exception or result.result}"
        raise RuntimeError(message)
    return result.result


def compiled_texts(results: Iterable) -> dict[str, str]:
    """Give the SQL that dbt compiled, by name."""
    return {
        result.node.name: result.node.compiled_code
        for result in results
        if result.status == NodeStatus.Success
    }
