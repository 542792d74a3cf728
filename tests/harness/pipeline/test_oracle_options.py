"""What metrics may share, in the oracle: a few rows, and what was worked out by hand.

No program produced the numbers below. Caps, covariates, breakdowns, quantiles, segments and days.
"""

from datetime import date
from fractions import Fraction

import pytest
from metric_cases import PURCHASE, REVENUE, VIEW
from metric_files import metric_file
from metric_option_cases import CATEGORY
from oracle.days import by_date, by_days_since_exposure, summarised
from oracle.metric_tables import frequent_values, value_of_segment
from oracle.metrics import Cap, Condition, Metric, Part
from oracle.observing import Observation
from oracle.pipeline import run_pipeline
from oracle.raw import DAY, HOUR, Attribute, Decision, Event, NamedVariation, Settings, World
from oracle.summaries import Bounds, bounds_of, moments, percentile, quantile
from oracle.tables import evaluate
from worlds import T0


def exposure(visitor: str, at: int = 0, variation: str = "a", **attributes: str) -> Decision:
    """Expose a visitor `at` milliseconds after T0, noon of 2020-09-14."""
    given = tuple(Attribute(name, "custom", value) for name, value in attributes.items())
    return Decision(f"{visitor} exposed", T0 + at, visitor, "exp", variation, attributes=given)


def purchase(visitor: str, hours: float, cents: int | None, category: str = "books") -> Event:
    """Buy something so many hours after T0."""
    at = T0 + round(hours * HOUR)
    tags = (("category", category),)
    uuid = f"{visitor} {hours} {cents}"
    return Event(uuid, at, visitor, "purchase", revenue=cents, tags=tags)


def view(visitor: str, hours: float) -> Event:
    """Look so many hours after T0."""
    return Event(f"{visitor} {hours}", T0 + round(hours * HOUR), visitor, "detail_page_view")


def observations(world: World, metric: Metric, name: str | None = None) -> dict[str, dict]:
    """Give the observations of a metric by the unit."""
    table = evaluate(world, [metric]).fct_metric_observations
    return {key[2]: row for key, row in table.items() if key[1] == (name or metric.name)}


# --- caps ---------------------------------------------------------------------------------------


def test_a_percentile_lies_between_two_values_by_the_distance() -> None:
    """As numpy has it: position (n - 1) level."""
    numbers = [Fraction(number) for number in (10, 0, 40, 20)]
    assert [percentile(numbers, level) for level in (0.5, 0.25, 0.9)] == [15, Fraction(15, 2), 34]
    assert percentile([Fraction(7)], 0.99) == 7
    assert percentile([], 0.5) is None


def test_a_cap_is_of_all_variations_and_of_those_in_the_metric() -> None:
    """Who has left counts for nothing; zeros may be left aside."""
    three = [Observation(None), *(Observation(Fraction(number)) for number in (0, 10, 20))]
    assert bounds_of(Cap(upper_percentile=0.5), three) == Bounds(None, 10)
    assert bounds_of(Cap(upper_percentile=0.5, over="non_zero"), three) == Bounds(None, 15)
    assert bounds_of(Cap(lower=1, upper_percentile=0.75), three) == Bounds(1, 15)
    assert bounds_of(Cap(lower_percentile=0.5, over="non_zero"), three[:2]) == Bounds(None, None)


def test_bounds_that_cross_leave_the_upper_one() -> None:
    """As numpy's clip has it: the order of two numbers is kept."""
    crossing = Bounds(Fraction(100), Fraction(3))
    assert [crossing.limited(number) for number in (1, 5, 200, None)] == [3, 3, 3, None]


def test_a_capped_ratio_has_its_numerator_capped() -> None:
    """The covariate by the same bounds; the rest stays."""
    metric = Metric(
        "m",
        "ratio",
        numerator=Part("sum", value=REVENUE),
        denominator=Part("count"),
        cuped=True,
        cap=Cap(upper_percentile=0.5),
    )
    world = World(
        decisions=(exposure("ann"), exposure("bob", variation="b"), exposure("cat")),
        events=(purchase("ann", 1, 90), purchase("bob", 1, 30), purchase("ann", -1, 70)),
    )
    found = observations(world, metric)
    assert [found[unit]["observation"] for unit in ("ann", "bob", "cat")] == [90, 30, 0]
    assert [found[unit]["capped_observation"] for unit in ("ann", "bob", "cat")] == [30, 30, 0]
    assert (found["ann"]["covariate"], found["ann"]["capped_covariate"]) == (70, 30)
    assert (found["ann"]["denominator"], found["ann"]["covariate_denominator"]) == (1, 1)


# --- covariates ---------------------------------------------------------------------------------


def covariate(metric: Metric, *events: Event) -> tuple[float | None, float | None]:
    """Give the covariate of one unit, and its denominator."""
    row = observations(World(decisions=(exposure("ann"),), events=events), metric)["ann"]
    return row["covariate"], row["covariate_denominator"]


def test_a_covariate_is_of_the_days_before_the_exposure() -> None:
    """From its first instant on, without the exposure's own; delays play no part."""
    edges = (-14 * 24, -14 * 24 - 1 / 3600, -24, -24 - 1 / 3600, 0, 1)
    rows = [view("ann", hours) for hours in edges]
    assert covariate(Metric("m", "count", cuped=True), *rows) == (3, None)
    assert covariate(Metric("m", "count", cuped=True, cuped_days=1), *rows) == (1, None)
    assert covariate(Metric("m", "count", cuped=True, delay_hours=24, where=VIEW), *rows)[0] == 3
    assert covariate(Metric("m", "count"), *rows) == (None, None)


def test_nothing_before_the_exposure_is_the_default_or_0() -> None:
    """A unit that leaves the metric has no covariate."""
    one = purchase("ann", 1, 10)
    for default, expected in ((None, 0), ("none", 0), (7, 7)):
        metric = Metric("m", "mean", value=REVENUE, cuped=True, default_value=default)
        assert covariate(metric, one) == (expected, None)
        assert covariate(metric, one, purchase("ann", -1, None)) == (expected, None)
        assert covariate(metric, one, purchase("ann", -1, 30)) == (30, None)
    left = Metric("m", "mean", value=REVENUE, cuped=True, default_value="none")
    assert covariate(left, purchase("ann", -1, 30)) == (None, None)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Metric("m", "conversion", where=PURCHASE, cuped=True), (1, None)),
        (Metric("m", "sum", value=REVENUE, cuped=True), (50, None)),
        (Metric("m", "min", value=REVENUE, cuped=True), (20, None)),
        (Metric("m", "max", value=REVENUE, cuped=True), (30, None)),
        (Metric("m", "first", value=REVENUE, cuped=True), (30, None)),
        (Metric("m", "latest", value=REVENUE, cuped=True), (20, None)),
        (Metric("m", "count_distinct", value=REVENUE, cuped=True), (2, None)),
        (Metric("m", "threshold", value=REVENUE, threshold=51, cuped=True), (0, None)),
        (
            Metric("m", "all_of", conditions=(Condition(PURCHASE), Condition(VIEW)), cuped=True),
            (0, None),
        ),
        (
            Metric("m", "any_of", conditions=(Condition(PURCHASE), Condition(VIEW)), cuped=True),
            (1, None),
        ),
        (Metric("m", "unit_count", rollup="one_time", where=VIEW, cuped=True), (0, None)),
        (
            Metric("m", "unit_count", rollup="window", start_day=1, end_day=2, cuped=True),
            (1, None),
        ),
        (
            Metric(
                "m",
                "ratio",
                numerator=Part("sum", value=REVENUE),
                denominator=Part("count", where=PURCHASE),
                cuped=True,
            ),
            (50, 2),
        ),
    ],
)
def test_covariates_of_types(metric: Metric, expected: tuple[float, float | None]) -> None:
    """Two purchases before the exposure, a view after it."""
    rows = (purchase("ann", -3, 30), purchase("ann", -2, 20), view("ann", 1))
    assert covariate(metric, *rows) == expected


def test_moments_pair_what_was_measured() -> None:
    """Of y = 1, 3 and x = 10, 40: variances 2 and 450, covariance 30; no denominators, none."""
    units = [
        Observation(Fraction(1), covariate=Fraction(10)),
        Observation(Fraction(3), covariate=Fraction(40)),
        Observation(None),
    ]
    found = moments(units)
    assert (found["unit_count"], found["observation_sum"], found["covariate_mean"]) == (2, 4, 25)
    assert (found["observation_variance"], found["covariate_variance"]) == (2, 450)
    assert found["observation_covariate_covariance"] == 30
    assert found["denominator_mean"] is None
    assert found["observation_denominator_covariance"] is None


# --- breakdowns ---------------------------------------------------------------------------------


def test_the_parts_of_a_breakdown_add_up_to_the_whole() -> None:
    """Each is over all units; a null and what isn't named are others."""
    metric = Metric(
        "m",
        "count",
        where=PURCHASE,
        breakdown=CATEGORY,
        breakdown_values=("books", "toys"),
    )
    world = World(
        decisions=(exposure("ann"), exposure("bob")),
        events=(
            purchase("ann", 1, 1),
            purchase("ann", 2, 2),
            purchase("ann", 3, 3, "toys"),
            purchase("ann", 4, 4, "Books"),
            Event("no tags", T0, "ann", "purchase", tags=None),
            view("bob", 1),
        ),
    )
    summaries = evaluate(world, [metric]).variation_metrics
    assert {
        key[1]: (row["observation_sum"], row["unit_count"]) for key, row in summaries.items()
    } == {
        "m": (5, 2),
        "m: books": (2, 2),
        "m: toys": (1, 2),
        "m: other": (2, 2),
    }


# --- quantiles ----------------------------------------------------------------------------------


def test_a_quantile_is_the_smallest_value_that_enough_do_not_exceed() -> None:
    """The third of four at 0.75, the seventh of a hundred at 0.07."""
    numbers = [Fraction(number) for number in (40, 10, 30, 20)]
    assert [quantile(numbers, level) for level in (0.25, 0.26, 0.75, 0.76)] == [10, 20, 30, 40]
    assert quantile([Fraction(number) for number in range(1, 101)], 0.07) == 7
    assert quantile([], 0.5) is None


def test_quantiles_of_units_and_of_events() -> None:
    """A unit without rows is a 0 among units, and nobody among events."""
    world = World(
        decisions=(exposure("ann"), exposure("bob"), exposure("cat")),
        events=(purchase("ann", 1, 10), purchase("ann", 2, 20), purchase("bob", 1, 90)),
    )
    of_units = Metric("m", "quantile", value=REVENUE, of="units", quantile=0.5)
    of_events = Metric("m", "quantile", value=REVENUE, of="events", quantile=0.5)
    assert [row["observation"] for row in observations(world, of_units).values()] == [30, 90, 0]
    assert [row["observation"] for row in observations(world, of_events).values()] == [15, 90, None]
    for metric, expected in ((of_units, (3, 30)), (of_events, (2, 20))):
        (row,) = evaluate(world, [metric]).variation_metrics.values()
        assert (row["unit_count"], row["metric_value"], row["observation_sum"]) == (*expected, None)


# --- segments -----------------------------------------------------------------------------------


def test_segments_are_crossed_and_cut() -> None:
    """The most frequent values of an experiment stay; of two as frequent, the smaller."""
    settings = Settings(segments=("browser*plan",), segment_value_limit=2)
    world = World(
        decisions=(
            exposure("ann", browser="chrome", plan="paid"),
            exposure("bob", variation="b", browser="chrome", plan="paid"),
            exposure("cat", browser="safari"),
            exposure("dan", browser="opera", plan="free"),
        ),
        settings=settings,
    )
    units = run_pipeline(world).units
    assert [value_of_segment(unit, "browser * plan") for unit in units] == [
        "chrome * paid",
        "chrome * paid",
        "safari * (not set)",
        "opera * free",
    ]
    assert frequent_values(units, "browser*plan", 2) == {"exp": {"chrome * paid", "opera * free"}}
    found = evaluate(world, [Metric("m", "count")]).variation_metrics_by_segment
    assert {key[2:]: row["unit_count"] for key, row in found.items()} == {
        ("a", "browser*plan", "chrome * paid"): 1,
        ("b", "browser*plan", "chrome * paid"): 1,
        ("a", "browser*plan", "(other)"): 1,
        ("a", "browser*plan", "opera * free"): 1,
    }


# --- days ---------------------------------------------------------------------------------------

TWO_DAYS = World(
    decisions=(exposure("ann"), exposure("bob", DAY)),
    events=(
        view("ann", 11.99),
        view("ann", 12),
        view("ann", 24),
        view("bob", 24.5),
        view("nobody", 48),
    ),
    named_variations=(NamedVariation("exp", "The experiment", "b", "unseen"),),
)


def by_day(metric: Metric, snapshots: object) -> dict[object, tuple[object, ...]]:
    """Give unit_count and observation_sum of variation a, by the day."""
    pipeline = run_pipeline(TWO_DAYS)
    table = summarised(snapshots(pipeline, [metric]), pipeline, [metric])
    return {
        key[3]: (row["unit_count"], row["observation_sum"])
        for key, row in table.items()
        if key[2] == "a"
    }


def test_a_day_ends_at_midnight() -> None:
    """Two units, exposed at noon of two days: the second is nobody on the first day."""
    days = [date(2020, 9, day) for day in (14, 15, 16)]
    count = by_day(Metric("m", "count"), by_date)
    assert count == dict(zip(days, [(1, 1), (2, 4), (2, 4)], strict=True))
    active = by_day(Metric("m", "unit_count", rollup="daily"), by_date)
    assert active == dict(zip(days, [(1, 1), (2, 1 + 1), (2, 7 / 6)], strict=True))
    retention = by_day(Metric("m", "retention", from_day=1), by_date)
    assert retention == dict(zip(days, [(0, None), (1, 1), (2, 1)], strict=True))


def test_days_since_exposure_are_of_those_who_saw_them() -> None:
    """Each unit at the end of its own first, second and third date; only one has a third."""
    count = by_day(Metric("m", "count"), by_days_since_exposure)
    assert count == {0: (2, 2), 1: (2, 4), 2: (1, 3)}
    active = by_day(Metric("m", "unit_count", rollup="daily"), by_days_since_exposure)
    assert active == {0: (2, 2), 1: (2, 1 + 1 / 2), 2: (1, 2 / 3)}


def test_a_variation_that_nobody_saw_has_every_day_too() -> None:
    """With nobody, and no numbers."""
    metric = Metric("m", "count")
    pipeline = run_pipeline(TWO_DAYS)
    table = summarised(by_date(pipeline, [metric]), pipeline, [metric])
    unseen = [row for key, row in table.items() if key[2] == "b"]
    assert [row["unit_count"] for row in unseen] == [0, 0, 0]
    assert {row["metric_value"] for row in unseen} == {None}


# --- files --------------------------------------------------------------------------------------


def test_options_are_written_as_their_file() -> None:
    """A cap is a dict, breakdown values a list of texts."""
    metric = Metric(
        "m",
        "count",
        cap=Cap(lower=0, upper_percentile=0.99),
        cuped=True,
        breakdown=CATEGORY,
        breakdown_values=("books",),
    )
    assert metric_file(metric) == (
        "{{ metric_observations(\n"
        '    name="m",\n'
        '    type="count",\n'
        "    source=ref('experiment_events'),\n"
        "    cap={'lower': 0, 'upper_percentile': 0.99},\n"
        "    cuped=true,\n"
        "    breakdown=\"tags['category']\",\n"
        '    breakdown_values=["books"],\n'
        ") }}\n"
    )
