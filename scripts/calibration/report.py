"""Writes what a study measured as a page and a picture."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from engine import ROOT

from calibration.bands import Check
from calibration.figure import figure
from calibration.simulate import SEED
from calibration.study import Measured

PAGE = ROOT / "docs" / "calibration.md"
FIGURE = ROOT / "docs" / "calibration.svg"

INTRODUCTION = f"""\
# Calibration: the measured error rates of the statistics

A p-value below 0.05 should come up in 5 % of experiments without an effect, and a 95 % interval
should hold the truth in 95 % of experiments with one. This page has what was measured: thousands of
simulated experiments, run through the compiled SQL of the project's own models.
`./scripts/calibrate` measures it all again and writes this page and its figure (about 16 minutes of
CPU time; seed {SEED}; the same numbers every time); `tests/harness/results/test_calibration.py` does so in
short on every change.

- **Experiments** have three variations: the control, one that is no different (A/A), and one with a
  true lift of 10 %. Units are assigned at random, one third each (50/50 between the control and
  either of the others) or 9 : 1 : 1 (90/10).
- **Models.** Units' observations go in before `metric_caps`, pass
  `fct_metric_observations`, `variation_moments`, … and come out of `experiment_results`. Where experiments are looked at day
  after day, they go in as `experiment_units` and `observed_metrics`, pass `observation_states`,
  `variation_moments_by_day`, … and come out of `experiment_results_by_day`: each unit on the day it
  came, 20 per variation on the first. Counts of units go into
  `sample_ratios` and come out of `health_sample_ratio`.
- **Bands** hold 99.9 % of what a right program would measure with as many simulations. They are
  binomial: on both sides where a rate should be met, on one where it is a promise. p-values are
  tested for uniformity, at 0.001, where tails are moderate and conversions are 500 per variation.
  By chance alone, one of the {{count}} checks is off in one of {{once}} studies.
- **Metrics.** *mean*: gamma distributed amounts, skewness 1.4, also capped at the 95th percentile
  of all variations; *with history*: CUPED by what the unit spent before, correlation 0.29;
  *conversion*: 50 %; *ratio*: spend per visit, where the wealthy visit more and pay more, and CUPED
  by the same before; *quantile*: the median of log-normal latencies, one per unit, or 3 on average,
  alike within a unit; *rare conversion*: 2 %; *heavy tails*: log-normal, sigma 2, skewness 414;
  *skewed mean*: log-normal, sigma 1, skewness 6.

![Left: how far the distribution of A/A p-values is from the uniform one. Right: the share of A/A
experiments that were significant on any day so far.](calibration.svg)
"""
CAUTION = """
Rare conversions and heavy tails have the upper band alone: there, tests are cautious and their
p-values uneven. The standard error of a quantile is read off two order statistics, whose ranks are
rounded outwards: with 300 units per variation it is 3 % too large on average, which as many
simulations as these can't tell from chance.

The delta method wants units. Where there are too few for it, numbers are measured and shown, and
not judged: those of the skewed ratio with 200 units in the smaller arm, whose intervals cover about
94 % in place of 95 %. With 500 units they are in their bands.
"""


def write(measured: Measured) -> None:
    """Write the page and the figure."""
    PAGE.write_text(page(measured), encoding="utf-8")
    FIGURE.write_text(figure(measured), encoding="utf-8")


def page(measured: Measured) -> str:
    """Give the page."""
    count = measured.judged_count
    once = round(1 / (1 - 0.999**count))
    lines = [INTRODUCTION.format(count=count, once=once)]
    lines += _verdict(measured)
    lines += [CAUTION.rstrip()]
    ordered = sorted(measured.checks, key=lambda check: _sections(measured).index(check.section))
    for section, checks in groupby(ordered, key=lambda check: check.section):
        lines += ["", f"## {section}", "", *_table(checks)]
    lines += ["", "## Mistakes that the checks must find", ""]
    lines += [
        "Each is made in the compiled SQL, or is a way to misread right numbers. It is found where",
        "the measured number is not in its band.",
        "",
        "| mistake | simulations | measured | band | verdict |",
        "|---|---|---|---|---|",
    ]
    for name, check in measured.controls.items():
        verdict = "**missed**" if check.holds else "found"
        lines.append(f"| {name} | {_numbers(check)} | {verdict} |")
    return "\n".join(lines) + "\n"


def _sections(measured: Measured) -> list[str]:
    return list(dict.fromkeys(check.section for check in measured.checks))


def _verdict(measured: Measured) -> Iterator[str]:
    count, off = measured.judged_count, len(measured.failures)
    found = len(measured.controls) - len(measured.missed)
    yield (
        f"**{count - off} of {count} checks are in their bands; {found} of "
        f"{len(measured.controls)} mistakes made on purpose are found.**"
    )


def _table(checks: Iterable[Check]) -> Iterator[str]:
    yield "| what | simulations | measured | band | verdict |"
    yield "|---|---|---|---|---|"
    for check in checks:
        yield f"| {check.subject} | {_numbers(check)} | {_judged(check)} |"


def _judged(check: Check) -> str:
    if check.holds:
        return "ok" if check.is_judged else "not judged"
    if not check.is_rate:
        return "**off**"
    return "**off: too low**" if check.measured < check.low else "**off: too high**"


def _numbers(check: Check) -> str:
    if not check.is_rate:
        band = f"> {check.low:g}" if check.is_judged else "none"
        return f"{check.simulations:,} | {check.measured:.2g} | {band}"
    low, high, measured = (_percent(rate) for rate in (check.low, check.high, check.measured))
    band = f"{low} to {high} %"
    if not check.is_judged:
        band = "none"
    elif check.low == 0:
        band = f"≤ {high} %"
    elif check.high == 1:
        band = f"≥ {low} %"
    return f"{check.simulations:,} | {measured} % | {band}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.3f}" if rate < 0.01 else f"{100 * rate:.2f}"  # noqa: PLR2004
