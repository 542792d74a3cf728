"""The study of skewed lifts: its moments, what it counts, and what it finds of mistakes."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from calibration import controls
from calibration.bands import Check, at_most
from calibration.chain import MEASURES, MOMENTS, MOMENTS_CHAIN, moment_name
from calibration.moments import days_of_units, draw_moments, moment_tables
from calibration.populations import POPULATIONS
from calibration.report import page
from calibration.simulate import FACTORS, Plan, draw_variations, run
from calibration.skewness import (
    HIGHEST,
    RESULTS,
    SKEWED,
    Found,
    check_power,
    check_skewed,
    compare_skewed,
    lifted,
    subject_of_skewed,
    uneven,
    unguarded,
)
from calibration.study import Measured
from engine.compile import Project
from statistics_models import StatisticsModels


@pytest.fixture(scope="module")
def project(statistics_models: StatisticsModels) -> Project:
    """Give the parsed project."""
    return statistics_models.project


@pytest.mark.parametrize(
    "population", ["rare conversion", "revenue per order of 10%", "foreseen spend"]
)
def test_moments_are_those_of_the_units(population: str) -> None:
    """Moments by day are those of the units until then, with what divides them."""
    plan = Plan(population, 3, 60, (0.7, 0.3, 0.0), days=5)
    moments = draw_moments(plan, np.random.default_rng(1), 3)
    random = np.random.default_rng(1)
    variation = draw_variations(random, 180, plan.shares)
    columns = POPULATIONS[population].draw(random, FACTORS[variation])
    day = np.tile(days_of_units(plan), 3)
    experiment = np.repeat(np.arange(3), 60)
    for cell in np.ndindex(3, 5, 2):
        is_in = (experiment == cell[0]) & (day <= cell[1]) & (variation == cell[2])
        count = np.count_nonzero(is_in)
        assert moments["unit_count"][cell] == count
        if count < 2:
            continue
        centred = {name: values[is_in] - values[is_in].mean() for name, values in columns.items()}
        used = [name for name in MEASURES if name in columns]
        for size, divisor in ((2, count - 1), (3, count)):
            for names in combinations_with_replacement(used, size):
                product = np.prod([centred[name] for name in names], axis=0).sum()
                made = moments[moment_name(names)][cell]
                assert made == pytest.approx(product / divisor, rel=1e-9, abs=1e-9)
        assert moments["observation_sum"][cell] == pytest.approx(
            columns["observation"][is_in].sum()
        )


def test_units_come_from_the_first_day() -> None:
    """20 units come on the first day, and as many on each of the others."""
    days = days_of_units(Plan("mean", 1, 560, days=28))
    assert np.bincount(days).tolist() == [20] * 28


def test_moments_have_the_models_columns(project: Project) -> None:
    """The columns that a study inserts are those that the models make of units."""
    columns = project.models["variation_moments"].columns
    assert set(MOMENTS) <= set(columns)
    plan = uneven("rare conversion", 20, 4, experiments=2)
    (table,) = moment_tables(plan)["variation_moments"]
    assert set(table.column_names) <= set(columns)


def test_a_skewness_of_the_wrong_sign_is_found(project: Project) -> None:
    """A correction in the wrong direction takes the rate of false positives out of its band."""
    plan = uneven("10% conversion", 100, 9, experiments=4_000)
    models = controls.WRONG_SKEWNESS.apply(project.compiled(MOMENTS_CHAIN))
    rows = run(models, moment_tables(plan), RESULTS)
    wrong = rows["is_significant"].fillna(value=False).mean()
    assert wrong > at_most(HIGHEST, plan.experiments)[1]
    found = compare_skewed(project, plan)
    assert check_skewed(SKEWED, plan, found).holds
    assert np.mean(found.is_significant_to_welch) == pytest.approx(0.063, abs=0.012)


def test_refused_experiments_are_not_significant(project: Project) -> None:
    """2 % of 900 and of 100 units: Welch's test is wrong too often, and the project refuses."""
    plan = uneven("rare conversion", 100, 9, experiments=1_000)
    found = compare_skewed(project, plan)
    assert np.mean(found.is_refused) > 0.95
    check = check_skewed(SKEWED, plan, found)
    assert check.holds
    assert check.measured < 0.005
    assert not unguarded(check).holds
    assert unguarded(check).measured > 0.1


def _found(significant: float, refused: float, welch: float) -> Found:
    share = (np.arange(1_000) + 0.5) / 1_000
    return Found(*((share < rate).astype(float) for rate in (significant, refused, welch)))


def test_a_rate_off_its_band_is_off() -> None:
    """More than 5.7 % is off with 50 units or more; with fewer it is not judged."""
    found = _found(0.06, 0.2, 0.3)
    assert not check_skewed(SKEWED, uneven("mean", 50, 9), found).holds
    few = check_skewed(SKEWED, uneven("mean", 40, 9), found)
    assert few.holds
    assert not few.is_judged
    lost = Found(np.full(10, np.nan), np.zeros(10), np.zeros(10))
    assert not check_skewed(SKEWED, uneven("mean", 50, 9), lost).holds


def test_lost_power_is_found() -> None:
    """Of both directions together, no more than a percentage point of power may be lost."""
    plans = lifted("mean", 50, 2)
    assert check_power(plans, [_found(0.7, 0, 0.72), _found(0.8, 0, 0.79)]).holds
    assert not check_power(plans, [_found(0.7, 0, 0.72), _found(0.78, 0, 0.79)]).holds


def test_page_tells_what_is_beside() -> None:
    """The page has the share refused and that of Welch's test, and a note on the section."""
    plan = uneven("rare conversion", 100, 19)
    name = subject_of_skewed(plan)
    assert name == "rare conversion, 95/5, 100 units in the smaller arm"
    check = check_skewed(SKEWED, plan, _found(0.02, 0.5, 0.38))
    other = Check("Other", "else", 100, 0.2, 0.1, 0.3)
    text = page(Measured([check, other]))
    assert "| what | simulations | measured | band | verdict | refused | Welch alone |" in text
    assert f"| {name} | 1,000 | 2.00 % | ≤ 5.70 % | ok | 50.00 % | 38.00 % |" in text
    assert text.count("| what | simulations | measured | band | verdict |\n") == 1
    assert "`skewed_lift`" in text
    assert "(#skewed-lifts-aa-share-of-experiments-that-are-significant-at-005)" in text
