"""Comparisons at the end of an experiment: false positives, coverage, families of metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from engine.compile import Model

from calibration.bands import NO_BAND, Check, at_most, check_rate, check_uniform, two_sided
from calibration.populations import LIFT, POPULATIONS
from calibration.simulate import ODDS, VARIATIONS, Plan, run, unit_tables

ALPHA = 0.05
FALSE_POSITIVES = "A/A: share of p-values below 0.05"
UNIFORM = "A/A: are the p-values uniform? (Kolmogorov-Smirnov p-value)"
ABSOLUTE = "Coverage of the 95 % interval of the absolute lift"
RELATIVE = "Coverage of the 95 % interval of the relative lift"
FAMILY = "20 metrics without an effect: share of experiments with a significant one"
COLUMNS = (
    "variation_id, estimator, status, p_value, absolute_lift_ci_low, absolute_lift_ci_high, "
    "relative_lift_ci_low, relative_lift_ci_high"
)
COMPARISONS = f"select {COLUMNS} from experiment_results where variation_id <> '{VARIATIONS[0]}'"  # noqa: S608
ADJUSTMENTS = {
    "holm": "Holm",
    "benjamini_hochberg": "Benjamini-Hochberg",
    "none": "no adjustment of p-values",
}
# Too few conversions or too heavy tails: such tests may be cautious, and their p-values uneven.
CAUTIOUS = {"rare conversion", "heavy tails"}
CONVERSIONS_FOR_UNIFORM = 500
# What is refused says nothing of the others, as long as it is little.
UNTESTED = {"skewed_lift", "too_few_units"}
TESTED_SHARE = 0.95


def compare(models: Sequence[Model], plan: Plan) -> pd.DataFrame:
    """Run a plan through the models; give the comparisons of all its experiments."""
    parts = [
        run(models, unit_tables(plan, random, count), COMPARISONS)
        for random, count in plan.chunks()
    ]
    return pd.concat(parts)


def subject(plan: Plan, estimator: str) -> str:
    """Name what a row of the report is about."""
    name = plan.population if estimator == "raw" else f"{plan.population}, {estimator}"
    smaller = round(plan.units * plan.shares[1])
    split = "50/50" if plan.shares == ODDS["even"] else "90/10"
    return f"{name}, {split}, {smaller:,} units in the smaller arm"


def check_comparisons(plan: Plan, rows: pd.DataFrame) -> list[Check]:
    """Check false positives, the distribution of p-values, and coverage, of each estimator."""
    checks = []
    for estimator in POPULATIONS[plan.population].estimators:
        own = rows[rows["estimator"] == estimator]
        same, lifted = (own[own["variation_id"] == name] for name in VARIATIONS[1:])
        if not len(same) == len(lifted) == plan.experiments:
            message = f"{plan}: not one comparison per experiment"
            raise ValueError(message)
        same, lifted = (_tested(plan, side) for side in (same, lifted))
        checks += _check_same(plan, estimator, same)
        if plan.population not in CAUTIOUS:
            checks += _check_lifted(plan, estimator, lifted)
    if plan.is_few:
        low, high = NO_BAND
        return [replace(check, low=low, high=high) for check in checks]
    return checks


def _tested(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the few comparisons whose status says that they have no test."""
    tested = rows[~rows["status"].isin(UNTESTED)]
    if len(tested) < TESTED_SHARE * len(rows):
        message = f"{plan}: {len(rows) - len(tested)} of {len(rows)} have no test"
        raise ValueError(message)
    return tested


def same_p_values(rows: pd.DataFrame, estimator: str) -> np.ndarray:
    """Give the p-values of the variation that is no different."""
    is_same = (rows["variation_id"] == VARIATIONS[1]) & (rows["estimator"] == estimator)
    return rows.loc[is_same, "p_value"].to_numpy()


def _check_same(plan: Plan, estimator: str, rows: pd.DataFrame) -> list[Check]:
    p_values = rows["p_value"].to_numpy()
    if plan.population in CAUTIOUS:
        band = at_most(ALPHA, plan.experiments)
    else:
        band = two_sided(ALPHA, plan.experiments)
    name = subject(plan, estimator)
    is_false = np.where(np.isnan(p_values), np.nan, p_values < ALPHA)
    checks = [check_rate(FALSE_POSITIVES, name, is_false, band)]
    conversions = plan.units * plan.shares[1] * POPULATIONS["conversion"].true_value(1, "", ())
    is_uneven = plan.population == "conversion" and conversions < CONVERSIONS_FOR_UNIFORM
    if plan.population not in CAUTIOUS and not is_uneven:
        checks.append(check_uniform(UNIFORM, name, p_values))
    return checks


def _check_lifted(plan: Plan, estimator: str, rows: pd.DataFrame) -> list[Check]:
    base = "raw" if estimator == "cuped" else estimator
    population = POPULATIONS[plan.population]
    old, new = (population.true_value(factor, base, plan.shares) for factor in (1, 1 + LIFT))
    band = two_sided(1 - ALPHA, plan.experiments)
    name = subject(plan, estimator)
    truths = {"absolute_lift": (ABSOLUTE, new - old), "relative_lift": (RELATIVE, new / old - 1)}
    return [
        check_rate(section, name, _covers(rows, interval, truth), band)
        for interval, (section, truth) in truths.items()
    ]


def _covers(rows: pd.DataFrame, interval: str, truth: float) -> np.ndarray:
    low, high = (rows[f"{interval}_ci_{end}"] for end in ("low", "high"))
    return ((low <= truth) & (truth <= high)).to_numpy()


def check_families(
    models: Sequence[Model], adjusted: Mapping[str, Model], plan: Plan
) -> dict[str, Check]:
    """Check how often one of many metrics without an effect is significant all the same.

    `models` make the comparisons; each of the others adjusts their p-values in its way.
    """
    renamed = [replace(model, name=f"adjusted_{key}") for key, model in adjusted.items()]
    query = " union all ".join(
        f"select '{key}' as adjustment, bool_or(adjusted_p_value < {ALPHA}) as found "  # noqa: S608
        f"from adjusted_{key} inner join comparisons using (comparison_id) "
        "where is_headline and is_chosen_reference group by experiment_id"
        for key in adjusted
    )
    parts = [
        run([*models, *renamed], unit_tables(plan, random, count), query)
        for random, count in plan.chunks()
    ]
    rows = pd.concat(parts)
    band = at_most(ALPHA, plan.experiments)
    return {
        key: check_rate(
            FAMILY,
            ADJUSTMENTS[key],
            rows.loc[rows["adjustment"] == key, "found"].to_numpy(dtype=bool),
            band,
        )
        for key in adjusted
    }
