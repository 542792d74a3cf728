"""Moments of simulated units, by experiment, variation and day, as the models make them of rows.

Studies of many units go on from there: counts, means, variances and third moments are all that the
statistics know of units.
"""

import math
from itertools import combinations_with_replacement

import numpy as np
import pyarrow as pa

from calibration.chain import MEASURES, moment_name
from calibration.populations import POPULATIONS
from calibration.simulate import (
    BEGIN,
    FACTORS,
    VARIATIONS,
    Plan,
    Tables,
    dimensions,
    draw_variations,
    experiment_names,
    labels,
    metric_names,
)

Moments = dict[str, np.ndarray]
# Of all variations together.
FIRST_DAY_UNITS = 20
SLICE = {"slice_type": "experiment", "segment_name": "(all)", "segment_value": "(all)"}


def moment_tables(plan: Plan) -> Tables:
    """Draw all experiments of a plan; give what they are, and the moments of their variations."""
    tables = dimensions(plan, POPULATIONS[plan.population], plan.experiments)
    used = np.flatnonzero(plan.shares)
    parts = [draw_moments(plan, random, count) for random, count in plan.chunks()]
    # By experiment, day and variation; of variations without a share there are none.
    moments = {
        name: np.concatenate([part[name] for part in parts])[:, :, used].ravel()
        for name in parts[0]
    }
    row = np.arange(plan.experiments * plan.days * len(used))
    experiment, day = row // (plan.days * len(used)), row // len(used) % plan.days
    nothing = np.zeros(len(row))
    columns = {
        "experiment_id": labels(experiment, experiment_names(plan.experiments)),
        "variation_id": labels(used[row % len(used)], VARIATIONS),
        "metric_name": labels(nothing, metric_names(1)),
        "is_capped": nothing.astype(bool),
        **{name: pa.array(values, from_pandas=True) for name, values in moments.items()},
    }
    if plan.days == 1:
        as_of_date = pa.array(np.full(len(row), BEGIN.to_datetime64().astype("datetime64[D]")))
        slices = {name: labels(nothing, [value]) for name, value in SLICE.items()}
        tables["variation_moments"] = [pa.table({**columns, **slices, "as_of_date": as_of_date})]
    else:
        days = {"day_scale": labels(nothing, ["calendar"]), "day_number": day}
        tables["variation_moments_by_day"] = [pa.table({**columns, **days})]
    return tables


def draw_moments(plan: Plan, random: np.random.Generator, count: int) -> Moments:
    """Draw the units of some experiments; give moments by experiment, day and variation.

    Those of a day are of all units until then. What a population does not have is null.
    """
    total = count * plan.units
    variation = draw_variations(random, total, plan.shares)
    columns = POPULATIONS[plan.population].draw(random, FACTORS[variation])
    cells = (count, plan.days, len(VARIATIONS))
    unit_days = np.tile(days_of_units(plan), count)
    experiment = np.repeat(np.arange(count), plan.units)
    cell = np.ravel_multi_index((experiment, unit_days, variation), cells)

    def summed(*factors: np.ndarray) -> np.ndarray:
        weights = math.prod(factors) if factors else None
        by_day = np.bincount(cell, weights, minlength=math.prod(cells)).reshape(cells)
        return by_day.cumsum(axis=1)

    measures = [name for name in MEASURES if name in columns]
    units = summed()
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {
            combination: summed(*(columns[name] for name in combination)) / units
            for size in (1, 2, 3)
            for combination in combinations_with_replacement(measures, size)
        }
        centred = {moment_name(key): _centred(means, key, units) for key in means}
    sums = {
        f"{name}_sum": units * np.nan_to_num(means[(name,)])
        for name in ("observation", "denominator")
        if name in columns
    }
    return {"unit_count": units, **sums, **centred}


def days_of_units(plan: Plan) -> np.ndarray:
    """Give the day on which each unit of an experiment comes: evenly, but for the first day."""
    if plan.days == 1:
        return np.zeros(plan.units, dtype=int)
    later = plan.units - FIRST_DAY_UNITS
    later_days = 1 + np.arange(later) * (plan.days - 1) // later
    return np.concatenate([np.zeros(FIRST_DAY_UNITS, dtype=int), later_days])


def _centred(
    means: dict[tuple[str, ...], np.ndarray], key: tuple[str, ...], units: np.ndarray
) -> np.ndarray:
    """Give a mean; a sample covariance; or a third central moment."""
    if len(key) == 1:
        return means[key]
    if len(key) == 2:  # noqa: PLR2004
        one, other = key
        return (means[key] - means[(one,)] * means[(other,)]) * units / (units - 1)
    x, y, z = key
    mean_x, mean_y, mean_z = means[(x,)], means[(y,)], means[(z,)]
    return (
        means[key]
        - mean_x * means[(y, z)]
        - mean_y * means[(x, z)]
        - mean_z * means[(x, y)]
        + 2 * mean_x * mean_y * mean_z
    )
