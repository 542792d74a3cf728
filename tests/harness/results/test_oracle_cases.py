"""The worked cases of other libraries, run through the project's own models."""

import json
import math
from collections.abc import Iterator, Mapping

import pytest
from conftest import PROJECT_ROOT
from oracle_cases import SETTINGS, WELCH, Case, Expectation, Found, delta_interval
from oracle_families import NOT_OURS, expectation
from scipy import stats
from statistics_models import StatisticsModels, results

FILE = PROJECT_ROOT.parent / "shared" / "statistics" / "oracle_cases.json"
REL_TOLERANCE = 1e-9
Results = dict[tuple[str, str], dict[str, Found]]


def _cases() -> dict[str, Case]:
    if not FILE.is_file():
        return {}
    cases = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in cases if case["family"] not in NOT_OURS}


CASES = _cases()
EXPECTATIONS = {name: expectation(case) for name, case in CASES.items()}
if not CASES:
    pytestmark = pytest.mark.skip(reason=f"the worked cases aren't there: {FILE}")


@pytest.fixture(scope="module")
def found(statistics_models: StatisticsModels) -> Results:
    """Run the models once per settings on all cases that take them."""
    everything: Results = {}
    for settings, vars_ in SETTINGS.items():
        tests = [each.tests[settings] for each in EXPECTATIONS.values() if settings in each.tests]
        with statistics_models.run(tests, **vars_, **WELCH) as connection:
            rows = results(connection)
            estimates = {
                (row["metric_name"], row["variation_id"], row["estimator"]): row
                for row in results(connection, "variation_estimates")
            }
        for row in rows:
            if row["variation_id"] == "treatment":
                base = "raw" if row["estimator"] == "cuped" else row["estimator"]
                sides = [
                    estimates.get((row["metric_name"], name, base), {})
                    for name in ("control", "treatment")
                ]
                per_estimator = everything.setdefault((settings, row["metric_name"]), {})
                per_estimator[row["estimator"]] = Found(row, *sides)
    return everything


def _of(found: Results, name: str) -> Found:
    expected = EXPECTATIONS[name]
    (settings,) = expected.tests
    return found[settings, name][expected.estimator]


def _close(ours: object, theirs: float, tolerance: Mapping[str, float]) -> bool:
    return ours is not None and math.isclose(
        ours,
        theirs,
        rel_tol=max(tolerance["rel"], REL_TOLERANCE),
        # Differences of large numbers have no digits left where they come to nothing.
        abs_tol=max(tolerance["abs"], 1e-15),
    )


def _compared(case: Case, expected: Expectation) -> Iterator[tuple[str, float]]:
    for key, theirs in case["expected"].items():
        if key == "error" or key in expected.reasons:
            continue
        assert key in expected.terms, f"{key} is neither compared nor given a reason"
        yield key, theirs


ONE_ROW = [name for name, each in EXPECTATIONS.items() if len(each.tests) == 1]


@pytest.mark.parametrize("name", ONE_ROW)
def test_case_agrees(found: Results, name: str) -> None:
    """Each number of the library that is ours is in experiment_results; each other has a reason."""
    case, expected = CASES[name], EXPECTATIONS[name]
    ours = _of(found, name)
    assert ours.row["status"] == expected.status, ours.row["status_reason"]
    for key, theirs in _compared(case, expected):
        term = expected.terms[key]
        value = ours.row[term] if isinstance(term, str) else term(ours)
        assert _close(value, theirs, case["tol"]), f"{key}: {value} is not {theirs}"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["role"] == "edge"])
def test_edge_gives_null_and_a_reason(found: Results, name: str) -> None:
    """Where a library gives zeros, NaN or infinity, there is nothing, and why."""
    row = _of(found, name).row
    has_test = row["status"] == "zero_reference"
    for column in ("p_value", "absolute_lift_ci_low", "sequential_p_value", "chance_to_win"):
        assert (row[column] is not None) == (has_test and row[column] is not None), column
    assert (row["p_value"] is not None) == has_test
    assert row["relative_lift_ci_low"] is None
    assert (row["absolute_lift"] is None) == (
        row["status"] not in ("zero_variance", "zero_reference")
    )
    assert row["status_reason"]
    assert not [column for column, value in row.items() if value in (math.inf, -math.inf)]


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name]["family"] == "relative_ci"])
def test_relative_interval_is_the_delta_methods(found: Results, name: str) -> None:
    """Where a library has another relative interval, ours is that of our definition."""
    row = _of(found, name).row
    if row["status"] == "ok":
        low, high = delta_interval(CASES[name])
        assert row["relative_lift_ci_low"] == pytest.approx(low, rel=REL_TOLERANCE)
        assert row["relative_lift_ci_high"] == pytest.approx(high, rel=REL_TOLERANCE)


@pytest.mark.parametrize("name", [name for name in CASES if "huge_values" in name])
def test_huge_values_keep_their_digits(found: Results, name: str) -> None:
    """Values near 1e12 that differ by little have Welch's test all the same."""
    data = CASES[name]["input"]
    welch = stats.ttest_ind(data["treatment"], data["control"], equal_var=False)
    assert _of(found, name).row["p_value"] == pytest.approx(welch.pvalue, rel=REL_TOLERANCE)


@pytest.mark.parametrize("name", [name for name in CASES if "negative" in name])
def test_negative_reference_is_said(found: Results, name: str) -> None:
    """An increase is positive, and the row says that its reference is negative."""
    row = _of(found, name).row
    assert row["is_reference_negative"]
    assert "negative" in row["status_reason"]
    assert (row["relative_lift"] > 0) == (row["absolute_lift"] > 0)


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name]["family"] == "quantile"])
def test_quantiles_are_the_order_statistics(found: Results, name: str) -> None:
    """The value is one of the values: that of the rank that the library reads."""
    order = CASES[name]["input"]["order_stats"]
    row = _of(found, name).row
    assert row["reference_metric_value"] == order["c"]["q_hat"]
    assert row["metric_value"] == order["t"]["q_hat"]


@pytest.mark.parametrize(
    ("name", "settings", "method"),
    [
        (name, settings, method)
        for name in CASES
        if CASES[name]["family"] == "multiple_testing"
        for settings, method in (("default", "fdr_bh"), ("relative_flat", "holm"))
        if method in CASES[name]["expected"]
    ],
)
def test_p_values_are_adjusted(found: Results, name: str, settings: str, method: str) -> None:
    """Adjusted p-values are those of the library, ties and zeros among them."""
    theirs = CASES[name]["expected"][method]
    test = EXPECTATIONS[name].tests[settings]
    for metric_name, expected in zip(test.metric_names(), theirs, strict=True):
        row = found[settings, metric_name]["raw"].row
        assert row["adjusted_p_value"] == pytest.approx(expected, rel=1e-12, abs=0)
        assert row["is_significant"] == (expected < 0.05)
