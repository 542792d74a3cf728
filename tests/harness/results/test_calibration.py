"""The error rates of the statistics, in short: docs/calibration.md has them in full.

The seeds are fixed: what passes once passes always.
"""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from calibration import controls
from calibration.bands import (
    NO_BAND,
    Check,
    at_least,
    at_most,
    check_rate,
    check_uniform,
    two_sided,
)
from calibration.chain import RESULTS_CHAIN
from calibration.comparisons import check_comparisons, compare
from calibration.figure import figure
from calibration.populations import POPULATIONS
from calibration.report import FIGURE, PAGE, page
from calibration.sample_ratio import DESIGNS
from calibration.simulate import FACTORS, ODDS, SEED, Plan
from calibration.study import SHORT, Measured, measure
from calibration.ties import CHOSEN, NO_RULE
from engine.compile import Project
from statistics_models import StatisticsModels


@pytest.fixture(scope="module")
def project(statistics_models: StatisticsModels) -> Project:
    """Give the parsed project."""
    return statistics_models.project


@pytest.fixture(scope="module")
def measured(project: Project) -> Measured:
    """Run the short study."""
    return measure(project, SHORT, lambda _step: None)


def test_rates_are_in_their_bands(measured: Measured) -> None:
    """False positives, coverage, looks, families and alarms come as often as they should."""
    assert len(measured.checks) > 25
    assert not measured.failures


def test_mistakes_are_found(measured: Measured) -> None:
    """Each mistake that was made in the statistics on purpose takes a rate out of its band."""
    assert len(measured.controls) == 9
    assert not measured.missed


def test_ties_mislead_without_their_rule(measured: Measured) -> None:
    """Values of which many are the same are refused; those of which few are, are not."""
    found = {finding.plan.population: finding for finding in measured.tied}
    assert found["ten price points"].misled(NO_RULE).mean() > 0.3
    for coarse in ("counts, 3 on average", "ten price points"):
        assert found[coarse].refused(CHOSEN) == 1
    assert found["latencies to 1 ms"].refused(CHOSEN) < 0.02
    assert found["latencies, not rounded"].refused(CHOSEN) == 0


def test_mistakes_need_what_they_replace(project: Project) -> None:
    """A mistake that no longer fits the SQL is an error, not a control that proves nothing."""
    models = project.compiled(RESULTS_CHAIN)
    changed = [
        replace(model, sql=model.sql.replace("own_share", "own_part_of_it")) for model in models
    ]
    with pytest.raises(ValueError, match="has nothing like"):
        controls.SMALL_ERRORS.apply(changed)


def test_lost_comparisons_are_no_negatives(project: Project) -> None:
    """Experiments whose p-value is null are not counted as if they had one."""
    plan = Plan("mean", 20, 60)
    rows = compare(project.compiled(RESULTS_CHAIN), plan)
    rows.loc[rows["variation_id"] == "same", "p_value"] = np.nan
    assert math.isnan(check_comparisons(plan, rows)[0].measured)
    with pytest.raises(ValueError, match="not one comparison"):
        check_comparisons(plan, rows.iloc[1:])


@pytest.mark.parametrize(
    ("band", "low", "high"),
    [
        (two_sided(0.05, 2_000), 0.0345, 0.0665),
        (two_sided(0.05, 10_000), 0.0430, 0.0573),
        (two_sided(0.95, 10_000), 0.9427, 0.9570),
        (two_sided(0.001, 20_000), 0.00035, 0.0018),
        (at_most(0.05, 10_000), 0.0, 0.0569),
        (at_least(0.95, 10_000), 0.9431, 1.0),
    ],
)
def test_bands(band: tuple[float, float], low: float, high: float) -> None:
    """Bands are those of the binomial distribution."""
    assert band == pytest.approx((low, high), abs=6e-5)


def test_checks_can_fail() -> None:
    """A rate off its band fails, and so does one that isn't a number; so do uneven p-values."""
    happened = np.arange(2_000) < 140
    assert not check_rate("", "", happened, two_sided(0.05, 2_000)).holds
    assert check_rate("", "", happened[:-1] | False, at_most(0.08, 2_000)).holds
    assert not check_rate("", "", np.full(10, np.nan), (0.0, 1.0)).holds
    even = (np.arange(2_000) + 0.5) / 2_000
    assert check_uniform("", "", even).holds
    assert not check_uniform("", "", even**1.2).holds


@pytest.mark.parametrize("name", POPULATIONS)
@pytest.mark.parametrize("arm", [0, 2])
def test_truth_is_true(name: str, arm: int) -> None:
    """The value that a population is said to have is the one of very many units."""
    population = POPULATIONS[name]
    count = 400_000
    columns = population.draw(np.random.default_rng(SEED), np.full(count, FACTORS[arm]))
    values = columns["observation"]
    truth = population.true_value(FACTORS[arm], "raw", ODDS["even"])
    if population.metric.get("is_quantile"):
        assert np.median(values) == pytest.approx(truth, rel=0.01)
        return
    divisor = columns.get("denominator", np.ones(count)).mean()
    error = values.std() / divisor / math.sqrt(count)
    assert values.mean() / divisor == pytest.approx(truth, abs=4 * error)


def test_capped_truth_is_true() -> None:
    """The capped value is that below the percentile of all variations together."""
    population = POPULATIONS["mean"]
    random = np.random.default_rng(SEED)
    arms = [population.draw(random, np.full(400_000, factor))["observation"] for factor in FACTORS]
    cap = np.quantile(np.concatenate(arms), 0.95)
    for arm in (0, 2):
        truth = population.true_value(FACTORS[arm], "capped", ODDS["even"])
        assert np.minimum(arms[arm], cap).mean() == pytest.approx(truth, rel=0.003)


def test_published_page_is_of_this_code(measured: Measured) -> None:
    """The page has the seed, and the rates that this code measures of the sample ratio."""
    text = PAGE.read_text(encoding="utf-8")
    assert f"seed {SEED}" in text
    rows = [line for line in page(measured).splitlines() if "20,000 units" in line]
    assert len(rows) == len(DESIGNS)
    assert [row for row in rows if row not in text] == []
    assert "**missed**" not in text


def test_figure_shows_what_was_measured(measured: Measured) -> None:
    """Every estimator and every curve has its line, and the published figure has as many axes."""
    drawn = figure(measured)
    labels = re.findall(r">([^<>]+)</text>", drawn)
    for name in measured.ever:
        assert name in labels
    published = FIGURE.read_text(encoding="utf-8")
    for title in ("share of p-values below p", "share ever significant"):
        assert title in drawn
        assert title in published


def test_page_says_what_is_off() -> None:
    """A rate off its band is marked as such."""
    check = Check("Section", "something", 100, 0.2, 0.01, 0.1)
    few = Check("Section", "too few", 100, 0.2, *NO_BAND)
    text = page(Measured([check, few]))
    assert "**0 of 1 checks" in text
    assert "| too few | 100 | 20.00 % | none | not judged |" in text
    assert "| something | 100 | 20.00 % | 1.00 to 10.00 % | **off: too high** |" in text
    assert "0 of 1 checks" in text
