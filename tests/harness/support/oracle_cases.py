"""Worked cases of other libraries, as tests of the models: their data, and what of theirs is ours.

A case names what its library made of the data. Each of these numbers is compared with a column of
experiment_results, or with what follows from its columns, or it has a reason why it is not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import stats
from statistics_models import Arm, Test

Case = Mapping[str, object]
Row = Mapping[str, object]


@dataclass(frozen=True)
class Found:
    """What the models made of a case: its result, and the estimates of its two arms."""

    row: Row
    control: Row
    treatment: Row

    def error_parts(self) -> list[float]:
        """Give the variance of each arm's value."""
        return [side["variance"] / side["unit_count"] for side in (self.control, self.treatment)]


Term = str | Callable[[Found], float]

# No library corrects its tests for skewness.
WELCH: dict[str, object] = {"skewness_correction": False}
# One run of the models for each of these settings.
SETTINGS: dict[str, dict[str, object]] = {
    "default": {},
    "wide": {"alpha": 0.1, "sequential_target_units": 20000},
    "strict": {"alpha": 0.01},
    "strict_power": {"alpha": 0.01, "power": 0.9},
    "relative_flat": {
        "bayesian_scale": "relative",
        "relative_interval": "fieller",
        "p_value_adjustment": "holm",
    },
    "relative_prior": {
        # r = 4 for 200 units: the mixture of the msprt cases.
        "sequential_target_units": 50 * (-2 * np.log(0.05) + np.log(1 - 2 * np.log(0.05))),
        "bayesian_scale": "relative",
        "bayesian_prior": "relative",
        "bayesian_prior_mean": 0.05,
        "bayesian_prior_sd": 0.1,
    },
    "wide_prior": {"bayesian_scale": "relative", "bayesian_prior": "relative"},
    "absolute_prior": {"bayesian_scale": "absolute", "bayesian_prior": "relative"},
}

ABSOLUTE: dict[str, Term] = {
    "control_mean": "reference_metric_value",
    "treatment_mean": "metric_value",
    "estimate": "absolute_lift",
    "std_error": "absolute_lift_std_error",
    "ci_low": "absolute_lift_ci_low",
    "ci_high": "absolute_lift_ci_high",
    "df": "degrees_of_freedom",
    "p_value": "p_value",
    "statistic": lambda found: found.row["absolute_lift"] / found.row["absolute_lift_std_error"],
}
RELATIVE: dict[str, Term] = {
    "estimate": "relative_lift",
    "std_error": "relative_lift_std_error",
    "ci_low": "relative_lift_ci_low",
    "ci_high": "relative_lift_ci_high",
    "df": "degrees_of_freedom",
}
# Of a negative control we take the size, so that an increase is positive.
MIRRORED: dict[str, Term] = {
    **RELATIVE,
    "estimate": lambda found: -found.row["relative_lift"],
    "ci_low": lambda found: -found.row["relative_lift_ci_high"],
    "ci_high": lambda found: -found.row["relative_lift_ci_low"],
}
TEA_TASTING: dict[str, Term] = {
    "control": "reference_metric_value",
    "treatment": "metric_value",
    "effect_size": "absolute_lift",
    "effect_size_ci_lower": "absolute_lift_ci_low",
    "effect_size_ci_upper": "absolute_lift_ci_high",
    "rel_effect_size": "relative_lift",
    "pvalue": "p_value",
    "statistic": ABSOLUTE["statistic"],
}
POSTERIOR: dict[str, Term] = {
    "chance_to_win": "chance_to_win",
    "estimate": "posterior_lift",
    "std_error": "posterior_std_error",
    "ci_low": "posterior_ci_low",
    "ci_high": "posterior_ci_high",
    "risk_control": "reference_risk",
    "risk_treatment": "risk",
}
SEQUENTIAL: dict[str, Term] = {
    "estimate": "absolute_lift",
    "std_error": "absolute_lift_std_error",
    "ci_low": "sequential_ci_low",
    "ci_high": "sequential_ci_high",
    "p_value": "sequential_p_value",
}
SEQUENTIAL_RELATIVE: dict[str, Term] = {
    "estimate": "relative_lift",
    "std_error": "relative_lift_std_error",
}

RELATIVE_P = "the library tests the relative lift; the p-value is always that of the absolute one"
LOG_SCALE = "the library's relative interval is on the log scale; ours is the delta method's"
AS_KNOWN = "the library divides the absolute interval by the control's mean as if that were known"
PLAIN_BASE = "relative to the control's value before the adjustment, which does not move with it"
POOLED_Z = "a z-test with pooled variance; a conversion is a mean like any other to us"
CORRECTED = "with a correction for continuity, which we don't make"
SUMS_OF_SQUARES = "sums of squares lose every digit of the variance at 1e12"
GIVEN = "given, not computed"
SMALLER_BY_1_N = "the library's variance is (n-1)/n of ours, its degrees of freedom those of values"
FIELLER = "the library's is by the delta method, which may leave out 0 where the p-value has doubts"
NEAR_ZERO = "the control is less than 4 standard errors from 0: ours is Fieller's"
NO_NUMBER = "no number, but a status"


@dataclass
class Expectation:
    """A case as the models see it, and which of its numbers is what."""

    tests: dict[str, Test]
    terms: Mapping[str, Term]
    reasons: Mapping[str, str] = field(default_factory=dict)
    estimator: str = "raw"
    status: str = "ok"


def units(case: Case) -> dict[str, Arm]:
    """Give the arms of a case that lists its units."""
    data = case["input"]
    if "cn" in data:
        return {name: _ratio_arm(data, name[0]) for name in ("control", "treatment")}
    arms = {}
    for name in ("control", "treatment"):
        covariate = data.get(f"{name}_x")
        arms[name] = Arm(
            np.array(data[name], float),
            covariate=None if covariate is None else np.array(covariate, float),
        )
    return arms


def _ratio_arm(data: Mapping[str, list[float]], side: str) -> Arm:
    columns = {
        "observation": "n",
        "denominator": "d",
        "covariate": "nx",
        "covariate_denominator": "dx",
    }
    return Arm(**{name: np.array(data[side + end], float) for name, end in columns.items()})


def summary(case: Case) -> dict[str, object]:
    """Give the arms of a case that lists counts, or its moments where there are too many units."""
    data = case["input"]
    sides = {name: dict(data[name]) for name in ("control", "treatment")}
    for side in sides.values():
        if "successes" in side:
            share = side["successes"] / side["n"]
            side["mean"] = share
            side["var"] = share * (1 - share) * side["n"] / (side["n"] - 1)
    if max(side["n"] for side in sides.values()) > 100_000:
        return {"arms": {}, "moments": {name: _moments(side) for name, side in sides.items()}}
    return {"arms": {name: _spread(side) for name, side in sides.items()}}


def _moments(side: Mapping[str, float]) -> dict[str, float]:
    return {
        "unit_count": side["n"],
        "observation_sum": side["n"] * side["mean"],
        "observation_mean": side["mean"],
        "observation_variance": side["var"],
    }


def _spread(side: Mapping[str, float]) -> Arm:
    """Give units with this mean and variance, or with this many successes."""
    count = side["n"]
    if "successes" in side:
        return Arm((np.arange(count) < side["successes"]).astype(float))
    half = np.sqrt(side["var"] * (count - 1) / count)
    return Arm(np.where(np.arange(count) % 2 == 0, side["mean"] - half, side["mean"] + half))


def design(case: Case) -> dict[str, object]:
    """Give units of a planned test: the effect is the target lift of 5 % of their mean."""
    data = case["input"]
    if "n" in data:
        count = data["n"] // 2
        sides = [(count, data["mean"], data["var"])] * 2
    elif "mde" in data:
        sides = [(1000, data["mde"] / 0.05, data["var"])] * 2
    else:
        count = data["nobs_control"]
        mean = data.get("effect_size", 1) / 0.05
        sides = [(count, mean, 1.0), (round(count * data["ratio"]), mean, 1.0)]
    keys = ("n", "mean", "var")
    arms = [_spread(dict(zip(keys, side, strict=True))) for side in sides]
    return {"arms": dict(zip(("control", "treatment"), arms, strict=True))}


def delta_interval(case: Case, alpha: float = 0.05) -> tuple[float, float]:
    """Work out our relative interval: the delta method with Welch's degrees of freedom."""
    sides = []
    for name in ("control", "treatment"):
        data = case["input"][name]
        if isinstance(data, dict):
            sides.append((data["mean"], data["var"] / data["n"], data["n"]))
        else:
            sides.append((np.mean(data), np.var(data, ddof=1) / len(data), len(data)))
    (mean, error, count), (other_mean, other_error, other_count) = sides
    spread = (error + other_error) ** 2
    df = spread / (error**2 / (count - 1) + other_error**2 / (other_count - 1))
    lift = (other_mean - mean) / abs(mean)
    deviation = np.sqrt(other_error / mean**2 + error * other_mean**2 / mean**4)
    reach = stats.t.isf(alpha / 2, df) * deviation
    return lift - reach, lift + reach
