"""Comparisons at the edge of what can be said: a number is right, or null with a reason."""

from fractions import Fraction

import numpy as np
import pytest
from engine.warehouse import Warehouse
from scipy import stats
from statistics_models import Arm, StatisticsModels, Test, results, treatment_row

MARGIN = {"is_guardrail": True, "non_inferiority_margin": 0.05}
# No significant gain, but no loss of 30 % of the reference's value either.
FEW = np.repeat([1.0, 0.0], [3, 47])
NOTHING_OF_FIFTY = np.zeros(50)
FEW_MARGIN = {"is_guardrail": True, "non_inferiority_margin": 0.3}
NOBODY = np.zeros(0)
NOTHING = np.zeros(10)
# As many as the 30 beside which it stands, so that a constant is believed.
NOTHING_OF_MANY = np.zeros(30)
ONE_OF_TEN = np.array([1.0, *[0.0] * 9])
NEARLY_ALL = np.array([0.0, *[1.0] * 29])
# Decimals that add up to 0, and as doubles don't.
AROUND_ZERO = np.array([-0.1, -0.7, 0.7, 0.1])
FIVES = np.random.default_rng(20200914).normal(5, 1, 99)
KNOWN = Arm(
    observation=np.array([3.75, 0, 6.75]),
    denominator=np.array([2.0, 0, 2]),
    covariate=np.array([1.0, 2, 4]),
    covariate_denominator=np.ones(3),
)
UNDIVIDED = Arm(np.array([1.0, 2]), NOTHING[:2], None, np.array([5.0, 3]), np.ones(2))
RATIO = {"is_ratio": True}
CUPED_RATIO = {"is_ratio": True, "has_covariate": True}


def pair(
    name: str, control: Arm | np.ndarray, treatment: Arm | np.ndarray, **metric: object
) -> Test:
    """Make an experiment of two arms."""
    arms = {"control": control, "treatment": treatment}
    return Test(
        name,
        {side: arm if isinstance(arm, Arm) else Arm(arm) for side, arm in arms.items()},
        metric,
    )


TESTS = [
    pair("perhaps less", ONE_OF_TEN, NOTHING, **MARGIN),
    pair("surely less", NEARLY_ALL, NOTHING_OF_MANY, **MARGIN),
    pair("surely fewer faults", NEARLY_ALL, NOTHING_OF_MANY, **MARGIN, direction="decrease"),
    pair("far fewer faults", FEW, NOTHING_OF_FIFTY, **FEW_MARGIN, direction="decrease"),
    pair("constant", np.full(9, 0.1), np.full(9, 0.1)),
    pair("around zero", AROUND_ZERO, ONE_OF_TEN),
    pair(
        "over around zero",
        Arm(ONE_OF_TEN[:4], AROUND_ZERO),
        Arm(ONE_OF_TEN[:4], np.ones(4)),
        **RATIO,
    ),
    pair("far off", np.array([*FIVES, 1e12]), FIVES),
    pair("tiny", FIVES * 1e-12, (FIVES + 1) * 1e-12),
    pair("known and undivided", KNOWN, UNDIVIDED, **CUPED_RATIO),
    pair("undivided and known", UNDIVIDED, KNOWN, **CUPED_RATIO),
    pair("nobody and undivided", NOBODY, UNDIVIDED, **RATIO),
]
ARMS = {test.name: test.arms for test in TESTS}


@pytest.fixture(scope="module")
def found(statistics_models: StatisticsModels) -> Warehouse:
    """Run the models by the default settings."""
    return statistics_models.run(TESTS)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("perhaps less", "inconclusive"),
        ("far fewer faults", "not_harmed"),
        ("surely less", "harmed"),
        ("surely fewer faults", "not_harmed"),
    ],
)
def test_nothing_at_all_has_no_relative_interval(found: Warehouse, name: str, verdict: str) -> None:
    """By the delta method it would reach from -100 % to -100 %; the absolute one is the guard."""
    nothing = treatment_row(found, name)
    assert (nothing["status"], nothing["relative_lift"]) == ("ok", -1)
    assert [nothing[f"relative_lift_{end}"] for end in ("std_error", "ci_low", "ci_high")] == [
        None
    ] * 3
    assert [nothing[f"sequential_relative_ci_{end}"] for end in ("low", "high")] == [None] * 2
    assert "The variation has the value 0" in nothing["status_reason"]
    assert "too near 0" not in nothing["status_reason"]
    control, treatment = (ARMS[name][side].observation for side in ("control", "treatment"))
    expected = stats.ttest_ind(treatment, control, equal_var=False)
    assert nothing["p_value"] == pytest.approx(expected.pvalue, rel=1e-9)
    assert nothing["guardrail_verdict"] == verdict


def test_a_relative_posterior_of_nothing_at_all_is_null(
    statistics_models: StatisticsModels,
) -> None:
    """There is no lift of -100 % without any doubt."""
    nothing = treatment_row(
        statistics_models.run(TESTS[:1], bayesian_scale="relative"), "perhaps less"
    )
    assert [nothing[column] for column in ("posterior_lift", "chance_to_win", "risk")] == [None] * 3


def test_constants_have_no_interval_by_fieller(statistics_models: StatisticsModels) -> None:
    """Nor has any other where nothing varies."""
    constant = treatment_row(statistics_models.run(TESTS, relative_interval="fieller"), "constant")
    assert (constant["status"], constant["relative_lift"]) == ("zero_variance", 0)
    assert [value for name, value in constant.items() if "_ci_" in name and value is not None] == []


def test_what_adds_up_to_zero_is_zero(found: Warehouse) -> None:
    """What rounding leaves of it would be the size of a relative lift of 1e16."""
    around = treatment_row(found, "around zero")
    assert (around["status"], around["relative_lift"]) == ("zero_reference", None)
    assert "has the value 0" in around["status_reason"]
    assert treatment_row(found, "over around zero")["status"] == "zero_denominator"


def test_a_relative_error_keeps_its_digits_beside_a_giant(found: Warehouse) -> None:
    """A lift of nearly -100 % leaves little of 1 + lift."""
    control, treatment = (ARMS["far off"][side].observation for side in ("control", "treatment"))
    old, new = control.mean(), treatment.mean()
    own, other = (arm.var(ddof=1) / len(arm) for arm in (treatment, control))
    expected = np.sqrt(own + (new / old) ** 2 * other) / old
    assert treatment_row(found, "far off")["relative_lift_std_error"] == pytest.approx(
        expected, rel=1e-9, abs=0
    )


def test_a_posterior_keeps_its_digits_beside_a_far_prior(
    statistics_models: StatisticsModels,
) -> None:
    """The prior says 1, the data 1e-12."""
    prior = {"bayesian_prior": "absolute", "bayesian_prior_mean": 1, "bayesian_prior_sd": 1}
    tiny = treatment_row(statistics_models.run(TESTS, **prior), "tiny")
    noise = Fraction(tiny["absolute_lift_std_error"]) ** 2
    expected = (Fraction(tiny["absolute_lift"]) + noise) / (1 + noise)
    assert tiny["posterior_lift"] == pytest.approx(float(expected), rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["known and undivided", "undivided and known"])
def test_the_value_beside_none_is_not_adjusted(found: Warehouse, name: str) -> None:
    """CUPED compares two values; where one of them is missing, the other is the plain one."""
    plain, adjusted = (treatment_row(found, name, estimator) for estimator in ("raw", "cuped"))
    for column in ("status", "metric_value", "reference_metric_value"):
        assert adjusted[column] == plain[column]


def test_statuses_are_those_of_the_first_rule(found: Warehouse) -> None:
    """An empty reference goes before denominators of 0, as documented."""
    assert treatment_row(found, "nobody and undivided")["status"] == "empty_variation"


def test_a_first_conversion_is_no_sign_for_ever(statistics_models: StatisticsModels) -> None:
    """The delta method takes one of 350 for a sure loss, where the absolute test sees none."""
    conversions = {
        "control": (np.repeat([1.0, 0.0], [12, 338]), np.repeat([1.0, 0.0], [200, 3800])),
        "treatment": (np.repeat([1.0, 0.0], [1, 349]), np.repeat([1.0, 0.0], [210, 3790])),
    }
    days = range(2)
    tests = [
        Test(f"rare{suffix}", {side: Arm(units[day]) for side, units in conversions.items()})
        for day, suffix in [(1, ""), *((day, f", day {day}") for day in days)]
    ]
    connection = statistics_models.run(tests)
    statistics_models.split(connection)
    first, last = sorted(
        (
            row
            for row in results(connection, "experiment_results_by_day")
            if (row["experiment_id"], row["variation_id"]) == ("rare", "treatment")
        ),
        key=lambda row: row["as_of_date"],
    )
    assert first["sequential_ci_low"] < 0 < first["sequential_ci_high"]
    assert first["sequential_relative_ci_low"] is None
    assert last["sequential_relative_ci_low"] < last["relative_lift"]
    assert last["sequential_relative_ci_high"] > last["relative_lift"]
