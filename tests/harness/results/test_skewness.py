"""Lifts of skewed values between variations of unequal size: corrected, or not tested at all."""

import duckdb
import numpy as np
import pytest
from calibration.chain import MOMENTS
from engine.warehouse import Warehouse
from scipy import stats
from skewness import Corrected, corrected_welch, lift_skewness
from statistics_models import Arm, StatisticsModels, Test, treatment_row

RANDOM = np.random.default_rng(20200914)
TESTED = ("p_value", "absolute_lift_ci_low", "absolute_lift_ci_high")
EVERY_NUMBER = (
    *TESTED,
    *("adjusted_p_value", "relative_lift_ci_low", "relative_lift_ci_high"),
    *("sequential_p_value", "sequential_ci_low", "sequential_relative_ci_low"),
    *("chance_to_win", "risk", "posterior_ci_low", "minimum_detectable_effect", "target_power"),
)


def conversions(successes: int, units: int) -> Arm:
    """Give units of whom so many converted."""
    return Arm(np.repeat([1.0, 0.0], [successes, units - successes]))


def shoppers(count: int) -> Arm:
    """Draw skewed revenue, orders, and some of each before the exposure."""
    wealth = RANDOM.lognormal(0, 0.7, count)
    revenue = RANDOM.gamma(0.8, 9 * wealth)
    return Arm(
        revenue,
        1.0 + RANDOM.poisson(2 * wealth),
        capped_observation=np.minimum(revenue, 40),
        covariate=RANDOM.gamma(2, 5 * wealth),
        covariate_denominator=1.0 + RANDOM.poisson(2 * wealth),
    )


ARMS = {"control": shoppers(1500), "treatment": shoppers(120)}


def plain(arm: Arm) -> Arm:
    """Give the same units without denominators."""
    return Arm(arm.observation, capped_observation=arm.capped_observation, covariate=arm.covariate)


PLAIN = {name: plain(arm) for name, arm in ARMS.items()}
SKEWED = {
    "18 of 900 against none": ((0, 100), (18, 900)),
    "none of 100 against 18": ((18, 900), (0, 100)),
    "50 of 50 against 850 of 900": ((850, 900), (50, 50)),
    "100 of 5000 against none": ((0, 50), (100, 5000)),
    # No skewness, and no spread in the smaller variation.
    "5 of 5 against 50 of 100": ((50, 100), (5, 5)),
    "2 of 2 against 49 of 98": ((49, 98), (2, 2)),
}
GUARDRAIL = {"is_guardrail": True, "non_inferiority_margin": 0.05}
TESTS = [
    Test("mean", PLAIN, {"has_cap": True, "has_covariate": False}),
    Test("cuped", PLAIN, {"has_covariate": True}),
    Test("ratio", ARMS, {"is_ratio": True, "has_covariate": True}),
    *(
        Test(name, {"control": conversions(*old), "treatment": conversions(*new)}, GUARDRAIL)
        for name, (old, new) in SKEWED.items()
    ),
    Test("as many", {"control": conversions(0, 500), "treatment": conversions(18, 500)}),
]


@pytest.fixture(scope="module")
def found(statistics_models: StatisticsModels) -> Warehouse:
    """Run the models by the default settings."""
    return statistics_models.run(TESTS)


def linear(above: str, below: str) -> dict[str, np.ndarray]:
    """Give each unit's part in a ratio, y - R d over the mean of all d, with R of all units."""
    parts = {
        name: (getattr(arm, above), getattr(arm, below, np.ones(1))) for name, arm in ARMS.items()
    }
    ratio = sum(y.sum() for y, _ in parts.values()) / sum(d.sum() for _, d in parts.values())
    mean = np.concatenate([d for _, d in parts.values()]).mean()
    return {name: (y - ratio * d) / mean for name, (y, d) in parts.items()}


def expected_lift(name: str, estimator: str) -> tuple[dict[str, np.ndarray], float]:
    """Give the values that are compared, and the skewness of their lift by its own definition."""
    if name != "ratio":
        column = "capped_observation" if estimator == "capped" else "observation"
        values = {side: getattr(arm, column) for side, arm in PLAIN.items()}
        covariates = {side: arm.covariate for side, arm in PLAIN.items()}
    else:
        values = linear("observation", "denominator")
        covariates = linear("covariate", "covariate_denominator")
    if estimator == "cuped":
        y, x = (np.concatenate([*each.values()]) for each in (values, covariates))
        theta = np.cov(y, x)[0, 1] / x.var(ddof=1)
        values = {side: values[side] - theta * covariates[side] for side in values}
    return values, lift_skewness(values["treatment"], values["control"])


@pytest.mark.parametrize(
    ("name", "estimator"),
    [
        *(("mean", "raw"), ("mean", "capped"), ("cuped", "raw"), ("cuped", "cuped")),
        *(("ratio", "raw"), ("ratio", "cuped")),
    ],
)
def test_the_skewness_is_that_of_the_values(found: Warehouse, name: str, estimator: str) -> None:
    """Of the units of both variations; of a ratio's linear form, and of what cuped leaves."""
    _, skewness = expected_lift(name, estimator)
    assert abs(skewness) > 0.05
    assert treatment_row(found, name, estimator)["lift_skewness"] == pytest.approx(
        skewness, rel=1e-9
    )


@pytest.mark.parametrize("estimator", ["raw", "capped"])
def test_a_skewed_lift_is_corrected(found: Warehouse, estimator: str) -> None:
    """p-value and interval are those of Welch's t, transformed; the interval is its exact dual."""
    values, _ = expected_lift("mean", estimator)
    expected: Corrected = corrected_welch(values["treatment"], values["control"])
    ours = treatment_row(found, "mean", estimator)
    assert ours["status"] == "ok"
    assert ours["p_value"] == pytest.approx(expected.p_value, rel=1e-9)
    assert ours["absolute_lift_ci_low"] == pytest.approx(expected.low, rel=1e-9)
    assert ours["absolute_lift_ci_high"] == pytest.approx(expected.high, rel=1e-9)
    welch = stats.ttest_ind(values["treatment"], values["control"], equal_var=False).pvalue
    assert ours["p_value"] != pytest.approx(welch, rel=0.01)


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.001])
def test_an_interval_leaves_out_0_where_the_p_value_says_so(
    statistics_models: StatisticsModels, alpha: float
) -> None:
    """The p-value at the end of an interval is alpha: shift the values until an end is 0."""
    values, _ = expected_lift("mean", "raw")
    ours = treatment_row(statistics_models.run(TESTS[:1], alpha=alpha), "mean")
    for end in ("low", "high"):
        shifted = values["treatment"] - ours[f"absolute_lift_ci_{end}"]
        skewness = ours["lift_skewness"]
        at_the_end = corrected_welch(shifted, values["control"], skewness=skewness)
        assert at_the_end.p_value == pytest.approx(alpha, rel=1e-8)


@pytest.mark.parametrize("name", SKEWED)
def test_what_is_too_skewed_has_no_number(found: Warehouse, name: str) -> None:
    """The lift is there, nothing that is said of it, and why; a guardrail of it is not judged."""
    ours = treatment_row(found, name)
    (old_count, old_units), (new_count, new_units) = SKEWED[name]
    assert ours["status"] == "skewed_lift"
    assert ours["absolute_lift"] == pytest.approx(new_count / new_units - old_count / old_units)
    assert [column for column in EVERY_NUMBER if ours[column] is not None] == []
    assert (ours["guardrail_verdict"], ours["sequential_guardrail_verdict"]) == (None, None)
    assert "smaller" in ours["status_reason"]


def test_as_many_units_need_no_correction(found: Warehouse) -> None:
    """Where the variations are of one size, Welch's test is right."""
    ours = treatment_row(found, "as many")
    control, treatment = (TESTS[-1].arms[side].observation for side in ("control", "treatment"))
    welch = stats.ttest_ind(treatment, control, equal_var=False).pvalue
    assert (ours["status"], ours["lift_skewness"]) == ("zero_reference", pytest.approx(0))
    assert ours["p_value"] == pytest.approx(welch, rel=1e-9)


def test_both_may_be_switched_off(statistics_models: StatisticsModels) -> None:
    """By vars: then what is said is Welch's, right or wrong."""
    off = {"skewness_correction": False, "lift_skewness_limit": 1e9}
    database = statistics_models.run(TESTS, **off)
    name = "none of 100 against 18"
    treatment, control = np.zeros(100), np.repeat([1.0, 0.0], [18, 882])
    welch = stats.ttest_ind(treatment, control, equal_var=False).pvalue
    assert treatment_row(database, name)["p_value"] == pytest.approx(welch, rel=1e-9)
    values, _ = expected_lift("mean", "raw")
    welch = stats.ttest_ind(values["treatment"], values["control"], equal_var=False).pvalue
    assert treatment_row(database, "mean")["p_value"] == pytest.approx(welch, rel=1e-9)


def test_the_moments_of_the_last_day_are_those_of_the_whole(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    """Merged from spans of days, third moments are those of all units at once."""
    columns = [name for name in MOMENTS if name.endswith(("_third_moment", "_coskew"))]
    pairs = sample.execute(f"""
        select
            {", ".join(f"days.{name}, whole.{name}" for name in columns)}
        from variation_moments as days
        inner join variation_moments as whole
            using (experiment_id, metric_name, variation_id, is_capped, as_of_date, unit_count)
        where days.slice_type = 'day' and whole.slice_type = 'experiment'
    """).fetchall()
    assert len(pairs) > 30
    compared = 0
    for pair in pairs:
        for day, whole in zip(pair[::2], pair[1::2], strict=True):
            assert day == (None if whole is None else pytest.approx(whole, rel=1e-9, abs=1e-12))
            compared += whole is not None
    assert compared > 100
