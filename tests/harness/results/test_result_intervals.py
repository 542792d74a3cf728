"""Other baselines and other levels: what a build with them would say."""

from itertools import pairwise

import numpy as np
import pytest
from engine.warehouse import Warehouse
from statistics_models import Arm, Rows, StatisticsModels, Test, results

VARIATIONS = ("a", "b", "c")
LEVELS = (0.8, 0.9, 0.95, 0.99)
# Of the other build, the reference variation, which is the baseline here.
RENAMED = {
    "baseline_variation_id": "reference_variation_id",
    "baseline_variation_name": "reference_variation_name",
    "baseline_unit_count": "reference_unit_count",
    "baseline_metric_value": "reference_metric_value",
}


def draw_tests(reference: str) -> list[Test]:
    """Draw two metrics of three variations, one of which is the reference."""
    random = np.random.default_rng(20200914)
    tests = []
    for name, metric in (("plain", {}), ("adjusted", {"has_cap": True, "has_covariate": True})):
        arms = {}
        for number, variation in enumerate(VARIATIONS):
            before = random.normal(10, 2, 60 + 20 * number)
            values = before + random.normal(number, 2, len(before))
            arms[variation] = Arm(
                values, capped_observation=np.minimum(values, 13), covariate=before
            )
        tests.append(Test(name, arms, metric, references=(reference,)))
    return tests


@pytest.fixture(scope="module")
def database(statistics_models: StatisticsModels) -> Warehouse:
    """Run the models once, with the reference a."""
    return statistics_models.run(draw_tests("a"))


def key(row: dict) -> tuple:
    """Give what identifies a row of a baseline and a level."""
    return row["metric_name"], row["variation_id"], row["estimator"]


@pytest.mark.parametrize("level", [0.8, 0.99])
@pytest.mark.parametrize("baseline", VARIATIONS)
def test_a_baseline_and_a_level_are_those_of_a_build_with_them(
    statistics_models: StatisticsModels,
    database: Warehouse,
    baseline: str,
    level: float,
) -> None:
    """Intervals, p-values, adjusted ones, statuses and reasons."""
    with statistics_models.run(draw_tests(baseline), alpha=round(1 - level, 2)) as built:
        theirs = {key(row): row for row in results(built)}
    ours = intervals(database, baseline, level)
    assert len(ours) == len(theirs) == len(VARIATIONS) * 4
    for row in ours:
        other = theirs[key(row)]
        for column in row.keys() - {"is_reference_baseline"}:
            value = other[RENAMED.get(column, column)]
            expected = pytest.approx(value, rel=1e-12) if isinstance(value, float) else value
            assert row[column] == expected, column
        assert row["is_reference_baseline"] == (baseline == "a")


def intervals(database: Warehouse, baseline: str, level: float) -> Rows:
    """Read the rows of a baseline at a level."""
    return [
        row
        for row in results(database, "experiment_result_intervals")
        if (row["baseline_variation_id"], row["confidence_level"]) == (baseline, level)
    ]


def test_a_higher_level_has_a_wider_interval(database: Warehouse) -> None:
    """Whatever the baseline; without a test there is none."""
    for baseline in VARIATIONS:
        widths = [
            {
                key(row): row["absolute_lift_ci_high"] - row["absolute_lift_ci_low"]
                for row in intervals(database, baseline, level)
                if row["status"] == "ok"
            }
            for level in LEVELS
        ]
        assert len(widths[0]) == (len(VARIATIONS) - 1) * 4
        for narrow, wide in pairwise(widths):
            assert all(narrow[row] < wide[row] for row in narrow)


def test_the_chosen_level_is_there_in_any_case(statistics_models: StatisticsModels) -> None:
    """Once, even if it is listed; others only if they are."""
    with statistics_models.run(draw_tests("a"), alpha=0.3, confidence_levels=[0.7, 0.5]) as built:
        rows = results(built, "experiment_result_intervals")
        assert {row["confidence_level"] for row in rows} == {0.5, 0.7}
        assert len(rows) == 2 * len(VARIATIONS) ** 2 * 4
        assert {row["confidence_level"] for row in results(built)} == {0.7}


def test_without_a_reference_there_are_baselines(statistics_models: StatisticsModels) -> None:
    """Nothing is chosen, and everything can be compared."""
    with statistics_models.run(draw_tests("nobody")) as built:
        assert {row["status"] for row in results(built)} == {"no_reference_variation"}
        rows = results(built, "experiment_result_intervals")
        assert {row["status"] for row in rows} == {"ok", "reference"}
        assert {row["is_reference_baseline"] for row in rows} == {False}
