"""An experiment of sessions goes through the whole build: the models, their tests, the decision."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import duckdb
from conftest import run_dbt
from health_worlds import only, ward
from oracle.raw import World
from world_files import Layout, seed_rows, write_calls, write_export
from worlds import BOT_PATTERNS

SEEDS = ("variations", "excluded_visitors", "experiments")
PRIMARY = {"primary_metric": "Purchase conversion rate"}


def write_world(world: World, project: Path) -> dict[str, str]:
    """Write a world beside a copy of the project; give the environment that leads to it."""
    export, calls = project.parent / "export", project.parent / "calls.csv"
    write_export(world, Layout(), export)
    write_calls(world, Layout(), calls)
    for name in SEEDS:
        with (project / "seeds" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = seed_rows(world)[name]
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows({**row, **PRIMARY} if name == "experiments" else row for row in rows)
    return {"OPTIMIZELY_DATA_DIR": str(export), "CALL_DATA_PATH": str(calls)}


def test_an_experiment_of_sessions_is_built_and_decided(project_copy: Path) -> None:
    """Decisions without a session are left out and counted; nothing else is amiss."""
    world = only(ward(), "sessions")
    decisions = list(world.decisions)
    decisions[100] = replace(decisions[100], session_id=None)
    decisions[101] = replace(decisions[101], session_id=" ")
    # A third of the purchases, so that there is something to compare.
    world = replace(world, decisions=tuple(decisions), events=world.events[::3])
    bots = json.dumps({"bot_user_agent_patterns": BOT_PATTERNS})
    run = run_dbt(project_copy, "build", "--vars", bots, **write_world(world, project_copy))
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(project_copy / "test.duckdb"), read_only=True) as connection:
        units = connection.sql("select unit_id, visitor_id from experiment_units").fetchall()
        excluded = connection.sql(
            "select row_count from excluded_rows where reason = 'missing_session_id'"
        ).fetchall()
        health = connection.sql(
            "select check_name, value from experiment_health where status = 'fail'"
        ).fetchall()
        matched = connection.sql(
            "select value from experiment_health where check_name like '%_match_rate'"
        ).fetchall()
        decided = connection.sql("select verdict, rule from experiment_decisions").fetchall()
    assert len(units) == len({unit for unit, _ in units}) == 398
    assert len({visitor for _, visitor in units}) == 200
    assert excluded == [(2,)]
    assert health == []
    assert min(matched) > (0.9,)
    assert decided == [("inconclusive", "primary_metric_not_better")]
