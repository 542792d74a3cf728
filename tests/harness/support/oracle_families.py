"""Which numbers of a worked case are ours, family by family."""

from collections.abc import Callable

import numpy as np
from oracle_cases import (
    ABSOLUTE,
    AS_KNOWN,
    CORRECTED,
    FIELLER,
    GIVEN,
    LOG_SCALE,
    MIRRORED,
    NEAR_ZERO,
    NO_NUMBER,
    PLAIN_BASE,
    POOLED_Z,
    POSTERIOR,
    RELATIVE,
    RELATIVE_P,
    SEQUENTIAL,
    SEQUENTIAL_RELATIVE,
    SMALLER_BY_1_N,
    SUMS_OF_SQUARES,
    TEA_TASTING,
    Case,
    Expectation,
    Found,
    design,
    summary,
    units,
)
from scipy import stats
from statistics_models import Arm, Test

NOT_OURS = {
    "srm": "a check of experiment_health",
    "srm_sequential": "a check of experiment_health",
    "dist": "the special functions have tests of their own",
    "poststrat": "there is no post-stratified estimator",
}
EDGES = {
    "n1_treatment": "too_few_units",
    "empty_treatment": "empty_variation",
    "zero_var_same": "zero_variance",
    "zero_var_diff": "zero_variance",
    "all_zero": "zero_variance",
    "zero_control_mean": "zero_reference",
    "ratio_zero_denom": "zero_denominator",
    "prop_welch_zero_both": "zero_variance",
    "prop_welch_all_succ": "zero_variance",
    "gb_prop_zero_c": "zero_reference",
}


def _test(case: Case, **metric: object) -> Test:
    kind = case["input"]["kind"]
    shape = {"summary": summary, "design": design}.get(kind, lambda case: {"arms": units(case)})
    return Test(case["id"], metric=metric, **shape(case))


def _log_scale(case: Case) -> dict[str, str]:
    ends = ("rel_effect_size_ci_lower", "rel_effect_size_ci_upper")
    return dict.fromkeys([end for end in ends if end in case["expected"]], LOG_SCALE)


def edge(case: Case) -> Expectation:
    """Expect a status instead of the library's zeros and NaNs."""
    status = EDGES[case["input"].get("dataset", case["id"])]
    is_ratio = "cn" in case["input"]
    reasons = dict.fromkeys(case["expected"], NO_NUMBER)
    return Expectation({"default": _test(case, is_ratio=is_ratio)}, {}, reasons, status=status)


def welch_abs(case: Case) -> Expectation:
    """Expect Welch's test."""
    if case["role"] == "differs":
        reasons = dict.fromkeys(case["expected"], SUMS_OF_SQUARES)
        return Expectation({"default": _test(case)}, {}, reasons)
    name = {0.05: "default", 0.1: "wide"}[case["params"]["alpha"]]
    return Expectation({name: _test(case)}, ABSOLUTE)


def relative_ci(case: Case) -> Expectation:
    """Expect the absolute part to agree; the test itself works out the relative interval."""
    if case["library"] == "tea-tasting":
        return Expectation({"default": _test(case)}, TEA_TASTING, _log_scale(case))
    relative = MIRRORED if case["input"]["dataset"] == "negative" else RELATIVE
    terms = {"estimate": relative["estimate"], "p_value": "p_value"}
    reasons = dict.fromkeys(("ci_low", "ci_high"), AS_KNOWN)
    return Expectation({"default": _test(case)}, terms, reasons)


def relative_delta(case: Case) -> Expectation:
    """Expect the interval by the delta method."""
    terms = MIRRORED if case["input"]["dataset"] == "negative" else RELATIVE
    reasons = {"p_value": RELATIVE_P}
    if case["input"]["dataset"] == "zeros_inflated":
        reasons |= dict.fromkeys(("ci_low", "ci_high"), NEAR_ZERO)
    return Expectation({"default": _test(case)}, terms, reasons)


def relative_fieller(case: Case) -> Expectation:
    """Expect Fieller's interval."""

    def g(found: Found) -> float:
        row = found.row
        reach = row["absolute_lift_ci_high"] - row["absolute_lift"]
        t_squared = (reach / row["absolute_lift_std_error"]) ** 2
        return t_squared * found.error_parts()[0] / row["reference_metric_value"] ** 2

    terms = MIRRORED if case["input"]["dataset"] == "negative" else RELATIVE
    return Expectation({"relative_flat": _test(case)}, {**terms, "g": g})


def proportion(case: Case) -> Expectation:
    """Expect the estimates, and Wald's interval from our variances; z-tests are not ours."""
    tests = {"default": _test(case)}
    if case["id"] == "sp_chi2_huge":
        return Expectation(tests, ABSOLUTE)

    def wald(sign: int) -> Callable[[Found], float]:
        def bound(found: Found) -> float:
            sides = zip(found.error_parts(), (found.control, found.treatment), strict=True)
            variance = sum(
                part * (side["unit_count"] - 1) / side["unit_count"] for part, side in sides
            )
            return found.row["absolute_lift"] + sign * stats.norm.isf(0.025) * np.sqrt(variance)

        return bound

    terms = {
        **{key: TEA_TASTING[key] for key in ("control", "treatment", "effect_size")},
        "rel_effect_size": "relative_lift",
        "estimate": "absolute_lift",
        "wald_ci_low": wald(-1),
        "wald_ci_high": wald(1),
    }
    reason = CORRECTED if case["role"] == "differs" else POOLED_Z
    return Expectation(tests, terms, {key: reason for key in case["expected"] if key not in terms})


def ratio(case: Case) -> Expectation:
    """Expect the delta method's variance of a ratio."""
    tests = {"default": _test(case, is_ratio=True)}
    if "relative" in case["id"]:
        return Expectation(tests, RELATIVE, {"p_value": RELATIVE_P})
    return Expectation(tests, ABSOLUTE)


def cuped(case: Case) -> Expectation:
    """Expect CUPED with one slope for both arms."""
    tests = {"default": _test(case, is_ratio="cn" in case["input"], has_covariate=True)}
    if case["library"] == "tea-tasting":
        reasons = {**_log_scale(case), "rel_effect_size": PLAIN_BASE}
        terms = {key: term for key, term in TEA_TASTING.items() if key not in reasons}
        return Expectation(tests, terms, reasons, estimator="cuped")
    is_relative = "rel" in case["id"]
    terms = {**(RELATIVE if is_relative else ABSOLUTE), "theta": "cuped_theta"}
    reasons = {"p_value": RELATIVE_P} if is_relative else {}
    if case["role"] == "differs":
        different = ("std_error", "ci_low", "ci_high")
        reasons |= dict.fromkeys(different, "divides by the control's mean as if that were known")
        terms = {key: term for key, term in terms.items() if key not in different}
    return Expectation(tests, terms, reasons, estimator="cuped")


def winsor(case: Case) -> Expectation:
    """Expect the means of what is capped; the caps themselves are made and tested elsewhere."""
    reasons = dict.fromkeys(("cap_low", "cap_high"), "made by metric_caps, " + GIVEN)
    test = _test(case, has_cap=True)
    for arm in test.arms.values():
        arm.capped_observation = np.minimum(arm.observation, case["expected"]["cap_high"])
    return Expectation({"default": test}, ABSOLUTE, reasons, estimator="capped")


def quantile(case: Case) -> Expectation:
    """Expect the order statistics, and the library's variance from ours."""
    is_event = case["input"]["kind"].startswith("events")
    metric = {"is_quantile": True, "quantile_level": case["params"]["q"]}
    test = Test(case["id"], _quantile_arms(case), {**metric, "is_event_quantile": is_event})
    counts = [len(case["input"][name]) for name in ("control", "treatment")]

    def variance(found: Found, side: int) -> float:
        return found.error_parts()[side] * (counts[side] - 1)

    def error(found: Found) -> float:
        parts = [variance(found, side) / counts[side] for side in (0, 1)]
        value, base = found.row["metric_value"], found.row["reference_metric_value"]
        if is_relative:
            return np.sqrt(parts[1] / base**2 + parts[0] * value**2 / base**4)
        return np.sqrt(sum(parts))

    is_relative = case["id"].endswith("relative")
    terms = {
        "estimate": "relative_lift" if is_relative else "absolute_lift",
        "std_error": error,
        "var_control": lambda found: variance(found, 0),
        "var_treatment": lambda found: variance(found, 1),
    }
    reasons = dict.fromkeys(("ci_low", "ci_high", "df", "p_value"), SMALLER_BY_1_N)
    return Expectation({"default": test}, terms, reasons)


def _quantile_arms(case: Case) -> dict[str, Arm]:
    arms = {}
    for name in ("control", "treatment"):
        values = np.array(case["input"][name], float)
        if values.ndim > 1:
            arms[name] = Arm(values[:, 1], unit=values[:, 0].astype(int))
        else:
            arms[name] = Arm(values)
    return arms


def power(case: Case) -> Expectation:
    """Expect power and sizes by the normal distribution."""
    name = {(0.05, 0.8): "default", (0.01, 0.8): "strict", (0.01, 0.9): "strict_power"}[
        case["params"]["alpha"], case["params"].get("power", case["input"].get("power", 0.8))
    ]
    terms = {"power": "target_power", "total": "required_unit_count"}
    if "effect_size" not in case["input"] and "rel_effect_size" not in case["input"]:
        terms["effect_size"] = "minimum_detectable_effect"
    reasons = dict.fromkeys(("effect_size", "rel_effect_size", "n_obs"), GIVEN)
    reasons = {key: reason for key, reason in reasons.items() if key not in terms}
    reasons["effect_size_t"] = "the same by the t distribution"
    return Expectation({name: _test(case)}, terms, reasons)


def sequential(case: Case) -> Expectation:
    """Expect the always-valid test."""
    params = case["params"]
    name = {(0.05, 5000): "default", (0.1, 20000): "wide"}[params["alpha"], params["tuning"]]
    if params["difference"] == "absolute":
        return Expectation({name: _test(case)}, SEQUENTIAL)
    ends = dict.fromkeys(("ci_low", "ci_high"), FIELLER)
    return Expectation({name: _test(case)}, SEQUENTIAL_RELATIVE, {"p_value": RELATIVE_P, **ends})


def msprt(case: Case) -> Expectation:
    """Expect the mixture's likelihood ratio: of 200 units whose lift has the given variance."""
    data = case["input"]
    side = {"n": 100, "var": data["variance"] * 50}
    data = {"control": {**side, "mean": 1.0}, "treatment": {**side, "mean": 1 + data["estimate"]}}
    test = Test(case["id"], **summary({"input": data}))
    return Expectation({"relative_prior": test}, {key: SEQUENTIAL[key] for key in case["expected"]})


def bayes(case: Case) -> Expectation:
    """Expect the posterior, with the prior and on the scale of the case."""
    prior = case["params"]["prior"]
    if case["params"]["difference"] == "absolute":
        name = "absolute_prior"
    else:
        name = {None: "relative_flat", 0.0: "wide_prior", 0.05: "relative_prior"}[
            prior and prior["mean"]
        ]
    direction = "decrease" if case["params"]["inverse"] else "increase"
    return Expectation({name: _test(case, direction=direction)}, POSTERIOR)


def z_abs(case: Case) -> Expectation:
    """Expect the z-test: with a flat prior the posterior's interval and tails are its own."""
    terms: dict[str, object] = {key: POSTERIOR[key] for key in ("estimate", "ci_low", "ci_high")}
    terms["p_value"] = lambda found: (
        2 * min(found.row["chance_to_win"], 1 - found.row["chance_to_win"])
    )
    return Expectation({"default": _test(case)}, terms)


def multiple_testing(case: Case) -> Expectation:
    """Expect adjusted p-values, of p-values that are put in place of those that the models made."""
    arms = {"control": Arm(np.array([0.0, 1, 2])), "treatment": Arm(np.array([1.0, 2, 4]))}
    test = Test(case["id"], arms, p_values=tuple(case["input"]["p"]))
    others = [key for key in case["expected"] if key not in ("fdr_bh", "holm")]
    reasons = dict.fromkeys(others, "not among our adjustments")
    return Expectation({"default": test, "relative_flat": test}, {}, reasons)


FAMILIES: dict[str, Callable[[Case], Expectation]] = {
    "welch_abs": welch_abs,
    "relative_ci": relative_ci,
    "relative_delta": relative_delta,
    "relative_fieller": relative_fieller,
    "proportion": proportion,
    "proportion_as_mean": edge,
    "ratio": ratio,
    "cuped_mean": cuped,
    "cuped_ratio": cuped,
    "cuped_relative": cuped,
    "winsor": winsor,
    "quantile": quantile,
    "power": power,
    "sequential": sequential,
    "msprt": msprt,
    "bayes": bayes,
    "z_abs": z_abs,
    "multiple_testing": multiple_testing,
}


def expectation(case: Case) -> Expectation:
    """Say how a case is tested."""
    return edge(case) if case["role"] == "edge" else FAMILIES[case["family"]](case)
