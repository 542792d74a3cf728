"""Every metric type and option of the metric language, against the oracle.

A copy of the project declares the metrics of `metric_cases` and `metric_option_cases` in place of
its own, is compiled once, and runs on small worlds: random ones, on which every observation and
every summary, on every day, must be what the oracle says, and examples with known numbers.
"""

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations_with_replacement

import pytest
from agreement import DEFAULTS, MAX_EXAMPLES, assert_none, differences, oracle_tables
from compiled import PUBLIC_TABLES, CompiledProject, TableSpec, bare_project, dbt_vars
from day_agreement import day_differences
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import ACTIVE, EXAMPLE_RATE, EXAMPLE_REVENUE, TYPE_METRICS
from metric_files import declare_metrics
from metric_option_cases import COVARIATES, OPTION_METRICS
from metric_worlds import draw_metric_world, metric_worlds
from oracle.metrics import Metric
from oracle.pipeline import run_pipeline
from oracle.raw import DAY, HOUR, Decision, Event, Settings, Table, World
from oracle.summaries import MEASURES
from oracle.tables import evaluate
from worlds import T0

VARIATION_KEY = ("experiment_id", "metric_name", "variation_id")
THIRD_MOMENTS = {
    f"{names[0]}_third_moment" if names[0] == names[2] else f"{'_'.join(names)}_coskew": names
    for names in combinations_with_replacement(MEASURES, 3)
}
MOMENTS = (
    *("unit_count", "observation_sum", "denominator_sum"),
    *(f"{measure}_mean" for measure in MEASURES),
    *(
        f"{one}_variance" if one == other else f"{one}_{other}_covariance"
        for number, one in enumerate(MEASURES)
        for other in MEASURES[number:]
    ),
    *THIRD_MOMENTS,
)
METRICS = [*TYPE_METRICS, *OPTION_METRICS]
DAY_COLUMNS = ("unit_count", "observation_sum", "denominator_sum", "metric_value", "variance")
TABLES = {
    "fct_metric_observations": PUBLIC_TABLES["fct_metric_observations"],
    "variation_moments": TableSpec(
        (*VARIATION_KEY, "is_capped"), MOMENTS, "slice_type = 'experiment'"
    ),
    "variation_metrics": TableSpec(VARIATION_KEY, DAY_COLUMNS),
    "variation_metrics_by_day": TableSpec((*VARIATION_KEY, "as_of_date"), DAY_COLUMNS),
    "variation_metrics_by_exposure_day": TableSpec(
        (*VARIATION_KEY, "days_since_exposure"), DAY_COLUMNS
    ),
}
VARIANTS: dict[str, Settings] = {
    "defaults": DEFAULTS,
    "as of the ninth day": replace(DEFAULTS, as_of=T0 + 8 * DAY + HOUR),
}
# Every world runs some hundred metrics, and measures each anew for every day: fewer worlds do.
WORLD_COUNT = max(1, MAX_EXAMPLES // 3)


@pytest.fixture(scope="session")
def metric_project(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    """Compile the project with the test metrics."""
    folder = tmp_path_factory.mktemp("metrics")
    project = bare_project(folder / "project")
    declare_metrics(project, METRICS)
    return CompiledProject(folder, dbt_vars(DEFAULTS), project=project, tables=TABLES)


def standardise(moments: Table) -> None:
    """Divide third moments by the standard deviations, for them to be compared beside these."""
    for row in moments.values():
        for name, measures in THIRD_MOMENTS.items():
            variances = [row[f"{measure}_variance"] for measure in measures]
            if row[name] is not None and all(variances):
                row[name] /= math.sqrt(math.prod(variances))


def metric_differences(world: World, actual: dict[str, Table]) -> list[str]:
    """Say where the tables differ from what the oracle expects."""
    names = ("fct_metric_observations", "variation_moments", "variation_metrics")
    expected = oracle_tables(world, names, METRICS)
    for moments in (actual["variation_moments"], expected["variation_moments"]):
        standardise(moments)
    return [*differences(expected, actual), *day_differences(run_pipeline(world), METRICS, actual)]


def check_world(project: CompiledProject, world: World) -> dict[str, Table]:
    """Run a world that the oracle must agree about."""
    world = replace(world, settings=DEFAULTS)
    assert_none(world, lambda world: metric_differences(world, project.run(world)))
    return project.run(world)


# --- random worlds ------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=WORLD_COUNT)
@given(data=st.data())
def test_metrics_agree_with_the_oracle(
    variant: str, metric_project: CompiledProject, data: st.DataObject
) -> None:
    """Every observation and summary of every metric, on every day, is what the oracle says."""

    def check(world: World) -> list[str]:
        return metric_differences(world, metric_project.run(world))

    assert_none(data.draw(metric_worlds(VARIANTS[variant])), check)


@settings(max_examples=max(1, MAX_EXAMPLES // 10))
@given(world=metric_worlds())
def test_no_model_gives_an_odd_number(metric_project: CompiledProject, world: World) -> None:
    """Every model runs, and none holds NaN or infinity."""
    assert_none(world, metric_project.odd_numbers)


def test_the_worlds_have_rows_for_every_covariate() -> None:
    """Rows before the exposure are drawn, and not only once in a while."""
    counts = dict.fromkeys((metric.name for metric in COVARIATES), 0)
    defaults = {metric.name: float(metric.default or 0) for metric in COVARIATES}
    for seed in range(40):
        world = draw_metric_world(DEFAULTS, random.Random(seed))  # noqa: S311 - no secret
        for key, row in evaluate(world, COVARIATES).fct_metric_observations.items():
            counts[key[1]] += row["covariate"] not in (None, defaults[key[1]])
    assert min(counts.values()) >= 5, counts


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
    metric_project: CompiledProject, metric: Metric, variation: str, expected: tuple[float, ...]
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


def test_the_latest_value_is_that_of_each_units_last_date(metric_project: CompiledProject) -> None:
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


def test_a_day_on_which_nothing_had_happened_yet(metric_project: CompiledProject) -> None:
    """Sums of deviations from a later mean may round: nothing is 0, and divides nothing."""
    visitors = [f"visitor {number}" for number in range(7)]
    world = World(
        decisions=tuple(exposure(visitor, "01 10:00") for visitor in visitors),
        events=(
            event(visitors[0], "01 11:00", "sign_up", 995),
            event(visitors[0], "02 08:00", "detail_page_view"),
            event(visitors[1], "02 09:00", "purchase", 1000),
        ),
    )
    by_day = check_world(metric_project, world)["variation_metrics_by_day"]
    first, second = date(2023, 1, 1), date(2023, 1, 2)
    rate = {day: by_day["exp", "conversion", "control", day] for day in (first, second)}
    assert (rate[first]["metric_value"], rate[first]["variance"]) == (0, 0)
    assert rate[second]["observation_sum"] == 1
    ratio = {day: by_day["exp", "ratio", "control", day] for day in (first, second)}
    assert (ratio[first]["denominator_sum"], ratio[first]["metric_value"]) == (0, None)
    assert (ratio[second]["denominator_sum"], ratio[second]["metric_value"]) == (1, 1995)


def test_dates_end_at_midnight_utc(metric_project: CompiledProject) -> None:
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
