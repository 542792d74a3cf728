"""The special functions against scipy, known values and their own properties.

The grids are wide on purpose: what the functions promise holds everywhere, not only where
experiments usually are. docs/statistics/special_functions.md has the errors measured here.
"""

import json
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from conftest import PROJECT_ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from special_functions import (
    EXPRESSIONS,
    KNOWN_VALUES,
    QUERIES,
    SpecialFunctions,
    argument_names,
)

ORACLE_CASES = PROJECT_ROOT.parent / "shared" / "statistics" / "oracle_cases.json"
FUNCTIONS = (*EXPRESSIONS, *QUERIES)
PROBABILITIES = tuple(name for name in FUNCTIONS if name.endswith(("_sf", "_cdf", "_p")))
# Beyond it a double may be infinite after all.
LARGEST = 1.7e308
Grid = tuple[np.ndarray, ...]

properties = settings(max_examples=10, deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> SpecialFunctions:
    """Give the functions as DuckDB computes them."""
    return SpecialFunctions(tmp_path_factory.mktemp("special_functions"))


def log_uniform(low: float, high: float, count: int, seed: int = 0) -> np.ndarray:
    """Draw numbers from 10^low to 10^high."""
    return 10 ** np.random.default_rng(seed).uniform(low, high, count)


def crossed(*axes: np.ndarray) -> Grid:
    """Pair every number of an axis with every number of the others."""
    return tuple(axis.ravel() for axis in np.meshgrid(*axes))


def normal_grid() -> Grid:
    """Give z from -30 to 30, and close to 0."""
    small = log_uniform(-300, 0, 500)
    return (np.concatenate([np.linspace(-30, 30, 6001), small, -small]),)


def tail_grid() -> Grid:
    """Give tail probabilities from 1e-300 to 1 - 1e-15."""
    lower = 10 ** np.linspace(-300, -0.31, 3000)
    upper = 1 - 10 ** np.linspace(-15, -0.31, 1000)
    return (np.concatenate([lower, np.linspace(0.001, 0.999, 999), upper]),)


def student_t_grid() -> Grid:
    """Give df from 1 to 2e12 with t to 6e7, as far as p is more than 1e-290."""
    df = np.concatenate(
        [[1, 1.01, 1.5, 2, 2.2, 3, 5, 10, 30, 100, 1e3, 1e5, 2e12], log_uniform(0, 12.3, 40)]
    )
    t = np.concatenate(
        [[0, 1, 1.96, 36, 6e7], log_uniform(-12, -2, 20), log_uniform(-2, 7.78, 120, seed=1)]
    )
    # Tails of every df, from p near 1 to p near 1e-290.
    exponents, tail_df = crossed(np.linspace(0.01, 660, 60), df)
    tails = np.sqrt(tail_df * np.expm1(np.minimum(2 * exponents / tail_df, 36)))
    t, df = (np.concatenate(both) for both in zip(crossed(t, df), (tails, tail_df), strict=True))
    is_covered = (t <= 6e7) & (stats.t.logsf(t, df) > np.log(0.5e-290))
    return t[is_covered], df[is_covered]


def quantile_grid() -> Grid:
    """Give two-sided alphas from 1e-100 to 0.999999 with df from 1 to 2e12."""
    alpha = np.concatenate(
        [[0.5, 0.1, 0.05, 0.01], 10 ** np.linspace(-100, -0.31, 80), 1 - log_uniform(-6, -0.3, 30)]
    )
    df = np.concatenate(
        [[1, 1.0001, 1.2, 1.5, 2, 2.2, 3, 5, 10, 100, 1e4, 2e12], log_uniform(0, 12.3, 60)]
    )
    return crossed(alpha, df)


def chi_square_grid() -> Grid:
    """Give df from 1 to 50 with x from 0, as far as the result is more than 1e-290."""
    x = np.concatenate([[0], log_uniform(-300, 0, 100), np.linspace(0.01, 1600, 500)])
    x, df = crossed(x, np.arange(1.0, 51))
    is_covered = stats.chi2.sf(x, df) > 1e-290
    return x[is_covered], df[is_covered]


def student_t_p(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Give the two-sided p-value; scipy's loses digits at df = 1, which has a closed form."""
    return np.where(df == 1, 2 / np.pi * np.arctan2(1, t), 2 * stats.t.sf(t, df))


class Accuracy(NamedTuple):
    """What a function promises: on the grid, within the tolerance of the reference."""

    function: str
    grid: Callable[[], Grid]
    reference: Callable[..., np.ndarray]
    tolerance: float


ACCURACIES = (
    Accuracy("normal_sf", normal_grid, stats.norm.sf, 1e-12),
    Accuracy("normal_cdf", normal_grid, stats.norm.cdf, 1e-12),
    Accuracy("normal_two_sided_p", normal_grid, lambda z: 2 * stats.norm.sf(abs(z)), 1e-12),
    Accuracy("normal_pdf", normal_grid, stats.norm.pdf, 1e-12),
    Accuracy("normal_isf", tail_grid, stats.norm.isf, 1e-12),
    Accuracy(
        "mills",
        lambda: (np.linspace(0, 38, 4001),),
        lambda x: special.erfcx(x / np.sqrt(2)) / 2,
        2e-15,
    ),
    Accuracy(
        "gamma_ratio",
        lambda: (np.linspace(0.5, 20, 1000),),
        lambda a: special.gamma(a + 0.5) / special.gamma(a + 1),
        1e-14,
    ),
    Accuracy("student_t_two_sided_p", student_t_grid, student_t_p, 1e-11),
    Accuracy(
        "student_t_two_sided_quantile",
        quantile_grid,
        lambda alpha, df: stats.t.isf(alpha / 2, df),
        1e-9,
    ),
    Accuracy("chi_square_sf", chi_square_grid, stats.chi2.sf, 1e-11),
)


def relative_errors(values: np.ma.MaskedArray, expected: np.ndarray) -> np.ndarray:
    """Give the relative errors; where 0 is expected, the absolute ones."""
    assert not np.ma.is_masked(values)
    return abs(values - expected) / np.where(expected == 0, 1, abs(expected))


@pytest.mark.parametrize("accuracy", ACCURACIES, ids=lambda accuracy: accuracy.function)
def test_function_agrees_with_scipy(functions: SpecialFunctions, accuracy: Accuracy) -> None:
    """A function has the promised accuracy on the whole grid."""
    grid = accuracy.grid()
    errors = relative_errors(functions(accuracy.function, *grid), accuracy.reference(*grid))
    worst = np.argmax(errors)
    where = {
        name: float(column[worst])
        for name, column in zip(argument_names(accuracy.function), grid, strict=True)
    }
    print(f"{accuracy.function}: {errors.max():.1e} on {len(errors)} points, at {where}")
    assert errors.max() < accuracy.tolerance, f"worst at {where}"


@pytest.mark.parametrize("function", KNOWN_VALUES)
def test_function_gives_known_values(functions: SpecialFunctions, function: str) -> None:
    """A function gives the numbers that were computed in high precision."""
    *arguments, expected = np.array(KNOWN_VALUES[function]).T
    assert relative_errors(functions(function, *arguments), expected).max() < 2.5e-13


@pytest.mark.parametrize(
    ("case", "function"), [("dist_norm_isf", "normal_isf"), ("dist_chi2_sf", "chi_square_sf")]
)
def test_function_agrees_with_the_worked_cases(
    functions: SpecialFunctions, case: str, function: str
) -> None:
    """A function gives the numbers of the worked cases, which aren't part of the project."""
    if not ORACLE_CASES.is_file():
        pytest.skip(f"the worked cases aren't there: {ORACLE_CASES}")
    worked = worked_case(ORACLE_CASES, case)
    arguments = [worked["input"][name] for name in argument_names(function)]
    (expected,) = worked["expected"].values()
    tolerance = worked["tol"]
    np.testing.assert_allclose(
        functions(function, *arguments), expected, rtol=tolerance["rel"], atol=tolerance["abs"]
    )


def rising(start: Fraction, count: int) -> Fraction:
    """Multiply start (start + 1) (start + 2) ..., as many as counted."""
    return math.prod((start + step for step in range(count)), start=Fraction(1))


def half_power_of_sinh(count: int) -> list[Fraction]:
    """Expand (s / sinh s)^(1/2), s = x/2, in powers of x^2, by the power rule for series."""
    series = [Fraction(1, math.factorial(2 * k + 1) * 4**k) for k in range(count)]
    power = [Fraction(1)]
    for n in range(1, count):
        terms = ((Fraction(k, 2) - n) * series[k] * power[n - k] for k in range(1, n + 1))
        power.append(sum(terms, start=Fraction(0)) / n)
    return power


def test_expansion_is_exact(functions: SpecialFunctions) -> None:
    """The coefficients of Student's t are their definitions: no grid sees the last ones change."""
    half = Fraction(1, 2)
    c = half_power_of_sinh(5)
    integral = [c[k] * rising(half, 2 * k) for k in range(5)]
    tails = [[rising(half, 2 * k) / rising(half, j + 1) for j in range(2 * k)] for k in range(5)]
    assert functions.coefficients("sinh_expansion") == [float(number) for number in c]
    assert functions.coefficients("sinh_expansion_integral") == [float(term) for term in integral]
    assert functions.coefficients("sinh_expansion_tails") == tails


def worked_case(path: Path, case: str) -> dict:
    """Read one of the worked cases."""
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return next(worked for worked in cases if worked["id"] == case)


def is_in_domain(function: str, arguments: Sequence[float | None]) -> bool:  # noqa: PLR0911
    """Say whether a function is defined for the arguments."""
    if None in arguments or not np.all(np.isfinite(np.array(arguments, dtype=float))):
        return False
    if max(map(abs, arguments)) > LARGEST:
        return False
    first, *rest = arguments
    match function:
        case "normal_isf":
            return 0 < first < 1
        case "student_t_two_sided_p":
            return abs(first) <= 1e150 and rest[0] >= 1
        case "student_t_two_sided_quantile":
            return 1e-100 <= first <= 0.999999 and rest[0] >= 1
        case "chi_square_sf":
            return first >= 0 and rest[0] in range(1, 51)
        case _:
            return True


# Every double, and those that matter more often than chance would have it.
anything = st.one_of(
    st.none(),
    st.floats(),
    st.floats(0, 1),
    st.floats(1, 60),
    st.integers(1, 50).map(float),
    st.sampled_from([0.0, -0.0, 5e-324, 1e-310, 1e-300, 1e-100, 1 - 1e-15, 37.1, 38.6, 1380.0]),
)
arguments_lists = st.lists(st.tuples(anything, anything), min_size=1, max_size=60)


@pytest.mark.parametrize(
    "function", [name for name in FUNCTIONS if name not in ("mills", "gamma_ratio")]
)
@given(rows=arguments_lists)
@properties
def test_no_argument_gives_an_error_or_nan(
    functions: SpecialFunctions, function: str, rows: list[tuple[float | None, ...]]
) -> None:
    """Any row gives a number in its range, and null where it is out of the domain."""
    rows = [row[: len(argument_names(function))] for row in rows]
    values = functions(function, *zip(*rows, strict=True))
    for row, value in zip(rows, values.tolist(), strict=True):
        if not is_in_domain(function, row):
            assert value is None, row
        elif function in PROBABILITIES or function == "normal_pdf":
            assert 0 <= value <= 1, row
        else:
            assert np.isfinite(value), row


def test_values_at_the_middle_are_exact(functions: SpecialFunctions) -> None:
    """No effect at all has p = 1, and the middle of the normal distribution is 0."""
    assert functions("normal_two_sided_p", [0.0]).tolist() == [1]
    assert functions("normal_isf", [0.5]).tolist() == [0]
    assert functions("chi_square_sf", [0.0] * 3, [1.0, 2.0, 49.0]).tolist() == [1, 1, 1]
    assert functions("student_t_two_sided_p", [0.0] * 3, [1.0, 2.5, 1e9]).tolist() == [1, 1, 1]


def test_tails_end_in_zero(functions: SpecialFunctions) -> None:
    """What is too small for a double is 0."""
    assert functions("normal_sf", [38.0, 1e10, 1e308]).tolist() == [0, 0, 0]
    assert functions("normal_sf", [-38.0, -1e10, -1e308]).tolist() == [1, 1, 1]
    assert functions("student_t_two_sided_p", [39.0, 1e150], [1e12, 5.0]).tolist() == [0, 0]
    assert functions("chi_square_sf", [1700.0, 1e308], [50.0, 1.0]).tolist() == [0, 0]


@given(z=st.lists(st.floats(-40, 40), min_size=1))
@properties
def test_normal_distribution_is_symmetric(functions: SpecialFunctions, z: list[float]) -> None:
    """Both tails are the same, and add up to 1 with the middle."""
    size = np.array(z)
    above, below = functions("normal_sf", size), functions("normal_cdf", size)
    assert (above == functions("normal_cdf", -size)).all()
    assert (2 * np.minimum(above, below) == functions("normal_two_sided_p", size)).all()
    assert (functions("normal_pdf", size) == functions("normal_pdf", -size)).all()
    assert abs(above + below - 1).max() < 2.3e-16


@given(t=st.lists(st.floats(-1e8, 1e8), min_size=1), df=st.floats(1, 1e6))
@properties
def test_student_t_is_symmetric(functions: SpecialFunctions, t: list[float], df: float) -> None:
    """A p-value doesn't know the sign of t."""
    size, repeated = np.array(t), np.full(len(t), df)
    p = functions("student_t_two_sided_p", size, repeated)
    assert (p == functions("student_t_two_sided_p", -size, repeated)).all()


def never_rises(values: np.ndarray) -> bool:
    """Say whether values fall or stay, but for rounding."""
    return bool((values[1:] <= values[:-1] * (1 + 1e-12)).all())


@given(x=st.lists(st.floats(0, 1500), min_size=2), df=st.integers(1, 50))
@properties
def test_tails_fall(functions: SpecialFunctions, x: list[float], df: int) -> None:
    """Tails fall with the statistic; with df, those of t fall and those of chi-square rise."""
    ordered, repeated = np.sort(x), np.full(len(x), float(df))
    each_df = np.arange(1.0, 51)
    assert never_rises(functions("normal_sf", ordered - 700))
    assert never_rises(functions("chi_square_sf", ordered, repeated))
    assert never_rises(functions("student_t_two_sided_p", ordered, repeated))
    assert never_rises(functions("student_t_two_sided_p", np.full(50, x[0]), each_df))
    assert never_rises(functions("chi_square_sf", np.full(50, x[0]), each_df)[::-1])


@given(exponents=st.lists(st.floats(-100, -1e-5), min_size=1), df=st.floats(1, 1e6))
@properties
def test_quantiles_invert_tails(
    functions: SpecialFunctions, exponents: list[float], df: float
) -> None:
    """The tail beyond a quantile is the probability that it was made from."""
    p, repeated = 10 ** np.array(exponents), np.full(len(exponents), df)
    z = functions("normal_isf", p)
    t = functions("student_t_two_sided_quantile", p, repeated)
    assert relative_errors(functions("normal_sf", z), p).max() < 1e-11
    assert relative_errors(functions("student_t_two_sided_p", t, repeated), p).max() < 1e-11


@given(z=st.lists(st.floats(0, 36), min_size=1))
@properties
def test_distributions_agree_where_they_meet(functions: SpecialFunctions, z: list[float]) -> None:
    """Chi-square with 1 or 2 degrees of freedom and t with 1 or 1e18 are known distributions."""
    size, ones = np.array(z), np.ones(len(z))
    normal = functions("normal_two_sided_p", size)
    cauchy = 2 / np.pi * np.arctan2(1, size)
    square, half_square = size * size, size * size / 2
    close = {"rtol": 1e-12}
    np.testing.assert_allclose(functions("chi_square_sf", square, ones), normal, **close)
    np.testing.assert_allclose(
        functions("chi_square_sf", square, 2 * ones), np.exp(-half_square), **close
    )
    np.testing.assert_allclose(functions("student_t_two_sided_p", size, ones), cauchy, **close)
    np.testing.assert_allclose(
        functions("student_t_two_sided_p", size, 1e18 * ones), normal, **close
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_arguments_may_be_any_expression(functions: SpecialFunctions, function: str) -> None:
    """An argument that is a sum is taken as one."""
    arguments = [[0.25, 0.75, 3.0], [1.0, 7.0, 12.0]][: len(argument_names(function))]
    plain = functions(function, *arguments)
    assert functions(function, *arguments, compound=True).tolist() == plain.tolist()


def test_columns_that_queries_refuse_are_their_own(functions: SpecialFunctions) -> None:
    """Every name that a query uses for itself is refused, and no other."""
    made = set()
    for function in QUERIES:
        names, refused = functions.own_columns(function)
        made |= names
    assert made == refused


@pytest.mark.parametrize("function", QUERIES)
def test_queries_keep_the_columns_and_every_row(functions: SpecialFunctions, function: str) -> None:
    """A query gives the columns that it is told to keep, then the result, for each row."""
    rows = functions.rows(function, [0.5, 0.5, None, 0.5], [3.0, 3.0, 3.0, 0.5])
    assert [row[:3] for row in rows] == [
        (0, 0.5, 3.0),
        (1, 0.5, 3.0),
        (2, None, 3.0),
        (3, 0.5, 0.5),
    ]
    assert [row[3] is None for row in rows] == [False, False, True, True]
