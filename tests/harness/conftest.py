"""Fixtures of the harness: builds of the project, each made once per session."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import forked_dbt
import pytest
from compiled import CompiledProject, dbt_vars
from exports import generate_apart
from faults.lab import Lab
from oracle.raw import Settings
from shop_projects import Projects, shop_projects
from statistics_models import StatisticsModels
from worlds import BOT_PATTERNS

pytest_plugins = ("browser_fixtures", "export_loading", "report_fixtures")

PROJECT_ROOT = Path(__file__).resolve().parents[2]
REFERENCE = PROJECT_ROOT.parent / "shared" / "reference" / "attic_and_button"

Build = Callable[..., subprocess.CompletedProcess[str]]


def run_build(
    warehouse_path: Path, *arguments: str, is_parsed: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run scripts/build as a person would, publishing to a file of the test's own.

    is_parsed: as forked_dbt has it.
    """
    return run_script("build", warehouse_path, *arguments, is_parsed=is_parsed, **environment)


def run_script(
    script: str,
    warehouse_path: Path,
    *arguments: str,
    is_parsed: bool = False,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command that runs dbt, such as scripts/plan, as run_build does."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name
        not in {
            *("OPTIMIZELY_DATA_DIR", "CALL_DATA_PATH", "EXPOSURES", "EVENTS"),
            *("WAREHOUSE_PATH", "DBT_DUCKDB_PATH"),
        }
    }
    return forked_dbt.run(
        script,
        arguments,
        project=PROJECT_ROOT,
        environment={
            **inherited,
            "WAREHOUSE_PATH": str(warehouse_path),
            # Tests run at once: each build has dbt's own files to itself.
            "DBT_TARGET_PATH": str(warehouse_path.parent.absolute() / "target"),
            "DBT_LOG_PATH": str(warehouse_path.parent.absolute() / "logs"),
            **environment,
        },
        is_parsed=is_parsed,
    )


def run_dbt(
    project: Path, *arguments: str, is_parsed: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run plain dbt in a project folder, on the sample; is_parsed: as forked_dbt has it."""
    return forked_dbt.run(
        "dbt",
        [*arguments, "--profiles-dir", "profiles"],
        project=project,
        environment={
            **os.environ,
            "OPTIMIZELY_DATA_DIR": str(PROJECT_ROOT / "data" / "sample"),
            "CALL_DATA_PATH": "",
            "DBT_DUCKDB_PATH": str(project / "test.duckdb"),
            **environment,
        },
        is_parsed=is_parsed,
    )


def copy_project(project: Path) -> Path:
    """Copy the dbt project into a new folder, for tests to change."""
    project.mkdir()
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    for folder in ("models", "macros", "seeds", "tests", "analyses", "profiles"):
        shutil.copytree(PROJECT_ROOT / folder, project / folder)
    return project


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """Give a copy of the dbt project, for a test to change."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a published file built from the sample; scripts/test has one already."""
    given = os.environ.get("SAMPLE_BUILD")
    if given:
        return Path(given)
    path = tmp_path_factory.mktemp("sample") / "experiment_metrics.duckdb"
    built = run_build(path)
    assert built.returncode == 0, built.stderr
    return path


def published_manifest(published: Path) -> Path:
    """Find dbt's manifest of the build that was published in a file."""
    return published.with_name(f"{published.name}.state") / "manifest.json"


def consumed(published: Path, exposure: str) -> set[str]:
    """Give the tables that one of dbt's exposures depends on, by the published manifest."""
    manifest = json.loads(published_manifest(published).read_text(encoding="utf-8"))
    nodes = manifest["exposures"][f"exposure.experiment_metrics.{exposure}"]["depends_on"]["nodes"]
    return {node.split(".")[-1] for node in nodes}


@pytest.fixture(scope="session")
def generated_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the sample's export, made by the generator's command."""
    output = tmp_path_factory.mktemp("generated") / "export"
    with generate_apart(output) as run:
        stdout, stderr = run.communicate()
    assert (run.returncode, stderr) == (0, "")
    assert re.fullmatch(r"[^\n]+\n", stdout)
    return output


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Give the folder of real export data, which isn't part of the project."""
    if not REFERENCE.is_dir():
        pytest.skip(f"the reference data isn't there: {REFERENCE}")
    return REFERENCE


@pytest.fixture(scope="session")
def reference_build(tmp_path_factory: pytest.TempPathFactory, reference_dir: Path) -> Path:
    """Give a published file built from the reference data."""
    path = tmp_path_factory.mktemp("reference") / "experiment_metrics.duckdb"
    built = run_build(
        path,
        OPTIMIZELY_DATA_DIR=str(reference_dir / "optimizely"),
        CALL_DATA_PATH=str(reference_dir / "call_data.csv"),
    )
    assert built.returncode == 0, built.stderr
    return path


@pytest.fixture(scope="session")
def health_project(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    """Compile the project, for the tests of the health checks."""
    settings = dbt_vars(Settings(bot_patterns=BOT_PATTERNS))
    return CompiledProject(tmp_path_factory.mktemp("health"), settings, project=PROJECT_ROOT)


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Give the lab of faults, for what it makes once."""
    return Lab(tmp_path_factory.mktemp("faults"))


@pytest.fixture
def lab(shared_lab: Lab) -> Iterator[Lab]:
    """Give the lab of faults, as if no fault had been made before."""
    yield shared_lab
    shared_lab.clear()


@pytest.fixture(scope="session")
def statistics_models(tmp_path_factory: pytest.TempPathFactory) -> StatisticsModels:
    """Give the models of the statistics, parsed once."""
    return StatisticsModels(tmp_path_factory.mktemp("statistics"))


@pytest.fixture
def sample(sample_build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a read-only connection to the sample's published file."""
    with duckdb.connect(str(sample_build), read_only=True) as connection:
        connection.execute("set search_path = 'main,main_internal'")
        yield connection


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """Give the project with the shop's metrics, compiled per variant of the settings."""
    return shop_projects(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="session")
def project(projects: Projects) -> CompiledProject:
    """Give the project with the shop's metrics, compiled with the default settings."""
    return projects("defaults")
