"""Looks day after day: what sequential p-values and intervals promise, at all looks at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from engine.compile import Model

from calibration.bands import Check, at_least, at_most, check_rate
from calibration.comparisons import ALPHA
from calibration.populations import LIFT, POPULATIONS
from calibration.simulate import VARIATIONS, Plan, day_tables, run

EVER = "A/A: share of experiments significant on any day"
ALWAYS = "Share of experiments whose sequential interval covers the true lift on every day"
LOOKS = f"""
select
    experiment_id, variation_id, as_of_date, p_value, sequential_p_value,
    sequential_ci_low, sequential_ci_high, sequential_relative_ci_low, sequential_relative_ci_high
from experiment_results_by_day
where variation_id <> '{VARIATIONS[0]}' and estimator = 'raw'
order by experiment_id, variation_id, as_of_date
"""  # noqa: S608


def look(models: Sequence[Model], plan: Plan) -> pd.DataFrame:
    """Run a plan through the models of the days; give all looks, experiment by experiment."""
    parts = []
    for number, (random, count) in enumerate(plan.chunks()):
        part = run(models, day_tables(plan, random, count), LOOKS)
        parts.append(part.assign(chunk=number))
    return pd.concat(parts)


def ever_significant(looks: pd.DataFrame, column: str, days: int) -> np.ndarray:
    """Say, of each A/A experiment and day, whether a p-value was below alpha until then."""
    same = looks[looks["variation_id"] == VARIATIONS[1]]
    p_values = same[column].to_numpy().reshape(-1, days)
    return np.logical_or.accumulate(p_values < ALPHA, axis=1)


def check_looks(plan: Plan, looks: pd.DataFrame, name: str) -> list[Check]:
    """Check that peeking does no harm, and that the intervals hold together."""
    false = ever_significant(looks, "sequential_p_value", plan.days)[:, -1]
    checks = [check_rate(EVER, name, false, at_most(ALPHA, plan.experiments))]
    population = POPULATIONS[plan.population]
    old, new = (population.true_value(factor, "raw", plan.shares) for factor in (1, 1 + LIFT))
    lifted = looks[looks["variation_id"] == VARIATIONS[2]]
    # An interval of a day is what those of all days until then have in common, or nothing.
    last = lifted.groupby(["chunk", "experiment_id"]).tail(1)
    truths = {"sequential_ci": new - old, "sequential_relative_ci": new / old - 1}
    for interval, truth in truths.items():
        covered = (last[f"{interval}_low"] <= truth) & (truth <= last[f"{interval}_high"])
        scale = "relative" if "relative" in interval else "absolute"
        band = at_least(1 - ALPHA, plan.experiments)
        checks.append(check_rate(ALWAYS, f"{name}, {scale} lift", covered.to_numpy(), band))
    return checks


def check_peeking(plan: Plan, looks: pd.DataFrame, name: str) -> Check:
    """Measure what comes of reading the p-value that is for one look on every day."""
    false = ever_significant(looks, "p_value", plan.days)[:, -1]
    return check_rate(EVER, name, false, at_most(ALPHA, plan.experiments))
