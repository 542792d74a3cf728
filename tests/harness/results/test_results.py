"""The results against other libraries on random data, and what must hold whatever the data."""

import math

import numpy as np
import pandas as pd
import pytest
import tea_tasting
from engine.warehouse import Warehouse
from scipy import stats
from statistics_models import Arm, Rows, StatisticsModels, Test, results
from statsmodels.stats.multitest import multipletests

SEED = 20200914
ESTIMATORS = ("raw", "capped", "cuped")
STATUSES = {
    *("ok", "zero_reference", "zero_variance", "too_few_units", "zero_denominator"),
    *("empty_variation", "no_reference_variation", "reference", "out_of_range", "skewed_lift"),
}


def draw_arm(random: np.random.Generator, count: int, lift: float) -> Arm:
    """Draw orders and revenue of units who had some of each before they were exposed."""
    wealth = random.lognormal(0, 0.6, count)
    orders = 1.0 + random.poisson(2 * wealth)
    revenue = random.gamma(2, 5 * wealth * (1 + lift), count)
    return Arm(
        revenue,
        orders,
        capped_observation=np.minimum(revenue, 40),
        covariate=random.gamma(2, 5 * wealth),
        covariate_denominator=1.0 + random.poisson(2 * wealth),
    )


def without_denominator(arm: Arm) -> Arm:
    """Give the same units' revenue by itself."""
    return Arm(arm.observation, capped_observation=arm.capped_observation, covariate=arm.covariate)


def changed(arm: Arm, factor: float, order: np.ndarray) -> Arm:
    """Give the same units in another order, and their numbers times a factor."""
    return Arm(arm.observation[order] * factor, covariate=arm.covariate[order] * factor)


def same_ratio(arm: Arm) -> Arm:
    """Give units whose ratio is the same for all."""
    return Arm(arm.denominator * 0.3, arm.denominator)


def foretold(arm: Arm) -> Arm:
    """Give units who do what they did before, times a factor."""
    return Arm(arm.covariate * 0.7, covariate=arm.covariate)


# What is left of values near 1e12 when 1e12 is taken away: so many that a plain sum loses it.
NEAR = {
    name: np.round(np.random.default_rng([SEED, number]).normal(0, 10, 200_000))
    for number, name in enumerate(("control", "treatment"))
}


@pytest.fixture(scope="module")
def arms() -> dict[str, Arm]:
    """Draw three arms."""
    random = np.random.default_rng(SEED)
    sizes = {"control": (700, 0.0), "treatment": (650, 0.08), "other": (300, -0.05)}
    return {name: draw_arm(random, *size) for name, size in sizes.items()}


@pytest.fixture(scope="module")
def database(statistics_models: StatisticsModels, arms: dict[str, Arm]) -> Warehouse:
    """Run the models once, on everything that these tests look at."""
    means = {name: without_denominator(arm) for name, arm in arms.items()}
    pair = {name: means[name] for name in ("control", "treatment")}
    random = np.random.default_rng(SEED)
    cuped = {"has_covariate": True}
    tests = [
        Test("mean", means, {"has_cap": True}),
        Test("ratio", arms, {"is_ratio": True}),
        Test("cuped", means, cuped),
        Test("cuped ratio", arms, {"is_ratio": True, **cuped}),
        Test("swapped", pair, cuped, references=("treatment",)),
    ]
    for name, factor in (("permuted", 1.0), ("scaled", 8.0)):
        other = {
            side: changed(arm, factor, random.permutation(len(arm.observation)))
            for side, arm in pair.items()
        }
        tests.append(Test(name, other, cuped))
    tests += [
        Test(
            "same ratio", {name: same_ratio(arm) for name, arm in arms.items()}, {"is_ratio": True}
        ),
        Test("enough", {name: Arm(1000 + arm.observation) for name, arm in pair.items()}),
        Test("all foretold", {name: foretold(arm) for name, arm in means.items()}, cuped),
    ]
    few = {"control": Arm(1.0 * (np.arange(900) < 18)), "treatment": Arm(np.zeros(100))}
    none = {"control": Arm(np.zeros(60)), "treatment": Arm(np.arange(60.0))}
    tests += [Test("skewed", few), Test("from nothing", none)]
    tests.append(Test("far away", {name: Arm(1e12 + arm) for name, arm in NEAR.items()}))
    tests.append(
        Test("too far", {name: Arm(1e101 * arm.observation) for name, arm in pair.items()})
    )
    tests += [draw_edge(random, number) for number in range(150)]
    return statistics_models.run(tests)


@pytest.fixture(scope="module")
def uncorrected(statistics_models: StatisticsModels, arms: dict[str, Arm]) -> Warehouse:
    """Run the models without the correction for skewness, which libraries don't make."""
    means = {name: without_denominator(arm) for name, arm in arms.items()}
    tests = [
        Test("mean", means, {"has_cap": True}),
        Test("ratio", arms, {"is_ratio": True}),
        Test("cuped", means, {"has_covariate": True}),
        Test("cuped ratio", arms, {"is_ratio": True, "has_covariate": True}),
    ]
    return statistics_models.run(tests, skewness_correction=False)


def draw_edge(random: np.random.Generator, number: int) -> Test:
    """Draw an experiment in which something may be missing, constant, zero or far away."""
    is_ratio = bool(random.integers(2))
    metric = {
        "is_ratio": is_ratio,
        "has_cap": bool(random.integers(2)),
        "has_covariate": bool(random.integers(2)),
        "is_guardrail": True,
        "direction": str(random.choice(["increase", "decrease"])),
        "non_inferiority_margin": random.choice([None, 0.1]),
    }
    if random.integers(4) == 0:
        metric = {
            "is_quantile": True,
            "quantile_level": float(random.choice([0.1, 0.5, 0.99])),
            "is_event_quantile": bool(random.integers(2)),
        }
    arms = {}
    for name in ("control", "treatment"):
        count = int(random.choice([0, 1, 2, 3, 30]))
        values = random.choice([0.0, 1.0, -1.0, 0.1, 1e12, 1e12 + 1, 1e-9, 1e-160, 3e-160], size=3)
        columns = random.choice(values, size=(5, count))
        columns[1] = random.choice([0.0, 1.0, 3.0], size=count)
        arms[name] = Arm(*columns, unit=np.arange(count) // 2 if "is_quantile" in metric else None)
    references = [(), ("control",), ("control",), ("control",), ("control", "treatment")]
    return Test(f"edge {number}", arms, metric, references[random.integers(5)])


def row_of(database: Warehouse, name: str, estimator: str, arm: str) -> dict:
    """Read one row of the results."""
    (row,) = [
        row
        for row in results(database)
        if (row["metric_name"], row["estimator"], row["variation_id"]) == (name, estimator, arm)
    ]
    return row


@pytest.mark.parametrize("arm", ["treatment", "other"])
@pytest.mark.parametrize("estimator", ["raw", "capped"])
def test_means_have_welchs_test(
    uncorrected: Warehouse, arms: dict[str, Arm], estimator: str, arm: str
) -> None:
    """Lift, interval and p-value are those of scipy."""
    column = "observation" if estimator == "raw" else "capped_observation"
    theirs = stats.ttest_ind(
        getattr(arms[arm], column), getattr(arms["control"], column), equal_var=False
    )
    ours = row_of(uncorrected, "mean", estimator, arm)
    interval = theirs.confidence_interval(0.95)
    assert ours["p_value"] == pytest.approx(theirs.pvalue, rel=1e-9)
    assert ours["degrees_of_freedom"] == pytest.approx(theirs.df, rel=1e-9)
    assert ours["absolute_lift_ci_low"] == pytest.approx(interval.low, rel=1e-9)
    assert ours["absolute_lift_ci_high"] == pytest.approx(interval.high, rel=1e-9)


def test_values_far_away_lose_no_digits(database: Warehouse) -> None:
    """A mean near 1e12 is right to the last digit that a double has."""
    theirs = stats.ttest_ind(NEAR["treatment"], NEAR["control"], equal_var=False)
    ours = row_of(database, "far away", "raw", "treatment")
    lift = NEAR["treatment"].mean() - NEAR["control"].mean()
    last_digit = math.ulp(1e12)
    assert ours["absolute_lift"] == pytest.approx(lift, abs=2 * last_digit)
    error = math.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in NEAR.values()))
    assert ours["absolute_lift_std_error"] == pytest.approx(error, rel=1e-9)
    assert ours["p_value"] == pytest.approx(theirs.pvalue, abs=0.01)


LIBRARY_METRICS = {
    ("ratio", "raw"): tea_tasting.RatioOfMeans("y", "d"),
    ("cuped", "cuped"): tea_tasting.Mean("y", "x"),
    ("cuped ratio", "cuped"): tea_tasting.RatioOfMeans("y", "d", "x", "dx"),
}


@pytest.mark.parametrize("arm", ["treatment", "other"])
@pytest.mark.parametrize(("name", "estimator"), LIBRARY_METRICS)
def test_ratios_and_cuped_are_those_of_tea_tasting(
    uncorrected: Warehouse,
    arms: dict[str, Arm],
    name: str,
    estimator: str,
    arm: str,
) -> None:
    """The delta method and the adjustment by a covariate are those of the library."""
    frames = []
    for variant, side in enumerate(("control", arm)):
        units = arms[side]
        columns = {"y": units.observation, "d": units.denominator, "x": units.covariate}
        columns["dx"] = units.covariate_denominator
        frames.append(pd.DataFrame({**columns, "variant": variant}))
    theirs = LIBRARY_METRICS[name, estimator].analyze(pd.concat(frames), 0, 1, "variant")
    ours = row_of(uncorrected, name, estimator, arm)
    assert ours["metric_value"] == pytest.approx(theirs.treatment, rel=1e-9)
    assert ours["reference_metric_value"] == pytest.approx(theirs.control, rel=1e-9)
    assert ours["absolute_lift"] == pytest.approx(theirs.effect_size, rel=1e-9)
    assert ours["absolute_lift_ci_low"] == pytest.approx(theirs.effect_size_ci_lower, rel=1e-9)
    assert ours["p_value"] == pytest.approx(theirs.pvalue, rel=1e-9)


@pytest.mark.parametrize("is_headline", [True, False])
def test_p_values_are_adjusted_within_their_experiment(
    database: Warehouse, *, is_headline: bool
) -> None:
    """Headline rows are a family of their own; so are the rows of every estimator."""
    rows = [row for row in results(database) if row["p_value"] is not None]
    families: dict[tuple[str, object], Rows] = {}
    for row in rows:
        key = row["is_headline"] if is_headline else row["estimator"]
        families.setdefault((row["experiment_id"], key), []).append(row)
    for family in families.values():
        expected = multipletests([row["p_value"] for row in family], method="fdr_bh")[1]
        for row, p_value in zip(family, expected, strict=True):
            if row["is_headline"] == is_headline:
                assert row["adjusted_p_value"] == pytest.approx(p_value, rel=1e-12)


def test_swapped_arms_negate_the_lift(database: Warehouse) -> None:
    """Which arm is the reference changes the sign, and nothing else."""
    ours = row_of(database, "cuped", "cuped", "treatment")
    swapped = row_of(database, "swapped", "cuped", "control")
    for column in (
        "absolute_lift",
        "absolute_lift_ci_low",
        "sequential_ci_low",
        "posterior_ci_low",
    ):
        other = column.replace("low", "high")
        assert swapped[other] == pytest.approx(-ours[column], rel=1e-9), column
    same = ("p_value", "sequential_p_value", "degrees_of_freedom", "minimum_detectable_effect")
    for column in same:
        assert swapped[column] == pytest.approx(ours[column], rel=1e-9), column
    assert swapped["chance_to_win"] == pytest.approx(1 - ours["chance_to_win"], rel=1e-9)
    assert swapped["risk"] == pytest.approx(ours["reference_risk"], rel=1e-9)


@pytest.mark.parametrize(("name", "factor"), [("permuted", 1), ("scaled", 8)])
@pytest.mark.parametrize("estimator", ["raw", "cuped"])
def test_order_and_unit_do_not_matter(
    database: Warehouse, name: str, factor: float, estimator: str
) -> None:
    """Cents or euros, this row first or that one: the lift is the same."""
    ours = row_of(database, "cuped", estimator, "treatment")
    other = row_of(database, name, estimator, "treatment")
    in_units = ("metric_value", "absolute_lift", "risk", "minimum_detectable_effect")
    numbers = {key: value for key, value in ours.items() if isinstance(value, float)}
    assert len(numbers) > 25
    for column, value in numbers.items():
        is_scaled = column.startswith(("absolute", "posterior", "sequential_ci", *in_units))
        is_scaled |= column.startswith("reference")
        expected = value * factor if is_scaled else value
        assert other[column] == pytest.approx(expected, rel=1e-9, abs=1e-12), column


@pytest.mark.parametrize("name", ["mean", "enough"])
def test_days_go_on_at_the_present_pace(database: Warehouse, name: str) -> None:
    """Ten days brought these units; so many times as many take so many times as long."""
    row = row_of(database, name, "raw", "treatment")
    # The lift to be seen is 5 % of the reference's value; the test's error falls as 1/sqrt(n).
    growth = (row["minimum_detectable_effect"] / (0.05 * row["reference_metric_value"])) ** 2
    units = row["unit_count"] + row["reference_unit_count"]
    assert row["required_unit_count"] == math.ceil(growth * units)
    assert row["days_to_target"] == max(math.ceil((growth - 1) * 10), 0)
    assert (row["days_to_target"] == 0) == (name == "enough")


@pytest.mark.parametrize(("name", "estimator"), [("same ratio", "raw"), ("all foretold", "cuped")])
def test_rounding_is_no_variance(database: Warehouse, name: str, estimator: str) -> None:
    """What is left over from large terms that should cancel says nothing about the lift."""
    row = row_of(database, name, estimator, "treatment")
    assert row["status"] == "zero_variance"
    assert row["absolute_lift"] == pytest.approx(0, abs=1e-12)


def test_every_row_has_a_status_and_no_number_is_none(database: Warehouse) -> None:
    """Whatever is missing, a number is there or null, never NaN or infinity."""
    rows = results(database)
    assert {row["status"] for row in rows} == STATUSES
    for row in rows:
        numbers = [value for value in row.values() if isinstance(value, float)]
        assert all(math.isfinite(number) for number in numbers), row
        has_test = row["status"] in ("ok", "zero_reference")
        assert (row["p_value"] is not None) == has_test, row
        assert has_test or row["status_reason"], row


def test_every_variation_has_every_estimator(database: Warehouse) -> None:
    """No variation is without a row, and one of its rows is the one to read."""
    found = {
        (row["metric_name"], row["variation_id"], row["estimator"]): row["is_headline"]
        for row in results(database)
    }
    metrics = {row["metric_name"]: row for row in results(database, "dim_metrics")}
    for variation in results(database, "dim_variations"):
        metric = metrics[variation["experiment_id"]]
        there = {"raw": True, "capped": metric["has_cap"], "cuped": metric["has_covariate"]}
        last = max((name for name in ESTIMATORS if there[name]), key=ESTIMATORS.index)
        for estimator in ESTIMATORS:
            key = (metric["metric_name"], variation["variation_id"], estimator)
            assert found.pop(key, None) == ((estimator == last) if there[estimator] else None)
    assert not found
