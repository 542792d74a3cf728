"""What a measured rate may be: bands that a right program leaves once in a thousand times."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.999
KS_LIMIT = 0.001
# Of numbers that are measured to be known, where nothing is promised.
NO_BAND = (0.0, 1.0)


@dataclass(frozen=True)
class Check:
    """Something measured, and between what it should lie."""

    section: str
    subject: str
    simulations: int
    measured: float
    low: float
    high: float
    is_rate: bool = True
    beside: tuple[tuple[str, float], ...] = ()
    """What is told beside it: names and rates."""

    @property
    def holds(self) -> bool:
        """Say whether the measured number is in its band; one that isn't there is in none."""
        return self.low <= self.measured <= self.high

    @property
    def is_judged(self) -> bool:
        """Say whether there is a band."""
        return (self.low, self.high) != NO_BAND


def two_sided(rate: float, simulations: int) -> tuple[float, float]:
    """Give the band of a rate that should be this."""
    low, high = stats.binom.interval(LEVEL, simulations, rate)
    return float(low) / simulations, float(high) / simulations


def at_most(rate: float, simulations: int) -> tuple[float, float]:
    """Give the band of a rate that should be no more than this."""
    return 0.0, float(stats.binom.ppf(LEVEL, simulations, rate)) / simulations


def at_least(rate: float, simulations: int) -> tuple[float, float]:
    """Give the band of a rate that should be no less than this."""
    return 1 - at_most(1 - rate, simulations)[1], 1.0


def check_rate(
    section: str, subject: str, happened: np.ndarray, band: tuple[float, float]
) -> Check:
    """Compare how often something happened with its band."""
    return Check(section, subject, len(happened), float(np.mean(happened)), *band)


def check_uniform(section: str, subject: str, p_values: np.ndarray) -> Check:
    """Compare p-values with the uniform distribution (Kolmogorov-Smirnov)."""
    fit = stats.kstest(p_values, "uniform")
    low, high = KS_LIMIT, 1.0
    return Check(section, subject, len(p_values), float(fit.pvalue), low, high, is_rate=False)
