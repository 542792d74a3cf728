"""The test of the sample ratio: false alarms and power, from counts alone."""

import zlib

import duckdb
import numpy as np
import pyarrow as pa
from scipy import stats

from calibration.bands import Check, check_rate, two_sided
from calibration.chain import Project
from calibration.simulate import SEED

ALPHA = 0.001
ALARMS = "Sample ratio: share of alarms, p below 0.001"
UNITS = 20_000
# Pearson's statistic and its p-value by the project's macro.
QUERY = """
with

tested as (
    select
        experiment,
        sum((unit_count - total * share) * (unit_count - total * share) / (total * share))
            as statistic,
        cast(count(*) - 1 as double) as df
    from counts
    group by experiment
)

select {{ chi_square_sf('statistic', 'df') }} as p_value
from tested
order by experiment
"""


def sample_ratio_p_values(
    sql: str, random: np.random.Generator, simulations: int, shares: list[float], drawn: list[float]
) -> np.ndarray:
    """Draw counts of units by some shares, and test whether they fit others."""
    counts = random.multinomial(UNITS, drawn, size=simulations)
    table = pa.table(
        {
            "experiment": np.repeat(np.arange(simulations), len(shares)),
            "unit_count": counts.ravel().astype(float),
            "share": np.tile(shares, simulations),
            "total": np.full(counts.size, float(UNITS)),
        }
    )
    with duckdb.connect() as connection:
        connection.register("counts", table)
        return connection.sql(sql).df()["p_value"].to_numpy()


def check_sample_ratio(project: Project, simulations: int) -> list[Check]:
    """Check false alarms, and that power is what theory says of Pearson's test."""
    sql = project.query(QUERY)
    designs = {
        "50/50, as designed": ([0.5, 0.5], [0.5, 0.5]),
        "90/10, as designed": ([0.9, 0.1], [0.9, 0.1]),
        "five equal arms, as designed": ([0.2] * 5, [0.2] * 5),
        "52/48 in place of 50/50": ([0.5, 0.5], [0.52, 0.48]),
        "51/49 in place of 50/50": ([0.5, 0.5], [0.51, 0.49]),
    }
    checks = []
    for name, (shares, drawn) in designs.items():
        random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
        p_values = sample_ratio_p_values(sql, random, simulations, shares, drawn)
        band = two_sided(ALPHA if shares == drawn else power(drawn[0]), simulations)
        subject = f"{name}, {UNITS:,} units"
        checks.append(check_rate(ALARMS, subject, p_values < ALPHA, band))
    return checks


def power(share: float) -> float:
    """Work out exactly how often Pearson's test of 50/50 gives an alarm."""
    count = np.arange(UNITS + 1)
    is_alarm = stats.chi2.sf((count - UNITS / 2) ** 2 / (UNITS / 4), 1) < ALPHA
    return float(stats.binom.pmf(count, UNITS, share)[is_alarm].sum())
