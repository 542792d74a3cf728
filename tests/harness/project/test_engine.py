"""The engine that compiles a project and runs its models, on a project of four lines."""

import shutil

import pytest
from conftest import PROJECT_ROOT
from engine.compile import Chain, Project
from engine.run import ModelError, run_models
from engine.warehouse import Warehouse

PROJECT = """\
name: experiment_metrics
profile: experiment_metrics
flags: {send_anonymous_usage_stats: false}
"""
MODELS = {
    "one": "{{ config(materialized='ephemeral') }} select {{ var('start', 1) }} as number",
    "doubled": "{{ config(schema='internal') }} select 2 * number as number from {{ ref('one') }}",
    "squared": "{{ config(schema='internal') }} select number * number from {{ ref('doubled') }}",
    "summed": "{{ config(materialized='table') }} select sum(number) from {{ ref('doubled') }}",
}
SUM_OF_GIVEN = Chain(("summed",), frozenset({"doubled"}))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Parse the project."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT_ROOT / "profiles", root / "profiles")
    (root / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (root / "models").mkdir()
    for name, sql in MODELS.items():
        (root / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    return Project(tmp_path_factory.mktemp("directory"), Warehouse, root=root)


@pytest.mark.parametrize(("start", "total"), [(1, 2), (5, 10), (3, 6)])
def test_models_run_for_any_settings(project: Project, start: int, total: int) -> None:
    """What is built into others is so for each setting; what isn't asked for isn't run."""
    with Warehouse() as database:
        run_models(database, project.compiled(Chain(("summed",)), start=start))
        assert database.execute("from summed").fetchall() == [(total,)]
        made = database.execute("select table_name from duckdb_tables()").fetchall()
    assert {*made} == {("doubled",), ("summed",)}


def test_models_run_on_given_tables(project: Project) -> None:
    """What leads to a given table is not run."""
    assert project.models_of(SUM_OF_GIVEN) == ["summed"]
    with Warehouse() as database:
        database.create_tables({"doubled": "number integer, is_odd boolean default true"})
        database.insert("doubled", [{"number": 3}, {"number": 4, "is_odd": False}])
        run_models(database, project.compiled(SUM_OF_GIVEN))
        assert database.execute("from summed").fetchall() == [(7,)]
        assert database.rows("from doubled") == [
            {"number": 3, "is_odd": True},
            {"number": 4, "is_odd": False},
        ]


def test_a_model_that_can_not_be_run_is_named(project: Project) -> None:
    """With what the warehouse says."""
    with Warehouse() as database, pytest.raises(ModelError, match=r"^summed: .*doubled"):
        run_models(database, project.compiled(SUM_OF_GIVEN))


def test_a_database_has_the_session_of_a_build() -> None:
    """The settings of the profile."""
    with Warehouse() as database:
        zone = database.execute("select current_setting('TimeZone')").fetchone()
    assert zone == ("UTC",)
