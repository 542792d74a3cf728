"""The numbers of the health checks against scipy, numpy and the worked cases.

Each model reads tables that the test fills, with an experiment per case, in one database.
"""

import json
import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from calibration.chain import MOMENTS
from compiled import CompiledProject
from conftest import PROJECT_ROOT
from engine.warehouse import Rows, Warehouse
from scipy import stats
from skewness import corrected_welch, lift_skewness

CASES = PROJECT_ROOT.parent / "shared" / "statistics" / "oracle_cases.json"
CONCENTRATION = 10_000

VARIATIONS = "experiment_id varchar, variation_name varchar, traffic_share double"
SCHEMAS = {
    "dim_experiments": "experiment_id varchar, experiment_name varchar, first_exposed_at timestamp,"
    " last_exposed_at timestamp, as_of_at timestamp default '2020-09-20'",
    "dim_variations": f"{VARIATIONS}, experiment_name varchar, unit_count bigint,"
    " variation_id varchar, is_reference_variation boolean",
    "reference_variations": "experiment_id varchar, reference_variation_id varchar,"
    " reference_variation_count bigint",
    "experiment_units": "experiment_id varchar, unit_id varchar, variation_id varchar",
    "unit_segments": "experiment_id varchar, unit_id varchar, segment_name varchar,"
    " segment_value varchar",
    "variation_unit_days": f"{VARIATIONS}, variation_id varchar, exposed_date date,"
    " cumulative_unit_count bigint, total_unit_count bigint",
    "variation_visitor_counts": "experiment_id varchar, variation_id varchar,"
    " visitor_count bigint, bot_count bigint, excluded_visitor_count bigint",
    "variation_event_repeats": "experiment_id varchar, variation_id varchar, unit_count bigint,"
    " repeating_unit_count bigint",
    "exposure_row_counts": "experiment_id varchar, variation_id varchar, row_count bigint,"
    " rejected_row_count bigint, visitor_count bigint, duplicated_visitor_count bigint",
    "dim_metrics": "metric_name varchar, has_covariate boolean, is_ratio boolean, has_cap boolean,"
    " is_quantile boolean, is_guardrail boolean, direction varchar, non_inferiority_margin double",
    "used_metrics": "experiment_id varchar, metric_name varchar, is_primary boolean",
    "variation_moments": "experiment_id varchar, metric_name varchar, variation_id varchar,"
    " is_capped boolean, slice_type varchar default 'experiment',"
    " segment_name varchar default '(all)', segment_value varchar default '(all)',"
    " as_of_date date default '2020-09-20', unit_count bigint, observation_sum double,"
    f" denominator_sum double, {', '.join(f'{name} double' for name in MOMENTS)}",
    "fct_metric_observations": "experiment_id varchar, metric_name varchar, variation_id varchar,"
    " unit_id varchar, covariate_denominator double",
    "quantile_estimates": "experiment_id varchar, metric_name varchar, variation_id varchar,"
    " slice_type varchar, segment_name varchar, segment_value varchar, as_of_date date,"
    " unit_count bigint, metric_value double, variance double, tied_share double",
}
# From the moments to the p-values of covariates.
COVARIATE_STEPS = (
    *("linearised_moments", "variation_estimates", "compared_variations", "comparisons"),
    *("pooled_covariates", "covariate_adjustments", "lift_skewness", "variation_pairs"),
    "absolute_lifts",
)
Row = dict[str, object]


class Tables:
    """A database in which models read the test's tables."""

    def __init__(self, project: CompiledProject) -> None:
        """Make the tables, empty."""
        self._project = project
        self._database = Warehouse()
        self._database.create_tables(SCHEMAS)

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows to a table; columns that they lack are null."""
        self._database.insert(table, rows)

    def rows(self, model: str) -> Rows:
        """Run a model and what it reads, but for the test's tables; keep them as tables."""
        self._project.run_on_tables(self._database, model, SCHEMAS)
        return self._database.rows(f"select * from {model}")

    def values(self, model: str) -> dict[object, object]:
        """Run a check; give its value by experiment."""
        return {row["experiment_id"]: row["value"] for row in self.rows(model)}


@pytest.fixture
def tables(health_project: CompiledProject) -> Tables:
    """Give an empty database."""
    return Tables(health_project)


def worked_cases(family: str) -> list[dict]:
    """Read the worked cases of a family."""
    if not CASES.is_file():
        pytest.skip(f"the worked cases aren't there: {CASES}")
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["family"] == family]


# --- sample ratio -------------------------------------------------------------------------------


def add_split(tables: Tables, name: str, counts: Sequence[int], shares: Sequence[float]) -> None:
    """Add an experiment with these units by variation."""
    tables.add("dim_experiments", [{"experiment_id": name}])
    tables.add(
        "dim_variations",
        [
            {
                "experiment_id": name,
                "variation_name": f"v{number:02}",
                "variation_id": f"v{number:02}",
                "unit_count": count,
                "traffic_share": share,
            }
            for number, (count, share) in enumerate(zip(counts, shares, strict=True))
        ],
    )


def chi_square_p(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Test a split by scipy, without continuity correction."""
    taking_part = [(count, share) for count, share in zip(counts, shares, strict=True) if share > 0]
    observed = np.array([count for count, _ in taking_part], dtype=float)
    weights = np.array([share for _, share in taking_part])
    return float(stats.chisquare(observed, observed.sum() * weights / weights.sum()).pvalue)


def test_sample_ratios_are_those_of_the_worked_cases(tables: Tables) -> None:
    """Where a library corrects for continuity, ours is the p-value without."""
    cases = worked_cases("srm")
    for case in cases:
        add_split(tables, case["id"], case["input"]["observed"], case["input"]["weights"])
    tables.rows("sample_ratios")
    values = tables.values("health_sample_ratio")
    assert len(values) == len(cases) > 0
    for case in cases:
        expected, value = case["expected"]["p_value"], values[case["id"]]
        assert value == pytest.approx(
            chi_square_p(case["input"]["observed"], case["input"]["weights"]), rel=1e-9
        )
        is_same = value == pytest.approx(expected, rel=case["tol"]["rel"])
        assert is_same is (case["role"] == "match"), case["id"]


def test_sample_ratios_are_those_of_scipy(tables: Tables) -> None:
    """With two to fifty variations, any shares, some of them 0, and splits near and far."""
    rng = np.random.default_rng(1)
    expected = {}
    for number in range(60):
        size = int(rng.choice([2, 2, 3, 4, 7, 12, 50]))
        shares = rng.choice([0.05, 0.1, 0.5, 1, 9], size).astype(float)
        drawn = rng.multinomial(int(10 ** rng.uniform(1, 8)), shares / shares.sum())
        counts = (drawn * rng.choice([1, 1.01], size)).astype(int)
        counts, shares = [*map(int, counts), 7], [*shares, 0.0]
        add_split(tables, f"{number}", counts, shares)
        expected[f"{number}"] = chi_square_p(counts, shares)
    tables.rows("sample_ratios")
    values = tables.values("health_sample_ratio")
    assert values == {name: pytest.approx(p, rel=1e-9, abs=1e-290) for name, p in expected.items()}


def test_a_split_that_can_not_be_tested_has_no_p_value(tables: Tables) -> None:
    """No units, no shares, one variation, more variations than the test knows: null, never NaN."""
    add_split(tables, "no units", [0, 0], [0.5, 0.5])
    add_split(tables, "no shares", [9, 9], [None, None])
    add_split(tables, "one share", [9, 9], [0.5, None])
    add_split(tables, "zero shares", [9, 9], [0, 0])
    add_split(tables, "many", [9] * 52, [0.01] * 52)
    tables.rows("sample_ratios")
    found = tables.rows("health_sample_ratio")
    assert {row["value"] for row in found} == {None}
    assert all(row["message"].startswith("Not checked") for row in found)
    assert all("two to 51 variations" in row["message"] for row in found)


def test_a_tiny_share_is_tested_by_what_is_certain(tables: Tables) -> None:
    """Of variations that should have fewer than 5 units: never more alarms than the threshold."""
    cases = [(count, expected) for expected in (1e-2, 0.5, 4.9) for count in (0, 1, 2, 5, 9, 20)]
    exact = {}
    for count, expected in cases:
        name, units = f"{count} of {expected}", 10_000
        add_split(tables, name, [units - count, count], [units - expected, expected])
        share = expected / units
        tails = (stats.binom.cdf(count, units, share), stats.binom.sf(count - 1, units, share))
        exact[name] = min(tails)
    add_split(tables, "far off", [6633, 3367], [1, 1e-6])
    add_split(tables, "further", [1, 10**9], [1, 1e-12])
    exact |= {"far off": 0, "further": 0}
    bounds = {row["experiment_id"]: row["tail_bound"] for row in tables.rows("sample_ratios")}
    # Two tails of two variations, and Chernoff's bound in place of each.
    assert all(min(1, 4 * exact[name]) <= bound <= 1 for name, bound in bounds.items())
    statuses = {row["experiment_id"]: row["status"] for row in tables.rows("health_sample_ratio")}
    failing = {name for name, status in statuses.items() if status == "fail"}
    assert failing == {name for name, bound in bounds.items() if bound < 0.001}
    assert {"far off", "further", "5 of 0.01", "20 of 4.9"} <= failing
    assert (statuses["1 of 0.01"], statuses["9 of 4.9"]) == ("warn", "ok")


@pytest.mark.parametrize(
    ("strays", "units", "status"),
    [(0, 1000, "ok"), (1, 1000, "warn"), (5, 10, "warn"), (6, 1000, "fail"), (6, 5994, "warn")],
)
def test_units_where_none_were_planned_are_seen(
    tables: Tables, strays: int, units: int, status: str
) -> None:
    """A handful warns; more than 5 fail, unless they are no more than 1 in 1000."""
    add_split(tables, "two shares", [units // 2, units - units // 2, strays], [0.5, 0.5, 0])
    add_split(tables, "one share", [units, strays], [1, 0])
    tables.rows("sample_ratios")
    found = {row["experiment_id"]: row for row in tables.rows("health_sample_ratio")}
    assert found["two shares"]["status"] == status
    assert found["one share"]["status"] == max(status, "warn", key=["ok", "warn", "fail"].index)
    assert f"{strays} in variations with one of 0" in found["two shares"]["message"]


# --- sequential sample ratio --------------------------------------------------------------------


def add_days(
    tables: Tables, name: str, days: Sequence[Sequence[int]], shares: Sequence[float]
) -> None:
    """Add an experiment with these new units by day and variation."""
    tables.add("dim_experiments", [{"experiment_id": name}])
    sums = np.cumsum(np.array(days, dtype=np.int64), axis=0)
    tables.add(
        "variation_unit_days",
        [
            {
                "experiment_id": name,
                "variation_name": f"v{number}",
                "traffic_share": share,
                "exposed_date": f"2020-09-{day + 1:02}",
                "cumulative_unit_count": int(sums[day][number]),
                "total_unit_count": int(sums[-1][number]),
            }
            for day in range(len(days))
            for number, share in enumerate(shares)
        ],
    )


def log_bayes_factor(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Weigh a Dirichlet about the shares against the shares themselves, by the gamma function."""
    weights = np.array(shares) / sum(shares)
    prior = CONCENTRATION * weights
    gammas = sum(math.lgamma(a + x) - math.lgamma(a) for a, x in zip(prior, counts, strict=True))
    whole = math.lgamma(CONCENTRATION + sum(counts)) - math.lgamma(CONCENTRATION)
    return gammas - whole - sum(x * math.log(w) for x, w in zip(counts, weights, strict=True))


def test_sequential_sample_ratios_are_those_of_the_worked_cases(tables: Tables) -> None:
    """Looked at after each of their days: the smallest until then."""
    expected = {}
    for case in worked_cases("srm_sequential"):
        for day, _ in enumerate(case["expected"]["p_values"]):
            name = f"{case['id']} {day}"
            add_days(tables, name, case["input"]["daily"][: day + 1], case["input"]["weights"])
            smallest = min(case["expected"]["p_values"][: day + 1])
            expected[name] = pytest.approx(smallest, rel=case["tol"]["rel"])
    assert expected
    assert tables.values("health_sequential_sample_ratio") == expected


def test_sequential_sample_ratios_are_those_of_the_gamma_function(tables: Tables) -> None:
    """Two to five variations over some days, with splits near and far."""
    rng = np.random.default_rng(2)
    expected = {}
    for number in range(40):
        size = int(rng.choice([2, 3, 5]))
        shares = rng.choice([0.1, 0.3, 0.5], size)
        skew = shares * rng.choice([1, 1.1, 1.3], size)
        days = rng.multinomial(int(10 ** rng.uniform(1, 4)), skew / skew.sum(), size=4)
        add_days(tables, f"{number}", days, shares)
        factors = [log_bayes_factor(day, shares) for day in np.cumsum(days, axis=0)]
        expected[f"{number}"] = pytest.approx(min(1, math.exp(-max(factors))), rel=1e-7)
    values = tables.values("health_sequential_sample_ratio")
    assert values == expected
    assert min(values.values()) < 1e-6
    assert max(values.values()) == 1


def test_sequential_sample_ratios_of_tiny_shares(tables: Tables) -> None:
    """Where the prior counts of a variation are far below one, as the gamma function has it."""
    expected = {}
    for share in (1e-9, 1e-6, 3e-5, 1e-4, 2e-3):
        for count in (0, 1, 2, 3, 30):
            name, shares, units = f"{count} of {share}", [1, share], [10_000 - count, count]
            add_days(tables, name, [units], shares)
            factor = log_bayes_factor(units, shares)
            expected[name] = pytest.approx(min(1, math.exp(-factor)), rel=1e-7)
    add_days(tables, "far off", [[6633, 3367]], [1, 1e-6])
    expected["far off"] = pytest.approx(math.exp(-690))
    values = tables.values("health_sequential_sample_ratio")
    assert values == expected
    assert values["1 of 0.0001"] == 1


# --- changes of the split -----------------------------------------------------------------------


def test_changes_of_the_split_are_those_of_scipy(tables: Tables) -> None:
    """A variation against all others, before against after: a 2 x 2 table."""
    days = np.array([[300, 290, 60], [250, 310, 50], [10, 12, 40], [100, 4, 3]])
    add_days(tables, "e", days, [0.4, 0.4, None])
    expected = {}
    for day in range(3):
        early, late = days[: day + 1].sum(axis=0), days[day + 1 :].sum(axis=0)
        for number in range(3):
            table = [[part[number], part.sum() - part[number]] for part in (early, late)]
            found = stats.chi2_contingency(table, correction=False)
            if found.expected_freq.min() >= 5:
                expected[day + 1, f"v{number}"] = pytest.approx(found.pvalue, rel=1e-9)
    found = {
        (row["last_date"].day, row["variation_name"]): row["p_value"]
        for row in tables.rows("split_changes")
    }
    assert found == expected
    assert len(found) == 9


# --- exclusions ---------------------------------------------------------------------------------


def test_rates_of_exclusions_are_those_of_scipy(tables: Tables) -> None:
    """A table of affected and other visitors, or rows, by variation."""
    wholes = (1000, 1200, 90)
    parts = {"bot": (50, 40, 9), "excluded visitor": (8, 90, 3), "copy": (500, 600, 46)}
    parts |= {"rejected row": (0, 0, 0), "repeated event": (70, 70, 9)}
    for number, whole in enumerate(wholes):
        key = {"experiment_id": "e", "variation_id": f"v{number}", "visitor_count": whole}
        visitors = {"bot_count": "bot", "excluded_visitor_count": "excluded visitor"}
        rows = {"duplicated_visitor_count": "copy", "rejected_row_count": "rejected row"}
        tables.add(
            "variation_visitor_counts",
            [{**key, **{column: parts[kind][number] for column, kind in visitors.items()}}],
        )
        tables.add(
            "exposure_row_counts",
            [
                {
                    **key,
                    "row_count": whole,
                    **{column: parts[kind][number] for column, kind in rows.items()},
                }
            ],
        )
        repeats = {"unit_count": whole, "repeating_unit_count": parts["repeated event"][number]}
        repeats |= {"experiment_id": "e", "variation_id": f"v{number}"}
        tables.add("variation_event_repeats", [repeats])
    found = {row["exclusion_kind"]: row for row in tables.rows("exclusion_rates")}
    # One of the smallest variation's 90 should be held back, which is too few.
    assert set(found) == {"copy", "repeated event"} | {
        kind for kind in ("bot", "excluded visitor") if sum(parts[kind]) / sum(wholes) * 90 >= 5
    }
    for kind, row in found.items():
        table = [[part, whole - part] for part, whole in zip(parts[kind], wholes, strict=True)]
        expected = stats.chi2_contingency(table, correction=False)
        assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-9)
        rates = [part / whole for part, whole in zip(parts[kind], wholes, strict=True)]
        assert (row["lowest_rate"], row["highest_rate"]) == (min(rates), max(rates))
        assert (row["affected_count"], row["total_count"]) == (sum(parts[kind]), sum(wholes))


# --- before the exposure ------------------------------------------------------------------------


def moments(covariate: np.ndarray, denominator: np.ndarray | None = None) -> Row:
    """Sum up what the units of a variation did before their exposure; only ratios divide it.

    What they did since varies too, and has no part in the comparison.
    """
    own = {
        "unit_count": len(covariate),
        "observation_mean": 7.0,
        "observation_variance": 2.0,
        "observation_third_moment": 5.0,
        "covariate_mean": covariate.mean(),
        "covariate_variance": covariate.var(ddof=1),
        "covariate_third_moment": stats.moment(covariate, 3),
    }
    if denominator is None:
        return own
    above, below = covariate - covariate.mean(), denominator - denominator.mean()
    return own | {
        "covariate_covariate_covariate_denominator_coskew": (above**2 * below).mean(),
        "covariate_covariate_denominator_covariate_denominator_coskew": (above * below**2).mean(),
        "covariate_denominator_third_moment": stats.moment(denominator, 3),
        "covariate_denominator_mean": denominator.mean(),
        "covariate_denominator_variance": denominator.var(ddof=1),
        "covariate_covariate_denominator_covariance": np.cov(covariate, denominator)[0, 1],
    }


def covariate_tests(tables: Tables) -> list[Row]:
    """Run the models that compare covariates; give the tests that were made."""
    for model in COVARIATE_STEPS:
        tables.rows(model)
    return [
        row
        for row in tables.rows("lift_tests")
        if row["estimator"] == "covariate" and row["p_value"] is not None
    ]


def test_differences_before_the_exposure_are_those_of_scipy(tables: Tables) -> None:
    """Welch's test against the reference; of a ratio, of its linearised values; both corrected."""
    rng = np.random.default_rng(3)
    metrics = [("mean", False, False), ("ratio", True, False), ("capped", False, True)]
    tables.add(
        "dim_metrics",
        [
            {"metric_name": name, "has_covariate": True, "is_ratio": is_ratio, "has_cap": has_cap}
            | {"is_quantile": False}
            for name, is_ratio, has_cap in metrics
        ]
        + [{"metric_name": "none", "has_covariate": False, "is_ratio": False, "has_cap": False}],
    )
    tables.add("dim_experiments", [{"experiment_id": "e"}, {"experiment_id": "unreferenced"}])
    # What results compare with may be another variation than the seed's reference.
    tables.add("reference_variations", [{"experiment_id": "e", "reference_variation_id": "a"}])
    tables.add(
        "used_metrics",
        [
            {"experiment_id": experiment, "metric_name": metric}
            for experiment in ("e", "unreferenced")
            for metric in ("mean", "ratio", "capped", "none")
        ],
    )
    arms = {}
    for name, size, mean in (("a", 30, 5.0), ("b", 40, 5.5), ("c", 25, 7.0)):
        arms[name] = rng.gamma(2, mean / 2, size), rng.integers(1, 9, size).astype(float)
        for experiment in ("e", "unreferenced"):
            key = {"experiment_id": experiment, "variation_id": name}
            is_reference = name == "b" if experiment == "e" else None
            tables.add(
                "dim_variations",
                [{**key, "variation_name": name, "is_reference_variation": is_reference}],
            )
            for metric in ("mean", "ratio", "capped", "none"):
                for is_capped in (False, True):
                    factor = 2 if is_capped else 1
                    row = {"metric_name": metric, "is_capped": is_capped}
                    values = arms[name][0] * factor, arms[name][1] if metric == "ratio" else None
                    tables.add("variation_moments", [{**key, **row, **moments(*values)}])
    found = {
        (row["metric_name"], row["variation_id"]): row["p_value"]
        for row in covariate_tests(tables)
        if row["experiment_id"] == "e"
    }
    linear = {
        name: covariate.mean() / below.mean()
        + (covariate - covariate.mean() / below.mean() * below) / below.mean()
        for name, (covariate, below) in arms.items()
    }
    expected = {}
    for name in ("b", "c"):
        welch = corrected_welch(arms[name][0], arms["a"][0]).p_value
        expected["mean", name] = expected["capped", name] = pytest.approx(welch, rel=1e-9)
        (above, below), (old_above, old_below) = arms[name], arms["a"]
        ratio = (above.sum() + old_above.sum()) / (below.sum() + old_below.sum())
        skewness = lift_skewness(above - ratio * below, old_above - ratio * old_below)
        welch = corrected_welch(linear[name], linear["a"], skewness=skewness).p_value
        expected["ratio", name] = pytest.approx(welch, rel=1e-9)
    assert found == expected
    values = tables.values("health_pre_exposure_bias")
    assert values == {
        "e": pytest.approx(min(1, 6 * min(found.values())), rel=1e-9),
        "unreferenced": None,
    }


@pytest.mark.parametrize("lacking", ["a", "b"])
def test_a_ratio_that_one_variation_lacks_before_the_exposure_differs(
    tables: Tables, lacking: str
) -> None:
    """All units of one variation had a denominator, and none of the other: no chance does that."""
    tables.add(
        "dim_metrics",
        [{"metric_name": "ratio", "has_covariate": True, "is_ratio": True, "has_cap": False}],
    )
    for name in ("one", "neither", "some"):
        tables.add("dim_experiments", [{"experiment_id": name}])
        tables.add("reference_variations", [{"experiment_id": name, "reference_variation_id": "a"}])
        tables.add("used_metrics", [{"experiment_id": name, "metric_name": "ratio"}])
        for variation in "ab":
            key = {"experiment_id": name, "variation_id": variation}
            tables.add("dim_variations", [{**key, "variation_name": variation}])
            has_some = variation != lacking and name != "neither"
            below = np.zeros(200)
            below[: (200 if name == "one" else 6) * has_some] = 4
            row = {**key, "metric_name": "ratio"}
            sums = moments(below / 4 * (np.arange(200) % 2), below)
            tables.add("variation_moments", [{**row, "is_capped": False, **sums}])
            tables.add(
                "fct_metric_observations",
                [
                    {**row, "unit_id": f"{variation} {number}", "covariate_denominator": value}
                    for number, value in enumerate(below)
                ],
            )
    assert covariate_tests(tables) == []
    found = {row["experiment_id"]: row for row in tables.rows("health_pre_exposure_bias")}
    assert {name: row["status"] for name, row in found.items()} == {
        "one": "warn",
        "neither": "ok",
        "some": "ok",
    }
    assert 0 < found["one"]["value"] < 1e-50
    assert found["some"]["value"] == pytest.approx(2 * 0.5**6)
    assert found["neither"]["value"] is None
    assert "the share of units with a denominator of ratio in b" in found["one"]["message"]
    assert found["neither"]["message"] == "Not checked: ratio in b (the denominators add up to 0)."


def test_constants_before_the_exposure_are_compared(tables: Tables) -> None:
    """Without any spread they are alike, as far as rounding goes, or differ by hardly a chance."""
    metrics = ("mean", "ratio")
    tables.add(
        "dim_metrics",
        [
            {"metric_name": name, "has_covariate": True, "is_ratio": name == "ratio"}
            | {"has_cap": False}
            for name in metrics
        ],
    )
    ones, rounded = np.ones(20), np.full(20, 0.1)
    below = np.arange(1.0, 21)
    cases = {
        "other": (ones, 2 * ones),
        "equal": (ones, ones),
        "none": (0 * ones, 0 * ones),
        "rounded": (rounded, rounded * 3 / 3 + 1e-17 * below),
        "some": (0 * ones, ones),
        "two": (ones[:2], 2 * ones[:2]),
        "one varies": (ones, np.where(below < 9, 1, 2)),
    }
    for name, arms in cases.items():
        tables.add("dim_experiments", [{"experiment_id": name}])
        tables.add("reference_variations", [{"experiment_id": name, "reference_variation_id": "a"}])
        tables.add(
            "used_metrics", [{"experiment_id": name, "metric_name": metric} for metric in metrics]
        )
        for variation, values in zip("ab", arms, strict=True):
            key = {"experiment_id": name, "variation_id": variation}
            tables.add("dim_variations", [{**key, "variation_name": variation}])
            # The ratio is the same constant, of denominators that vary.
            divisors = below[: len(values)]
            of_metric = {"mean": moments(values), "ratio": moments(values * divisors, divisors)}
            for metric, sums in of_metric.items():
                row = {**key, "metric_name": metric, "is_capped": False}
                tables.add("variation_moments", [{**row, **sums}])
    found = {
        (row["experiment_id"], row["metric_name"]): row["p_value"]
        for row in covariate_tests(tables)
    }
    constants = {key: p for key, p in found.items() if key[0] != "one varies"}
    assert set(constants) == {
        (name, metric) for name in ("other", "some", "two") for metric in metrics
    }
    # How probable it is that all of one value are in one variation.
    for (name, _), p in constants.items():
        assert 2 / math.comb(*((4, 2) if name == "two" else (40, 20))) <= p
        assert p < (1 if name == "two" else 1e-5)
    assert 0 < found["one varies", "mean"] < 0.01
    statuses = {
        row["experiment_id"]: row["status"] for row in tables.rows("health_pre_exposure_bias")
    }
    assert {name for name, status in statuses.items() if status == "warn"} == {
        "other",
        "some",
        "one varies",
    }
