"""Relative intervals: Fieller's near a reference of 0, and at every look that of the test."""

import numpy as np
import pytest
from engine.warehouse import Warehouse
from scipy import optimize, stats
from statistics_models import Arm, StatisticsModels, Test, results

RANDOM = np.random.default_rng(20200914)
ALPHA = 0.05
# How many of its standard errors the reference is from 0.
NEAR = {"near": 3.0, "nearer": 2.2, "too near": 1.5, "far": 8.0}


def centred(count: int, mean: float) -> np.ndarray:
    """Give values with just this mean and a variance of 1."""
    values = RANDOM.normal(size=count)
    return (values - values.mean()) / values.std(ddof=1) + mean


def pair(control: np.ndarray, treatment: np.ndarray, name: str) -> Test:
    """Make an experiment of two arms."""
    return Test(name, {"control": Arm(control), "treatment": Arm(treatment)})


ARMS = {
    name: (centred(400, errors / 20), centred(400, 0.1 + errors / 20))
    for name, errors in NEAR.items()
}
# Lifts of all sizes beside references at all distances from 0, of either sign.
MANY = {
    f"many {number}": (
        centred(300, RANDOM.choice([-1, 1]) * RANDOM.uniform(0.01, 1)),
        centred(200, RANDOM.uniform(-1, 1)),
    )
    for number in range(120)
}


@pytest.fixture(scope="module")
def found(statistics_models: StatisticsModels) -> Warehouse:
    """Run the models by the default settings."""
    tests = [pair(*arms, name) for name, arms in {**ARMS, **MANY}.items()]
    return statistics_models.run(tests)


@pytest.fixture(scope="module")
def rows(found: Warehouse) -> dict[str, dict]:
    """Give the treatments' rows by metric."""
    return {row["metric_name"]: row for row in results(found) if row["variation_id"] == "treatment"}


def fieller(control: np.ndarray, treatment: np.ndarray) -> tuple[float, float]:
    """Give the lifts at which the difference to so many times the control is just significant."""
    df = stats.ttest_ind(treatment, control, equal_var=False).df
    limit = stats.t.isf(ALPHA / 2, df)
    own, other = (arm.var(ddof=1) / len(arm) for arm in (treatment, control))

    def excess(lift: float) -> float:
        difference = treatment.mean() - (1 + lift) * control.mean()
        return difference / np.sqrt(own + (1 + lift) ** 2 * other)

    lift = treatment.mean() / control.mean() - 1
    return tuple(
        optimize.brentq(lambda r, sign=sign: excess(r) - sign * limit, *bracket)
        for sign, bracket in ((1, (-50, lift)), (-1, (lift, 500)))
    )


@pytest.mark.parametrize("name", ["near", "nearer"])
def test_near_a_reference_of_0_the_interval_is_fiellers(rows: dict[str, dict], name: str) -> None:
    """By the delta method it would hold the lift less often than it says; the reason tells."""
    low, high = fieller(*ARMS[name])
    ours = rows[name]
    assert (ours["status"], ours["lift_skewness"]) == ("ok", pytest.approx(0))
    assert ours["relative_lift_ci_low"] == pytest.approx(low, rel=1e-8)
    assert ours["relative_lift_ci_high"] == pytest.approx(high, rel=1e-8)
    assert "less than 4 standard errors from 0" in ours["status_reason"]


def test_far_from_0_it_is_that_of_the_delta_method(rows: dict[str, dict]) -> None:
    """As ever."""
    ours = rows["far"]
    limit = stats.t.isf(ALPHA / 2, ours["degrees_of_freedom"])
    reach = limit * ours["relative_lift_std_error"]
    assert ours["relative_lift_ci_low"] == pytest.approx(ours["relative_lift"] - reach, rel=1e-9)
    assert ours["status_reason"] is None


def test_too_near_0_there_is_none(rows: dict[str, dict]) -> None:
    """Where the reference itself may be 0, the lift may be anything."""
    ours = rows["too near"]
    assert (ours["relative_lift_ci_low"], ours["relative_lift_ci_high"]) == (None, None)
    assert "too near 0" in ours["status_reason"]


def test_a_relative_look_is_sure_where_the_test_is(rows: dict[str, dict]) -> None:
    """It leaves 0 out where the sequential p-value is below alpha, and nowhere else."""
    sure, unsure = 0, 0
    for name in MANY:
        ours = rows[name]
        low, high = (ours[f"sequential_relative_ci_{end}"] for end in ("low", "high"))
        if low is None:
            continue
        leaves_out = low > 0 or high < 0
        assert leaves_out == (ours["sequential_p_value"] < ALPHA), name
        sure += leaves_out
        unsure += not leaves_out
    assert min(sure, unsure) > 10
