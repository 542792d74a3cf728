"""Every metric type and option of the metric language, against the oracle.

A copy of the project declares the metrics of `metric_cases` in place of its own, is compiled once
per settings, and runs on small worlds: first by hand, examples with known numbers, then random
ones, on which every observation and every summary must be what `metric_oracle` says.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unittest import mock

import compiled
import pytest
from compiled import CompiledProject, TableSpec, dbt_vars
from conftest import copy_project
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import ACTIVE, ALL_METRICS, EXAMPLE_RATE, EXAMPLE_REVENUE, declare_metrics
from metric_oracle import Metric, metric_tables
from metric_worlds import metric_worlds
from oracle import Decision, Event, Settings, Table, World
from test_oracle import assert_none, is_same
from worlds import BOT_PATTERNS, DAY, HOUR, T0, Layout

TABLES = {
    "fct_metric_observations": compiled.PUBLIC_TABLES["fct_metric_observations"],
    "variation_metrics": TableSpec(
        ("experiment_id", "metric_name", "variation_id"),
        ("unit_count", "observation_sum", "denominator_sum", "metric_value", "variance"),
    ),
}
DEFAULTS = Settings(bot_patterns=BOT_PATTERNS)
VARIANTS: dict[str, Settings] = {
    "defaults": DEFAULTS,
    "as of the ninth day": replace(DEFAULTS, as_of=T0 + 8 * DAY + HOUR),
}
# Every world runs some eighty metrics: fewer worlds do.
WORLD_COUNT = max(1, settings().max_examples * 2 // 3)


class MetricProject(CompiledProject):
    """A copy of the project with other metrics; it gives the tables that metrics make."""

    metric_tags = None

    def __init__(self, directory: Path, project: Path, settings: Settings) -> None:
        """Compile the copy."""
        super().__init__(directory, dbt_vars(settings), project=project)

    def run(self, world: World, layout: Layout | None = None) -> dict[str, Table]:
        """Run every model on a world; give back observations and summaries."""
        with mock.patch.dict(compiled.PUBLIC_TABLES, TABLES, clear=True):
            return super().run(world, layout)


Projects = Callable[[str], MetricProject]


@pytest.fixture(scope="session")
def metric_projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """Compile the project with the test metrics, at most once per variant of the settings."""
    copy = copy_project(tmp_path_factory.mktemp("metrics") / "project")
    declare_metrics(copy, ALL_METRICS)

    @cache
    def project(variant: str) -> MetricProject:
        return MetricProject(tmp_path_factory.mktemp("compiled"), copy, VARIANTS[variant])

    return project


@pytest.fixture(scope="session")
def metric_project(metric_projects: Projects) -> MetricProject:
    """Compile the project with the test metrics and the default settings."""
    return metric_projects("defaults")


def metric_differences(
    world: World, actual: dict[str, Table], metrics: Sequence[Metric]
) -> list[str]:
    """Say where the tables differ from what the oracle expects."""
    found = []
    for name, expected in metric_tables(world, metrics).items():
        found += [f"{name}{list(key)} is missing" for key in expected.keys() - actual[name].keys()]
        found += [f"{name}{list(key)} is too many" for key in actual[name].keys() - expected.keys()]
        found += [
            f"{name}{list(key)}.{column} is {actual[name][key][column]!r}, not {value!r}"
            for key in expected.keys() & actual[name].keys()
            for column, value in expected[key].items()
            if not is_same(value, actual[name][key][column])
        ]
    return sorted(found)


def check_world(project: MetricProject, world: World) -> dict[str, Table]:
    """Run a world that the oracle must agree about."""
    world = replace(world, settings=DEFAULTS)
    assert_none(world, lambda world: metric_differences(world, project.run(world), ALL_METRICS))
    return project.run(world)


# --- random worlds ------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=WORLD_COUNT)
@given(data=st.data())
def test_metrics_agree_with_the_oracle(
    variant: str, metric_projects: Projects, data: st.DataObject
) -> None:
    """Every observation and every summary of every metric is what the oracle says."""

    def check(world: World) -> list[str]:
        return metric_differences(world, metric_projects(variant).run(world), ALL_METRICS)

    assert_none(data.draw(metric_worlds(VARIANTS[variant])), check)


# --- examples -----------------------------------------------------------------------------------


def at(text: str) -> int:
    """Read a time of January 2023, such as `02 08:00`."""
    moment = datetime.strptime(f"2023-01-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1000


def exposure(visitor: str, time: str, variation: str = "control") -> Decision:
    """Expose a visitor."""
    return Decision(f"{visitor} at {time}", at(time), visitor, "exp", variation)


def event(visitor: str, time: str, name: str, cents: int | None = None) -> Event:
    """Let a visitor do something."""
    return Event(f"{visitor} {name} at {time}", at(time), visitor, name, revenue=cents)


EXAMPLE = World(
    decisions=(
        exposure("1", "01 10:00"),
        exposure("2", "01 10:05"),
        exposure("3", "01 11:00", "variant"),
        exposure("4", "02 09:00", "variant"),
        exposure("5", "02 12:00"),
        exposure("3", "03 12:00"),
    ),
    events=(
        event("1", "01 10:01", "detail_page_view"),
        event("1", "02 08:00", "purchase", 30),
        event("2", "01 10:06", "detail_page_view"),
        event("3", "01 11:05", "detail_page_view"),
        event("3", "08 12:00", "purchase", 20),
        event("4", "02 09:01", "detail_page_view"),
        event("4", "02 10:00", "purchase", 50),
        event("5", "10 12:00", "detail_page_view"),
    ),
)


@pytest.mark.parametrize(
    ("metric", "variation", "expected"),
    [
        (EXAMPLE_RATE, "control", (3, 1, 1 / 3)),
        (EXAMPLE_RATE, "variant", (2, 1, 1 / 2)),
        (EXAMPLE_REVENUE, "control", (3, 30, 10)),
        (EXAMPLE_REVENUE, "variant", (2, 50, 25)),
    ],
)
def test_five_users_and_a_week(
    metric_project: MetricProject, metric: Metric, variation: str, expected: tuple[float, ...]
) -> None:
    """User 3 stays where it was first and buys an hour too late; user 5 comes back too late."""
    summaries = check_world(metric_project, EXAMPLE)["variation_metrics"]
    row = summaries["exp", metric.name, variation]
    found = tuple(row[column] for column in ("unit_count", "observation_sum", "metric_value"))
    assert found == pytest.approx(expected, rel=1e-9)


LATEST_CASES = {
    "active on the last date": ([("02", "active"), ("03", "active")], 1),
    "gap, then active again": ([("02", "active"), ("09", "active")], 1),
    "cancelled on the last date": ([("02", "active"), ("03", "cancelled")], 0),
    "data that ended early": ([("02", "active")], 1),
    "both on the last date": ([("03", "cancelled"), ("03", "active")], 1),
    "active only before the last date": ([("02", "active"), ("03", None)], 0),
    "active only before the exposure": ([("00", "active")], 0),
    "active before, cancelled after": ([("00", "active"), ("02", "cancelled")], 0),
    "no rows": ([], 0),
}


def subscription_row(visitor: str, number: int, day: str, status: str | None) -> Event:
    """Write a row of a subscription; day 00 is the morning before the exposure at 10:00."""
    moment = at("01 09:00") if day == "00" else at(f"{day} 0{number}:00")
    return Event(f"{visitor} {number}", moment, visitor, status)


def test_the_latest_value_is_that_of_each_units_last_date(metric_project: MetricProject) -> None:
    """A unit is counted by its own last date, however old, whatever it did before."""
    world = World(
        decisions=tuple(exposure(case, "01 10:00") for case in LATEST_CASES),
        events=tuple(
            subscription_row(case, number, day, status)
            for case, (rows, _) in LATEST_CASES.items()
            for number, (day, status) in enumerate(rows)
        ),
    )
    tables = check_world(metric_project, world)
    observed = {
        case: tables["fct_metric_observations"]["exp", ACTIVE.name, case]["observation"]
        for case in LATEST_CASES
    }
    assert observed == {case: expected for case, (_, expected) in LATEST_CASES.items()}
    summary = tables["variation_metrics"]["exp", ACTIVE.name, "control"]
    assert (summary["unit_count"], summary["observation_sum"]) == (9, 4)


def test_dates_end_at_midnight_utc(metric_project: MetricProject) -> None:
    """Dates are UTC: a row a minute after midnight is the next date's."""
    world = World(
        decisions=(exposure("ann", "01 10:00"), exposure("bob", "01 10:00")),
        events=(
            event("ann", "02 23:59", "active"),
            event("ann", "03 00:01", "cancelled"),
            event("bob", "02 00:00", "active"),
            event("bob", "02 23:59", "cancelled"),
        ),
    )
    observations = check_world(metric_project, world)["fct_metric_observations"]
    assert observations["exp", ACTIVE.name, "ann"]["observation"] == 0
    assert observations["exp", ACTIVE.name, "bob"]["observation"] == 1
