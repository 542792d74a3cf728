"""Quantiles of values of which many are the same: there is a lift, and no test of it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statistics_models import Arm, Rows, StatisticsModels, Test, results

MEDIAN = {"is_quantile": True, "quantile_level": 0.5, "is_guardrail": True}
EVENTS = {**MEDIAN, "is_event_quantile": True}
# As many of one and two; by their counts there is no difference (p = 0.87 by Mood's test).
FEWER, MORE = (np.repeat([1.0, 2.0], counts) for counts in ([151, 149], [149, 151]))
PRICES = np.array([4.99, 9.99, 19.99, 29.99, 49.99])
RANDOM = np.random.default_rng(20200914)
LATENCIES = {side: RANDOM.lognormal(6, 0.6, 400) for side in ("control", "treatment")}
TABLES = ("experiment_results", "experiment_results_by_segment", "experiment_result_intervals")


def both(
    name: str, draw: dict[str, np.ndarray], unit: np.ndarray | None = None, **metric: object
) -> Test:
    """Make an experiment of two arms."""
    return Test(name, {side: Arm(values, unit=unit) for side, values in draw.items()}, metric)


def pairs() -> Iterator[Test]:
    """Give experiments whose values are the same for many."""
    yield both("ones and twos", {"control": FEWER, "treatment": MORE}, **MEDIAN)
    yield both("the same twice", {"control": MORE, "treatment": MORE}, **MEDIAN)
    yield both("counts", {side: RANDOM.poisson(3, 500) + 0.0 for side in LATENCIES}, **MEDIAN)
    yield both("prices", {side: RANDOM.choice(PRICES, 500) for side in LATENCIES}, **MEDIAN)
    rounded = {side: np.round(values, -2) for side, values in LATENCIES.items()}
    yield both("tenths of seconds", rounded, **MEDIAN)
    # The control's alone, so that one variation is enough, whichever it is.
    yield both("control's", {**LATENCIES, "control": rounded["control"]}, **MEDIAN)
    yield both("treatment's", {**LATENCIES, "treatment": rounded["treatment"]}, **MEDIAN)
    # Every unit has its own latency, and has it a hundred times.
    often = {side: np.repeat(values, 100) for side, values in LATENCIES.items()}
    yield both("repeated", often, np.repeat(np.arange(400), 100), **EVENTS)
    yield both("events", rounded, np.arange(400) // 2, **EVENTS)


TIED = list(pairs())
UNTIED = [
    both("latencies", LATENCIES, **MEDIAN),
    both("milliseconds", {side: np.round(v) for side, v in LATENCIES.items()}, **MEDIAN),
    both("latencies of events", LATENCIES, np.arange(400) // 2, **EVENTS),
]
NOT_KNOWN = (
    *("p_value", "adjusted_p_value", "sequential_p_value", "absolute_lift_std_error"),
    *("absolute_lift_ci_low", "relative_lift_ci_high", "sequential_ci_low"),
    *("sequential_relative_ci_high", "posterior_lift", "chance_to_win", "risk"),
    *("minimum_detectable_effect", "required_unit_count", "target_power", "is_significant"),
    "guardrail_verdict",
)


@pytest.fixture(scope="module")
def tables(statistics_models: StatisticsModels) -> dict[str, Rows]:
    """Run the models, with a segment to which everybody belongs."""
    database = statistics_models.run([*TIED, *UNTIED])
    database.execute("""
        insert into quantile_values
        select * replace ('segment' as slice_type, 'os' as segment_name, 'any' as segment_value)
        from quantile_values
    """)
    statistics_models.split(database)
    return {table: results(database, table) for table in TABLES}


def rows(tables: dict[str, Rows], table: str, name: str) -> Rows:
    """Give the rows that compare the two arms."""
    return [
        row for row in tables[table] if row["metric_name"] == name and row["status"] != "reference"
    ]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("test", TIED, ids=lambda test: test.name)
def test_tied_values_have_no_test(tables: dict[str, Rows], table: str, test: Test) -> None:
    """Neither the whole nor a segment, against any baseline, at any level."""
    found = rows(tables, table, test.name)
    assert len(found) == (8 if table == "experiment_result_intervals" else 1)
    for row in found:
        assert row["status"] == "tied_quantile"
        assert "take a mean, a threshold, or finer values" in row["status_reason"]
        assert [row[name] for name in NOT_KNOWN if row.get(name) is not None] == []


def test_the_lift_of_tied_values_is_kept(tables: dict[str, Rows]) -> None:
    """It is the estimate, whatever is known about its error."""
    (row,) = rows(tables, "experiment_results", "ones and twos")
    assert (row["metric_value"], row["reference_metric_value"]) == (2, 1)
    assert (row["absolute_lift"], row["relative_lift"]) == (1, 1)
    assert stats.median_test(FEWER, MORE, ties="below", correction=False).pvalue > 0.8


@pytest.mark.parametrize("test", UNTIED, ids=lambda test: test.name)
def test_other_values_have_one(tables: dict[str, Rows], test: Test) -> None:
    """A rule that refused everything would be no rule."""
    (row,) = rows(tables, "experiment_results", test.name)
    assert row["status"] == "ok"
    assert row["p_value"] is not None


def test_the_share_is_a_setting(statistics_models: StatisticsModels) -> None:
    """What is told apart at one share is refused at a smaller one."""
    test = replace(UNTIED[1], metric=MEDIAN)
    for share, status in ((0.2, "ok"), (0.01, "tied_quantile")):
        found = results(statistics_models.run([test], max_tied_share=share))
        assert {row["status"] for row in found} == {"reference", status}
