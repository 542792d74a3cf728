"""Skewed lifts: what comes of uneven splits and small arms.

False positives, looks from the first day, and power: with the correction and the guard for
skewness, and by Welch's test alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from engine.compile import Project

from calibration.bands import NO_BAND, Check
from calibration.chain import MOMENTS_BY_DAY_CHAIN, MOMENTS_CHAIN, TESTS_CHAIN
from calibration.controls import WELCH_ALONE
from calibration.moments import moment_tables
from calibration.populations import POPULATIONS
from calibration.simulate import VARIATIONS, Plan, run

ALPHA = 0.05
# What is promised where the smaller variation has 50 units or more.
HIGHEST = 0.057
ENOUGH_UNITS = 50
# How much power the correction may cost, over lifts of both directions.
POWER_COST = 0.01
# The statuses of experiments that are refused a test, and of those in which there is none to make.
REFUSED = "('skewed_lift', 'too_few_units')"
UNTESTED = {"zero_variance", "zero_denominator"}
SKEWED = "Skewed lifts, A/A: share of experiments that are significant at 0.05"
SKEWED_LOOKS = "Skewed lifts, A/A: share of experiments sequentially significant on any day"
POWER = "Skewed lifts: share of experiments with a lift of 10 % that are significant at 0.05"
RESULTS = f"""
select
    experiment_id, estimator, status,
    p_value < {ALPHA} as is_significant,
    status in {REFUSED} as is_refused
from experiment_results
where variation_id <> '{VARIATIONS[0]}'
"""  # noqa: S608
TESTS = f"""
select
    comparisons.experiment_id, comparisons.estimator,
    lift_tests.p_value < {ALPHA} as is_significant
from lift_tests
inner join comparisons on lift_tests.comparison_id = comparisons.comparison_id
where comparisons.is_chosen_reference and comparisons.variation_id <> '{VARIATIONS[0]}'
"""  # noqa: S608
LOOKS = f"""
select
    experiment_id,
    coalesce(bool_or(sequential_p_value < {ALPHA}), false) as is_significant,
    avg(case when status in {REFUSED} then 1 else 0 end) as is_refused
from experiment_results_by_day
where variation_id <> '{VARIATIONS[0]}' and estimator = 'raw'
group by experiment_id
"""  # noqa: S608


@dataclass(frozen=True)
class SkewedStudy:
    """The plans of a study of skewed lifts: those of power in pairs, one per direction."""

    comparisons: tuple[Plan, ...]
    looks: tuple[Plan, ...]
    power: tuple[tuple[Plan, Plan], ...]


@dataclass(frozen=True)
class Found:
    """Of the experiments of a plan, what the project says, and what Welch's test alone would."""

    is_significant: np.ndarray
    is_refused: np.ndarray
    is_significant_to_welch: np.ndarray


def uneven(
    population: str, smaller: int, ratio: float, experiments: int = 10_000, days: int = 1
) -> Plan:
    """Plan A/A experiments of two variations, of which the control is so many times the other."""
    units, share = round(smaller * (1 + ratio)), 1 / (1 + ratio)
    return Plan(population, experiments, units, (1 - share, share, 0.0), days=days)


def lifted(
    population: str, smaller: int, ratio: float, experiments: int = 5_000
) -> tuple[Plan, Plan]:
    """Plan experiments with a lift, in the smaller variation and in the larger one."""
    units, share = round(smaller * (1 + ratio)), 1 / (1 + ratio)
    shares = ((1 - share, 0.0, share), (share, 0.0, 1 - share))
    one, other = (Plan(population, experiments, units, each) for each in shares)
    return one, other


def compare_skewed(project: Project, plan: Plan) -> Found:
    """Run a plan through the models, as they are and with no more than Welch's test."""
    tables = moment_tables(plan)
    estimator = POPULATIONS[plan.population].estimators[-1]
    results = run(project.compiled(MOMENTS_CHAIN), tables, RESULTS)
    tests = run(WELCH_ALONE.apply(project.compiled(TESTS_CHAIN)), tables, TESTS)
    results, tests = (
        rows[rows["estimator"] == estimator].sort_values("experiment_id")
        for rows in (results, tests)
    )
    if not len(results) == len(tests) == plan.experiments:
        message = f"{plan}: not one comparison per experiment"
        raise ValueError(message)
    return Found(
        _significant(results),
        results["is_refused"].to_numpy(dtype=float),
        tests["is_significant"].fillna(value=False).to_numpy(dtype=float),
    )


def _significant(results: pd.DataFrame) -> np.ndarray:
    """Say whether each is significant: not, where there is no test, and NaN where one is lost."""
    is_lost = results["is_significant"].isna() & ~(
        results["is_refused"] | results["status"].isin(UNTESTED)
    )
    is_significant = results["is_significant"].fillna(value=False).to_numpy(dtype=float)
    return np.where(is_lost, np.nan, is_significant)


def look_at_skewed(project: Project, plan: Plan) -> Found:
    """Run a plan through the models of the days, with and without the guard at each look."""
    tables = moment_tables(plan)
    models = project.compiled(MOMENTS_BY_DAY_CHAIN)
    guarded, unguarded = (run(each, tables, LOOKS) for each in (models, WELCH_ALONE.apply(models)))
    if not len(guarded) == len(unguarded) == plan.experiments:
        message = f"{plan}: not the looks of every experiment"
        raise ValueError(message)
    return Found(
        guarded["is_significant"].to_numpy(dtype=float),
        guarded["is_refused"].to_numpy(dtype=float),
        unguarded["is_significant"].to_numpy(dtype=float),
    )


def subject_of_skewed(plan: Plan) -> str:
    """Name what a row of the report is about."""
    estimator = POPULATIONS[plan.population].estimators[-1]
    name = plan.population if estimator == "raw" else f"{plan.population}, {estimator}"
    smaller = min(share for share in plan.shares if share > 0)
    split = f"{100 * (1 - smaller):.3g}/{100 * smaller:.3g}"
    if plan.days > 1:
        return f"{name}, {split}, {plan.units:,} units in {plan.days} days"
    return f"{name}, {split}, {round(plan.units * smaller):,} units in the smaller arm"


def check_skewed(section: str, plan: Plan, found: Found) -> Check:
    """Check false positives, and tell what Welch's test alone would find."""
    smaller = plan.units * min(share for share in plan.shares if share > 0)
    is_promised = plan.days > 1 or round(smaller) >= ENOUGH_UNITS
    low, high = (0.0, HIGHEST) if is_promised else NO_BAND
    return _check(section, subject_of_skewed(plan), [found], low, high)


def check_power(plans: Sequence[Plan], found: Sequence[Found]) -> Check:
    """Check that as many lifts are found as by Welch's test, over both directions."""
    welch = float(np.mean([each.is_significant_to_welch for each in found]))
    return _check(POWER, subject_of_skewed(plans[0]), found, welch - POWER_COST, 1.0)


def _check(section: str, name: str, found: Sequence[Found], low: float, high: float) -> Check:
    significant, refused, welch = (
        np.concatenate([getattr(each, kind) for each in found])
        for kind in ("is_significant", "is_refused", "is_significant_to_welch")
    )
    beside = (("refused", float(np.mean(refused))), ("Welch alone", float(np.mean(welch))))
    measured = float(np.mean(significant))
    return Check(section, name, len(significant), measured, low, high, beside=beside)


def unguarded(check: Check) -> Check:
    """Give the check of Welch's test alone in place of the project's."""
    measured = dict(check.beside)["Welch alone"]
    return Check(check.section, check.subject, check.simulations, measured, check.low, check.high)
