"""The results by segment and by day: each as if there were nothing but its units."""

from itertools import pairwise

import numpy as np
import pytest
from engine.warehouse import Warehouse
from statistics_models import Arm, Rows, StatisticsModels, Test, results

SIZES = {"control": (3, 40, 90, 200), "treatment": (1, 50, 80, 210)}
DAYS = range(4)
CUPED = {"has_covariate": True}
# What compares rows with one another, or counts days.
OWN = {"experiment_id", "experiment_name", "metric_name", "days_to_target"}
RUNNING = ("sequential_p_value", "is_sequentially_significant", "sequential_ci_low")
RUNNING += ("sequential_ci_high", "sequential_relative_ci_low", "sequential_relative_ci_high")


def part(arm: Arm, rows: slice | np.ndarray) -> Arm:
    """Give some of the units."""
    return Arm(arm.observation[rows], covariate=arm.covariate[rows])


@pytest.fixture(scope="module")
def database(statistics_models: StatisticsModels) -> Warehouse:
    """Run the models on all units, on those of each day, and on those of each segment."""
    random = np.random.default_rng(1)
    arms = {}
    for name, sizes in SIZES.items():
        covariate = random.normal(3, 1, sizes[-1])
        lift = 2.0 * (name == "treatment")
        # A lift at first that is gone at last: intervals must not widen again.
        lifts = lift * (np.arange(sizes[-1]) < sizes[1])
        arms[name] = Arm(covariate + lifts + random.normal(0, 1, sizes[-1]), covariate=covariate)
    tests = [Test("all", arms, CUPED)]
    for day in DAYS:
        some = {name: part(arm, slice(SIZES[name][day])) for name, arm in arms.items()}
        tests.append(Test(f"all, day {day}", some, CUPED))
    for value in (0, 1):
        some = {name: part(arm, slice(value, None, 2)) for name, arm in arms.items()}
        tests.append(Test(f"segment {value}", some, CUPED))
    connection = statistics_models.run(tests)
    connection.execute("""
        insert into unit_segments
        select
            'all',
            unit_id,
            'parity',
            'segment ' || cast(split_part(unit_id, ' ', 2) as integer) % 2
        from fct_metric_observations
        where experiment_id = 'all'
    """)
    statistics_models.split(connection)
    return connection


def same(ours: Rows, theirs: Rows, left_out: set[str]) -> None:
    """Compare rows by variation and estimator, but for some columns."""
    keyed = {(row["variation_id"], row["estimator"]): row for row in theirs}
    assert len(ours) == len(theirs) == 4
    for row in ours:
        other = keyed[row["variation_id"], row["estimator"]]
        for column in other.keys() - left_out:
            value = other[column]
            expected = pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
            assert row[column] == expected, column


@pytest.mark.parametrize("value", ["segment 0", "segment 1"])
def test_a_segment_has_the_results_of_its_units(database: Warehouse, value: str) -> None:
    """Nobody else has a part in them, but for how many p-values there are."""
    ours = [
        row
        for row in results(database, "experiment_results_by_segment")
        if row["segment_value"] == value
    ]
    theirs = [row for row in results(database) if row["experiment_id"] == value]
    same(ours, theirs, OWN | {"adjusted_p_value", "is_significant"})


def test_p_values_of_all_values_of_a_segment_are_one_family(
    database: Warehouse,
) -> None:
    """Two values, one variation: the smaller p-value is doubled, or as the larger."""
    p_values = {
        row["p_value"]: row["adjusted_p_value"]
        for row in results(database, "experiment_results_by_segment")
        if row["is_headline"] and row["p_value"] is not None
    }
    small, large = sorted(p_values)
    assert p_values[small] == pytest.approx(min(2 * small, large))
    assert p_values[large] == large


def by_day(database: Warehouse) -> Rows:
    """Read the results by day, in order."""
    rows = results(database, "experiment_results_by_day")
    return sorted(rows, key=lambda row: row["as_of_date"])


@pytest.mark.parametrize("day", DAYS)
def test_a_day_has_the_results_of_the_units_until_then(database: Warehouse, day: int) -> None:
    """As if the experiment had been looked at that day."""
    ours = [row for row in by_day(database) if row["as_of_date"].day == 1 + day]
    theirs = [row for row in results(database) if row["experiment_id"] == f"all, day {day}"]
    same(ours, theirs, OWN | set(RUNNING))


def test_sequential_results_never_take_anything_back(database: Warehouse) -> None:
    """The p-value is the smallest of all looks, the interval what all have in common."""
    looks = [
        [
            row
            for row in rows
            if (row["variation_id"], row["estimator"]) == ("treatment", "cuped")
            and row["sequential_p_value"] is not None
        ]
        for rows in (
            by_day(database),
            sorted(
                (row for row in results(database) if row["experiment_id"].startswith("all, day")),
                key=lambda row: row["experiment_id"],
            ),
        )
    ]
    ours, theirs = looks
    assert len(ours) == len(theirs) == 3
    for number, row in enumerate(ours):
        seen = theirs[: number + 1]
        low = max(look["sequential_ci_low"] for look in seen)
        high = min(look["sequential_ci_high"] for look in seen)
        assert row["sequential_p_value"] == min(look["sequential_p_value"] for look in seen)
        assert (row["sequential_ci_low"], row["sequential_ci_high"]) == (
            (low, high) if low <= high else (None, None)
        )
    assert any(
        after["sequential_p_value"] > before["sequential_p_value"]
        for before, after in pairwise(theirs)
    )
