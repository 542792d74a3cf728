"""CUPED of what hardly varies: standard errors are those of exact arithmetic, or null."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from statistics_models import Arm, StatisticsModels, Test, results

SEED = 20200914
CUPED = {"has_covariate": True}
CAPPED = {**CUPED, "has_cap": True}
CUPED_RATIO = {**CUPED, "is_ratio": True}
CAPPED_RATIO = {**CAPPED, "is_ratio": True}
SIDES = {"control": 150, "treatment": 170}
MAGNITUDES = [float(10**power) for power in range(3, 13)]
PRICES = [0.1, 0.3, 3.7, 19.99, 1999.0]
# What a covariate may be to a metric: what is told apart from noise of its own by this much.
COVARIATES = {"foretold": 0.0, "well told": 0.001, "told": 0.3}
Draw = Callable[[np.random.Generator, int], Arm]


def ratio(price: float, noise: float, other_price: float, other_noise: float, told: float) -> Draw:
    """Give units that buy at one price, but for some noise, and bought so before."""

    def draw(random: np.random.Generator, count: int) -> Arm:
        orders, former_orders = 1.0 + random.poisson(2, (2, count))
        mood, other = random.normal(0, 1, (2, count))
        spent = price * orders + noise * mood
        cap = np.quantile(orders, 0.95)
        return Arm(
            spent,
            orders,
            capped_observation=np.minimum(spent, price * cap),
            covariate=other_price * former_orders + other_noise * (mood + told * other),
            covariate_denominator=former_orders,
        )

    return draw


def mean(level: float, noise: float, other_level: float, other_noise: float, told: float) -> Draw:
    """Give units that all have one value, but for some noise, and had such a one before."""

    def draw(random: np.random.Generator, count: int) -> Arm:
        mood, other = random.normal(0, 1, (2, count))
        values = level + noise * mood
        covariate = other_level + other_noise * (mood + told * other)
        return Arm(values, capped_observation=values, covariate=covariate)

    return draw


def sums(random: np.random.Generator, count: int) -> Arm:
    """Give units whose values are the same, but for the order in which they were added up."""
    parts = random.permuted(np.tile([0.1, 0.2, 0.3, 0.7], (count, 1)), axis=1)
    values = np.array([sum(row) for row in parts])
    assert len(set(values)) > 1
    return Arm(values, capped_observation=values, covariate=random.gamma(2, 5, count))


def draws() -> dict[str, tuple[Draw, dict[str, object]]]:
    """Name everything that is drawn, with its metric."""
    found: dict[str, tuple[Draw, dict[str, object]]] = {"sums": (sums, CAPPED)}
    for price in PRICES:
        found[f"price {price}"] = ratio(price, 0, price, 5, 1), CUPED_RATIO
        found[f"price {price}, capped"] = ratio(price, 0, price, 5, 1), CAPPED_RATIO
        found[f"price {price} and before"] = ratio(price, 0, price, 0, 1), CUPED_RATIO
        found[f"level {price}"] = mean(price, 0, 5, 1, 1), CAPPED
        found[f"covariate {price}"] = mean(5, 1, price, 0, 1), CAPPED
    for level in MAGNITUDES:
        for name, told in COVARIATES.items():
            found[f"ratio {level:g} {name}"] = ratio(level, 1, 20, 3, told), CUPED_RATIO
            found[f"both {level:g} {name}"] = ratio(level, 1, level, 1, told), CUPED_RATIO
            found[f"mean {level:g} {name}"] = mean(level, 1, level, 1, told), CAPPED
    return found


DRAWS = draws()
CONSTANTS = [name for name in DRAWS if name.startswith(("sums", "price", "level"))]


def drawn() -> list[Test]:
    """Draw everything once alike in both variations and once 1 % apart."""
    random = np.random.default_rng(SEED)
    tests = []
    for name, (draw, metric) in DRAWS.items():
        arms = {side: draw(random, count) for side, count in SIDES.items()}
        tests.append(Test(name, arms, metric))
        treatment = arms["treatment"]
        apart = Arm(
            treatment.observation * 1.01,
            treatment.denominator,
            capped_observation=treatment.capped_observation * 1.01,
            covariate=treatment.covariate,
            covariate_denominator=treatment.covariate_denominator,
        )
        tests.append(Test(f"{name}, apart", {**arms, "treatment": apart}, metric))
    return tests


TESTS = {test.name: test for test in drawn()}
NAMES = [f"{name}{suffix}" for name in DRAWS for suffix in ("", ", apart")]


def covariance(ours: Sequence[Fraction], theirs: Sequence[Fraction]) -> Fraction:
    """Give the sample covariance."""
    our_mean, their_mean = sum(ours) / len(ours), sum(theirs) / len(theirs)
    pairs = zip(ours, theirs, strict=True)
    return sum((our - our_mean) * (their - their_mean) for our, their in pairs) / (len(ours) - 1)


def linear(values: np.ndarray, divisors: np.ndarray | None) -> tuple[Fraction, list[Fraction]]:
    """Give the mean or ratio, and each unit's part in it."""
    exact = [Fraction(value) for value in values.tolist()]
    if divisors is None:
        return sum(exact) / len(exact), exact
    exact_divisors = [Fraction(value) for value in divisors.tolist()]
    whole = sum(exact) / sum(exact_divisors)
    divisor = sum(exact_divisors) / len(exact)
    parts = zip(exact, exact_divisors, strict=True)
    return whole, [(value - whole * own) / divisor for value, own in parts]


def joined(arms: Sequence[Arm], column: str) -> np.ndarray | None:
    """Give a column of all arms together."""
    columns = [getattr(arm, column) for arm in arms]
    return None if columns[0] is None else np.concatenate(columns)


def adjusted_column(test: Test) -> str:
    """Name what is adjusted."""
    return "capped_observation" if test.metric.get("has_cap") else "observation"


def exact_errors(test: Test, estimator: str, theta: float) -> tuple[float, float]:
    """Give the standard errors of the absolute and the relative lift, adjusted by this theta."""
    column = "observation" if estimator == "raw" else adjusted_column(test)
    slope = Fraction(theta)
    shares, values, parts = {}, {}, {}
    for side, arm in test.arms.items():
        value, own = linear(getattr(arm, column), arm.denominator)
        former_value, former = linear(arm.covariate, arm.covariate_denominator)
        rest = [one - slope * other for one, other in zip(own, former, strict=True)]
        shares[side] = covariance(rest, rest) / len(rest)
        values[side] = value, former_value
        parts[side] = own, rest
    (old, former_old), (new, former_new) = (values[side] for side in ("control", "treatment"))
    lift = (new - old - slope * (former_new - former_old)) / old
    own, rest = parts["control"]
    # The control's part in the relative lift, (1 + lift) y - theta x.
    mixed = [one + lift * other for one, other in zip(rest, own, strict=True)]
    relative = (shares["treatment"] + covariance(mixed, mixed) / len(own)) / old**2
    return float(sum(shares.values())) ** 0.5, float(relative) ** 0.5


def exact_theta(test: Test) -> float:
    """Give the slope over the units of both."""
    arms = list(test.arms.values())
    denominator, former = (joined(arms, name) for name in ("denominator", "covariate_denominator"))
    _, own = linear(joined(arms, adjusted_column(test)), denominator)
    _, covariate = linear(joined(arms, "covariate"), former)
    return float(covariance(own, covariate) / covariance(covariate, covariate))


@pytest.fixture(scope="module")
def rows(statistics_models: StatisticsModels) -> dict[tuple[str, str], dict]:
    """Give the treatments' rows by metric and estimator."""
    database = statistics_models.run(list(TESTS.values()))
    return {
        (row["metric_name"], row["estimator"]): row
        for row in results(database)
        if row["variation_id"] == "treatment"
    }


def test_what_is_constant_is_constant_capped_and_adjusted(
    rows: dict[tuple[str, str], dict],
) -> None:
    """Nothing is adjusted, and nothing tested, wherever the plain values hardly vary."""
    constant = [name for name in NAMES if rows[name, "raw"]["status"] == "zero_variance"]
    assert {*CONSTANTS, "ratio 1e+09 told", "both 1e+09 told"} < {*constant}
    for name in constant:
        plain, adjusted = (rows[name, way] for way in ("raw", "cuped"))
        capped = rows.get((name, "capped"), plain)
        assert (capped["status"], adjusted["status"]) == ("zero_variance", "zero_variance"), name
        assert adjusted["cuped_theta"] == 0, name
        assert plain["absolute_lift"] is not None, name
        for column in ("metric_value", "reference_metric_value", "absolute_lift"):
            assert adjusted[column] == capped[column], (name, column)
        for row in (plain, capped, adjusted):
            tested = [key for key in row if "_ci_" in key or "p_value" in key]
            assert {row[key] for key in tested} == {None}, name


@pytest.mark.parametrize("name", NAMES)
def test_standard_errors_are_right_or_null(rows: dict[tuple[str, str], dict], name: str) -> None:
    """By exact arithmetic, with the theta that was used."""
    for estimator in ("raw", "capped", "cuped"):
        row = rows.get((name, estimator))
        if row is None or row["status"] == "zero_variance":
            continue
        assert row["status"] == "ok"
        theta = row["cuped_theta"] or 0
        absolute, relative = exact_errors(TESTS[name], estimator, theta)
        assert row["absolute_lift_std_error"] == pytest.approx(absolute, rel=1e-3), estimator
        assert row["relative_lift_std_error"] == pytest.approx(relative, rel=1e-3), estimator


def test_what_varies_is_adjusted(rows: dict[tuple[str, str], dict]) -> None:
    """A guard that refused everything would be no guard."""
    for level in MAGNITUDES:
        for kind, least in (("ratio", 1e5), ("both", 1e5), ("mean", 1e13)):
            if level < least:
                name = f"{kind} {level:g} told"
                row = rows[name, "cuped"]
                assert row["status"] == "ok", name
                assert row["cuped_theta"] == pytest.approx(exact_theta(TESTS[name]), rel=1e-3), name
    for price in PRICES:
        row = rows[f"covariate {price}", "cuped"]
        assert (row["status"], row["cuped_theta"]) == ("ok", 0)


def test_what_is_all_foretold_is_said(rows: dict[tuple[str, str], dict]) -> None:
    """There, the value varies, and what is left of it doesn't."""
    row = rows["mean 1000 foretold", "cuped"]
    assert row["status"] == "zero_variance"
    assert row["cuped_theta"] == pytest.approx(1)
    assert "foretells" in row["status_reason"]
    assert "does not vary" in rows["level 19.99", "cuped"]["status_reason"]
