"""Welch's test corrected for skewness, from the values themselves and by numerical inversion."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats


@dataclass(frozen=True)
class Corrected:
    """What the test says of a lift."""

    skewness: float
    p_value: float
    low: float
    high: float


def lift_skewness(treatment: np.ndarray, control: np.ndarray) -> float:
    """Give the skewness of the difference of two means, if all units are of one population."""
    n, m = len(treatment), len(control)
    unit = stats.skew(np.concatenate([treatment, control]))
    return float(unit * (1 / n**2 - 1 / m**2) / (1 / n + 1 / m) ** 1.5)


def corrected_t(t: float, skewness: float) -> float:
    """Give Hall's transformation of a t statistic."""
    if skewness == 0:
        return t
    return ((1 + skewness * t / 3) ** 3 - 1) / skewness + skewness / 6


def corrected_welch(
    treatment: np.ndarray,
    control: np.ndarray,
    *,
    alpha: float = 0.05,
    skewness: float | None = None,
) -> Corrected:
    """Test the difference of two means; of a ratio or an adjusted value, with a skewness given."""
    welch = stats.ttest_ind(treatment, control, equal_var=False)
    if skewness is None:
        skewness = lift_skewness(treatment, control)
    lift = treatment.mean() - control.mean()
    error = lift / welch.statistic
    limit = stats.t.isf(alpha / 2, welch.df)

    def inverse(wanted: float) -> float:
        return optimize.brentq(
            lambda t: corrected_t(t, skewness) - wanted, -1e3, 1e3, xtol=1e-14, rtol=1e-14
        )

    return Corrected(
        skewness,
        float(2 * stats.t.sf(abs(corrected_t(float(welch.statistic), skewness)), welch.df)),
        float(lift - inverse(limit) * error),
        float(lift - inverse(-limit) * error),
    )
