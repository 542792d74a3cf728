"""The numbers of plans against statsmodels and against roots that scipy finds.

The models go on from what a baseline says, which the tests give: a row for each case.
"""

import math
from collections.abc import Callable

import pytest
from engine.warehouse import Rows
from plan_models import TWO_METRICS, Case, PlanModels, units_of
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower, TTestIndPower

LIFTS = (0.01, 0.05, 0.3)
SPREADS = (0.4, 1.0, 5.0)
SKEWNESS_LIMIT = 0.3

Run = Callable[..., tuple[Rows, Rows]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a function that plans cases with these vars; its rows are plans and lifts."""
    return PlanModels(tmp_path_factory.mktemp("planning")).run


def cases_of_spreads(**more: float) -> list[Case]:
    """Give a case for each standard deviation, some with negative values."""
    return [
        Case(f"sd {sd}", metric_value=-2 if sd == 1 else 2, variance=(2 * sd) ** 2, **more)
        for sd in SPREADS
    ]


@pytest.mark.parametrize(
    ("shares", "power", "alpha"),
    [([0.5, 0.5], 0.8, 0.05), ([0.8, 0.2], 0.9, 0.05), ([0.25, 0.75], 0.6, 0.1)],
)
def test_units_of_a_fixed_test_are_those_of_statsmodels(
    run: Run, shares: list[float], power: float, alpha: float
) -> None:
    """Of a z-test to the unit, of a t-test to what its tails add."""
    for lift in LIFTS:
        settings = {"plan_shares": shares, "power": power, "alpha": alpha}
        plans, _ = run(cases_of_spreads(), target_relative_lift=lift, **settings)
        for sd in SPREADS:
            units = units_of(plans, "fixed")[f"sd {sd}"]
            design = {"effect_size": lift / sd, "ratio": shares[1] / shares[0]}
            # That a lift is called one of the other sign is no power.
            sided = {**design, "alpha": alpha / 2, "alternative": "larger"}
            enough, less = (
                NormalIndPower().power(nobs1=count * shares[0], **sided)
                for count in (units, units - 1)
            )
            assert less < power <= enough
            # Their search is right to five digits.
            student = TTestIndPower().solve_power(**sided, power=power) / shares[0]
            assert -1e-5 * units <= student - units <= 1e-5 * units + 8


def test_several_comparisons_are_planned_at_their_part_of_alpha(run: Run) -> None:
    """Two metrics in two variations beside the reference: four, whatever the method adjusts by."""
    cases = [Case(name, variance=4) for name in TWO_METRICS]
    shares = [0.8, 0.1, 0.1]
    for method, count in (("benjamini_hochberg", 4), ("holm", 4), ("none", 1)):
        plans, _ = run(
            cases, plan_metrics=list(TWO_METRICS), plan_shares=shares, p_value_adjustment=method
        )
        first = NormalIndPower().solve_power(
            effect_size=0.05 / 2, alpha=0.05 / count, power=0.8, ratio=0.1 / 0.8
        )
        (units,) = set(units_of(plans, "fixed").values())
        assert units == pytest.approx(first / 0.8, rel=1e-5)
        levels = {row["test"]: row["comparison_alpha"] for row in plans}
        assert levels == pytest.approx({"fixed": 0.05 / count, "sequential": 0.05})
        smallest = {row["smallest_variation_unit_count"] for row in plans if row["test"] == "fixed"}
        assert smallest == {math.ceil(units * 0.1 - 1e-9)}


def test_the_variation_that_needs_most_decides(run: Run) -> None:
    """Of 50, 40 and 10 % it is the last, with which the reference is compared as well."""
    plans, _ = run([Case("m", variance=4)], plan_shares=[0.5, 0.4, 0.1], p_value_adjustment="none")
    first = NormalIndPower().solve_power(effect_size=0.025, alpha=0.05, power=0.8, ratio=0.1 / 0.5)
    assert units_of(plans, "fixed")["m"] == pytest.approx(first / 0.5, rel=1e-5)


def sequential_quantile(units: float, alpha: float, target: float) -> float:
    """Give how many standard errors are needed at a look, by the formula of the documentation."""
    rate = (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / target
    scale = units * rate
    return math.sqrt((1 + 1 / scale) * (math.log(1 + scale) - 2 * math.log(alpha)))


@pytest.mark.parametrize("target", [300, 5_000, 1_000_000])
@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.6, 0.3, 0.1]])
def test_units_of_a_sequential_test_solve_its_boundary(
    run: Run, target: int, shares: list[float]
) -> None:
    """Where the information is far below its target, near it and far above it."""
    pair = shares[0] + shares[-1]
    for lift in (0.005, 0.05, 0.5):
        plans, _ = run(
            cases_of_spreads(),
            plan_shares=shares,
            sequential_target_units=target,
            target_relative_lift=lift,
        )
        for sd in SPREADS:
            spread = sd**2 * (1 / shares[0] + 1 / shares[-1])

            def missing(log_units: float, spread: float = spread, lift: float = lift) -> float:
                units = math.exp(log_units)
                needed = sequential_quantile(units * pair, 0.05, target) + norm.isf(0.2)
                return lift * math.sqrt(units / spread) - needed

            units = math.exp(brentq(missing, math.log(1e-3), math.log(1e15), xtol=1e-13))
            found = units_of(plans, "sequential")[f"sd {sd}"]
            assert found == pytest.approx(max(units, 1 / min(shares)), abs=1.001, rel=1e-9)


@pytest.mark.parametrize("skewness", [-3.0, 0.5, 3.0, 30.0])
@pytest.mark.parametrize("is_corrected", [True, False])
def test_skewed_lifts_take_more_units(run: Run, skewness: float, is_corrected: bool) -> None:  # noqa: FBT001
    """More of them for power, and as many as the guard asks for."""
    shares = [0.9, 0.1]
    own, reference = 1 / shares[1], 1 / shares[0]
    of_one = abs(skewness) * (own - reference) / math.sqrt(own + reference)
    lift, sd = 0.2, 2.0
    plans, _ = run(
        [Case("m", variance=sd**2, unit_skewness=skewness)],
        plan_shares=shares,
        target_relative_lift=lift,
        skewness_correction=is_corrected,
    )
    for row in plans:
        power_z = norm.isf(0.2)

        def missing(units: float, test: str = row["test"], power_z: float = power_z) -> float:
            if test == "fixed":
                quantile = norm.isf(0.025)
                weight = quantile / 3 + power_z / 6 if is_corrected else power_z / 2
            else:
                quantile, weight = sequential_quantile(units, 0.05, 5000), power_z / 2
            needed = (quantile + power_z) * (1 + weight * of_one / math.sqrt(units))
            return lift * math.sqrt(units / (sd**2 * (own + reference))) - needed

        for_power = brentq(missing, 1, 1e9, xtol=1e-6)
        for_guard = (of_one / SKEWNESS_LIMIT) ** 2
        assert row["required_unit_count"] == pytest.approx(
            math.ceil(max(for_power, for_guard)), abs=1.001
        )
        rule = "power" if for_power >= for_guard else "lift_skewness_limit"
        assert row["units_rule"] == rule


def test_each_guard_lets_a_number_through_at_its_units_and_not_before(run: Run) -> None:
    """A day with a unit less has no number, and its reason names how many it takes."""
    cases = [
        Case("few"),
        Case("skewed", unit_skewness=40, counted_share=0.5),
        Case("ratio", effective_share=0.01),
        Case("p99"),
    ]
    settings = {
        "plan_shares": [0.8, 0.2],
        "target_relative_lift": 50,
        "min_units_per_variation": 20,
        "levels": {"p99": 0.99},
    }
    plans, _ = run(cases, **settings)
    needed = units_of(plans, "fixed")
    rules = {row["metric_name"]: row["units_rule"] for row in plans}
    assert rules == {
        "few": "min_units_per_variation",
        "skewed": "lift_skewness_limit",
        "ratio": "denominators",
        "p99": "quantile_ranks",
    }
    assert needed["few"] == 100
    # The rank of the upper end of its interval is one of the values of the smaller variation.
    values = needed["p99"] * 0.2
    assert math.ceil(values * 0.99 + 1.96 * math.sqrt(values * 0.99 * 0.01)) <= values
    for name, units in needed.items():
        days = {1: units - 1, 2: units}
        _, lifts = run([case for case in cases if case.metric_name == name], days=days, **settings)
        before, after = (row for row in lifts if row["test"] == "fixed")
        assert (before["status"], before["minimum_detectable_effect"]) == ("too_few_units", None)
        assert f"of {units} at which" in before["status_reason"]
        assert (after["status"], after["status_reason"]) == ("ok", None)


def test_the_lift_of_the_required_units_is_the_one_that_was_asked_for(run: Run) -> None:
    """What can be seen in so many days is the other side of how many days it takes."""
    cases = [
        Case("plain", metric_value=-3, variance=7),
        Case("skewed", unit_skewness=5, variance=7, counted_share=0.25),
    ]
    settings = {"plan_shares": [0.7, 0.2, 0.1], "target_relative_lift": 0.04}
    plans, _ = run(cases, **settings)
    for row in plans:
        units = row["required_unit_count"]
        _, lifts = run(cases, days={1: units, 14: 2 * units}, **settings)
        lift, half = (
            each["relative_minimum_detectable_effect"]
            for each in lifts
            if (each["metric_name"], each["test"]) == (row["metric_name"], row["test"])
        )
        assert lift == pytest.approx(0.04, rel=2e-4)
        assert half < lift


def test_a_quantile_is_not_planned_where_its_values_would_tie(run: Run) -> None:
    """Equal values take a share of the ranks that grows with the root of the units."""
    cases = [Case("tied", variance=100, tied_share=0.1), Case("fine", variance=1, tied_share=0.1)]
    plans, lifts = run(
        cases,
        days={1: 40_000, 14: 90_000},
        levels={"tied": 0.5, "fine": 0.5},
        target_relative_lift=0.1,
    )
    statuses = {row["metric_name"]: row["status"] for row in plans if row["test"] == "fixed"}
    assert statuses == {"tied": "tied_quantile", "fine": "ok"}
    # 10,000 units of the baseline had 0.1; 45,000 of a variation have more than 0.2.
    by_day = {row["entry_days"]: row["status"] for row in lifts if row["metric_name"] == "fine"}
    assert by_day == {1: "ok", 14: "tied_quantile"}


def test_units_that_nobody_has_are_no_plan(run: Run) -> None:
    """Neither a number nor a day, but a reason."""
    plans, _ = run([Case("m", variance=1e40)])
    assert {(row["status"], row["required_unit_count"], row["required_days"]) for row in plans} == {
        ("out_of_reach", None, None)
    }
    assert all(row["status_reason"] for row in plans)
