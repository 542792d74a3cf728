"""The check of the sample ratio: false alarms and power, from counts of units."""

import zlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from engine.compile import Model
from scipy import stats

from calibration.bands import Check, check_rate, two_sided
from calibration.simulate import SEED, experiment_names, labels, run

ALPHA = 0.001
ALARMS = "Sample ratio: share of experiments with an alarm, at 0.001"
UNITS = 20_000
Shares = tuple[float, ...]
# By name, the shares that are designed and those by which units are assigned.
DESIGNS: dict[str, tuple[Shares, Shares]] = {
    "50/50, as designed": ((0.5, 0.5), (0.5, 0.5)),
    "90/10, as designed": ((0.9, 0.1), (0.9, 0.1)),
    "five equal arms, as designed": ((0.2,) * 5, (0.2,) * 5),
    "52/48 in place of 50/50": ((0.5, 0.5), (0.52, 0.48)),
    "51/49 in place of 50/50": ((0.5, 0.5), (0.51, 0.49)),
}
QUERY = "select value as p_value, status = 'fail' as is_alarm from health_sample_ratio"


def alarms(
    models: Sequence[Model],
    random: np.random.Generator,
    count: int,
    designed: Shares,
    drawn: Shares,
) -> np.ndarray:
    """Draw counts of units by some shares; say of each experiment whether there is an alarm."""
    units = random.multinomial(UNITS, drawn, size=count)
    names = experiment_names(count)
    arms = [f"arm {number}" for number in range(len(designed))]
    variation = np.tile(np.arange(len(arms)), count)
    variations = pa.table(
        {
            "experiment_id": labels(np.repeat(np.arange(count), len(arms)), names),
            "variation_id": labels(variation, arms),
            "variation_name": labels(variation, arms),
            "traffic_share": np.tile(designed, count),
            "unit_count": units.ravel(),
        }
    )
    experiments = pa.table({"experiment_id": names, "experiment_name": names})
    tables = {"dim_variations": [variations], "dim_experiments": [experiments]}
    found = run(models, tables, QUERY)
    return np.where(found["p_value"].isna(), np.nan, found["is_alarm"])


def check_sample_ratio(models: Sequence[Model], simulations: int) -> list[Check]:
    """Check false alarms, and that power is what theory says of Pearson's test."""
    checks = []
    for name, (designed, drawn) in DESIGNS.items():
        random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
        found = alarms(models, random, simulations, designed, drawn)
        band = two_sided(ALPHA if designed == drawn else power(drawn[0]), simulations)
        checks.append(check_rate(ALARMS, f"{name}, {UNITS:,} units", found, band))
    return checks


def power(share: float) -> float:
    """Work out exactly how often Pearson's test of 50/50 gives an alarm."""
    count = np.arange(UNITS + 1)
    is_alarm = stats.chi2.sf((count - UNITS / 2) ** 2 / (UNITS / 4), 1) < ALPHA
    return float(stats.binom.pmf(count, UNITS, share)[is_alarm].sum())
