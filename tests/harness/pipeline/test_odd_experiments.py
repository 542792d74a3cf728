"""Experiments unlike the sample's go through the whole build: models, data tests, decisions."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import copy_project, run_dbt
from health_worlds import only, ward
from oracle.raw import World
from world_files import Layout, experiment_row, seed_rows, write_calls, write_export
from worlds import BOT_PATTERNS

EXPERIMENTS = ("sessions", "twice referenced")


def odd_world() -> World:
    """Make a world of these experiments, in which two decisions of sessions name none.

    One message may bring the decisions of both, under one uuid.
    """
    world = only(ward(), *EXPERIMENTS)
    decisions = list(world.decisions)
    numbers = [n for n, row in enumerate(decisions) if row.experiment_id == "sessions"]
    for number, session in zip(numbers[100:102], (None, " "), strict=True):
        decisions[number] = replace(decisions[number], session_id=session)
    others = [n for n, row in enumerate(decisions) if row.experiment_id == EXPERIMENTS[1]]
    for number, other in zip(numbers[:50], others, strict=False):
        decisions[other] = replace(decisions[other], uuid=decisions[number].uuid)
    # A third of the purchases, so that there is something to compare.
    return replace(world, decisions=tuple(decisions), events=world.events[::3])


def write_world(world: World, project: Path) -> dict[str, str]:
    """Write a world beside a copy of the project; give the environment that leads to it."""
    export, calls = project.parent / "export", project.parent / "calls.csv"
    write_export(world, Layout(), export)
    write_calls(world, Layout(), calls)
    seeds = seed_rows(world)
    seeds["experiments"] = [
        {
            **experiment_row(name),
            "randomisation_unit": "session_id" if name in world.session_experiments else None,
            "primary_metric": "Purchase conversion rate",
        }
        for name in EXPERIMENTS
    ]
    for name in ("variations", "excluded_visitors", "experiments"):
        with (project / "seeds" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, seeds[name][0])
            writer.writeheader()
            writer.writerows(seeds[name])
    return {"OPTIMIZELY_DATA_DIR": str(export), "CALL_DATA_PATH": str(calls)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build the world as a build does, with every test of the project."""
    project = copy_project(tmp_path_factory.mktemp("odd") / "project")
    bots = json.dumps({"bot_user_agent_patterns": BOT_PATTERNS})
    run = run_dbt(project, "build", "--vars", bots, **write_world(odd_world(), project))
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project / "test.duckdb"), read_only=True) as connection:
        yield connection


def test_sessions_are_units(built: duckdb.DuckDBPyConnection) -> None:
    """A decision without a session is left out and counted; what visitors did is found."""
    units = built.sql(
        "select unit_id, visitor_id from experiment_units where experiment_id = 'sessions'"
    ).fetchall()
    assert len(units) == len({unit for unit, _ in units}) == 398
    assert len({visitor for _, visitor in units}) == 200
    excluded = "select row_count from excluded_rows where reason = 'missing_session_id'"
    assert built.sql(excluded).fetchall() == [(2,)]
    matched = "select value from experiment_health where check_name like '%_match_rate'"
    assert min(built.sql(matched).fetchall()) > (0.9,)
    decided = "select verdict, rule from experiment_decisions where experiment_id = 'sessions'"
    assert built.sql(decided).fetchall() == [("inconclusive", "primary_metric_not_better")]


def test_one_uuid_makes_a_unit_in_each_experiment(built: duckdb.DuckDBPyConnection) -> None:
    """An exposure's id is one within its experiment."""
    shared = built.sql("""
        select count(*) from experiment_units as one
        inner join experiment_units as other using (exposure_id)
        where one.experiment_id < other.experiment_id
    """).fetchone()
    assert shared > (20,)


def test_two_references_are_none(built: duckdb.DuckDBPyConnection) -> None:
    """Nothing of that experiment is compared; the other one goes on."""
    compared = built.sql(
        "select distinct experiment_id, status, p_value is null from experiment_results"
        " where is_headline and is_primary and status <> 'reference' order by all"
    ).fetchall()
    assert compared == [
        ("sessions", "ok", False),
        ("twice referenced", "no_reference_variation", True),
    ]
    decided = built.sql(
        "select variation_id, verdict, rule from experiment_decisions"
        " where experiment_id = 'twice referenced' order by all"
    ).fetchall()
    assert decided == [(name, "invalid", "failing_health_check") for name in ("a", "b")]
