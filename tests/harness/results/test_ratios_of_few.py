"""Ratios whose denominators lie with few of the units: those are too few, of however many."""

import numpy as np
import pytest
from engine.warehouse import Rows
from statistics_models import Arm, StatisticsModels, Test, results

RATIO = {"is_ratio": True}
SEED = 20200914


def orders(units: int, buyers: int, most: float = 1.0) -> Arm:
    """Give units of whom some have an order each, one of them perhaps many, at prices about 10."""
    random = np.random.default_rng([SEED, units, buyers])
    denominator = (np.arange(units) < buyers).astype(float)
    denominator[0] *= most
    return Arm(denominator * random.normal(10, 3, units), denominator)


# By name, the two variations, and what may be said of them.
PAIRS = {
    "few buyers": (orders(300, 49), orders(320, 60), "too_few_units"),
    "few buyers in the control": (orders(320, 60), orders(300, 49), "too_few_units"),
    "enough buyers": (orders(300, 50), orders(320, 60), "ok"),
    "one buyer has most": (orders(300, 200, 60.0), orders(320, 200), "too_few_units"),
    "few units, and all buy": (orders(20, 20), orders(20, 20), "ok"),
    "few units, and half of them buy": (orders(20, 10), orders(20, 20), "too_few_units"),
}


@pytest.fixture(scope="module")
def rows(statistics_models: StatisticsModels) -> dict[str, Rows]:
    """Run the models on all pairs."""
    tests = [
        Test(name, {"control": control, "treatment": treatment}, RATIO)
        for name, (treatment, control, _) in PAIRS.items()
    ]
    few = orders(300, 20).denominator
    price = Arm(10 * few, few)
    tests.append(Test("one price", {"control": price, "treatment": price}, RATIO))
    plain = orders(300, 5)
    tests.append(
        Test("a mean", {"control": Arm(plain.observation), "treatment": Arm(plain.observation)})
    )
    found: dict[str, Rows] = {}
    for row in results(statistics_models.run(tests)):
        if row["variation_id"] == "treatment":
            found[row["metric_name"]] = row
    return found


@pytest.mark.parametrize("name", PAIRS)
def test_units_without_a_denominator_dont_count(rows: dict[str, Rows], name: str) -> None:
    """A ratio of fewer than 50 units that count, and not of most units, has no p-value."""
    row = rows[name]
    *_, status = PAIRS[name]
    assert row["status"] == status
    assert (row["p_value"] is None) == (status != "ok")
    assert (row["absolute_lift_ci_low"] is None) == (status != "ok")
    assert (row["sequential_p_value"] is None) == (status != "ok")
    assert (row["chance_to_win"] is None) == (status != "ok")
    assert row["metric_value"] == pytest.approx(10, abs=3)


def test_the_reason_says_how_many_count(rows: dict[str, Rows]) -> None:
    """The reason has the number of units that count, and what to do."""
    assert rows["few buyers"]["status_reason"] == (
        "The denominators lie with few units: as many as 49 count in the variation and 60 in the"
        " reference variation, of 300 and 320. Wait for more units that count, or take a mean per"
        " unit."
    )


def test_a_ratio_that_is_the_same_for_all_has_its_lift(rows: dict[str, Rows]) -> None:
    """However few units count: where all have one price, there is a lift, and no test of it."""
    row = rows["one price"]
    assert (row["status"], row["absolute_lift"], row["p_value"]) == ("zero_variance", 0, None)


def test_all_units_of_a_mean_count(rows: dict[str, Rows]) -> None:
    """A mean of which few have more than 0 is none of few units."""
    assert rows["a mean"]["status"] == "ok"
