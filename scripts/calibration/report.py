"""Writes what a study measured as a page and a picture."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from engine import ROOT

from calibration.bands import Check
from calibration.figure import figure
from calibration.simulate import SEED
from calibration.skewness import POWER, SKEWED, SKEWED_LOOKS
from calibration.study import Measured
from calibration.ties import tied_section

PAGE = ROOT / "docs" / "calibration.md"
FIGURE = ROOT / "docs" / "calibration.svg"

INTRODUCTION = f"""\
# Calibration: the measured error rates of the statistics

A p-value below 0.05 should come up in 5 % of experiments without an effect, and a 95 % interval
should hold the truth in 95 % of experiments with one. This page has what was measured: thousands of
simulated experiments, run through the compiled SQL of the project's own models.
`./scripts/calibrate` measures it all again and writes this page and its figure (about 21 minutes of
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
  `sample_ratios` and come out of `health_sample_ratio`. Of skewed lifts, the units' moments go in as
  `variation_moments` or `variation_moments_by_day`, of two variations.
- **Bands** hold 99.9 % of what a right program would measure with as many simulations. They are
  binomial: on both sides where a rate should be met, on one where it is a promise; of skewed lifts
  they are the promise itself. p-values are
  tested for uniformity, at 0.001, where tails are moderate and conversions are 500 per variation.
  By chance alone, one of the {{count}} checks is off in one of {{once}} studies.
- **Metrics.** *mean*: gamma distributed amounts, skewness 1.4, also capped at the 95th percentile
  of all variations; *with history*: CUPED by what the unit spent before, correlation 0.29;
  *conversion*: 50 %; *ratio*: spend per visit, where the wealthy visit more and pay more, and CUPED
  by the same before; *quantile*: the median of log-normal latencies, one per unit, or 3 on average,
  alike within a unit; *rare conversion*: 2 %; *heavy tails*: log-normal, sigma 2, skewness 414;
  *skewed mean*: log-normal, sigma 1, skewness 6; *revenue of 2 %*: log-normal amounts, sigma 1, of
  2 % of the units, and nothing of the others; *revenue per order of 10 %*: a ratio, one order or more of
  10 % of the units, at a log-normal price of each unit's own, sigma 0.5; *loyal spend*: CUPED by what
  the unit spent before, both log-normal;
  *foreseen spend*: CUPED by a normal covariate that explains three quarters of the variance and leaves
  what is log-normal.

![Left: how far the distribution of A/A p-values is from the uniform one. Right: the share of A/A
experiments that were significant on any day so far.](calibration.svg)
"""
CAUTION = """
At even splits, rare conversions and heavy tails have the upper band alone: there, tests are cautious
and their p-values uneven. At uneven splits Welch's test of them is anything but cautious; what is done
about that is measured under [skewed lifts](#{skewed}).

The standard error of a quantile is read off two order statistics, whose ranks are
rounded outwards: with 300 units per variation it is 3 % too large on average, which as many
simulations as these can't tell from chance.

The delta method wants units. Where there are too few for it, numbers are measured and shown, and
not judged: those of the skewed ratio with 200 units in the smaller arm, whose intervals cover about
94 % in place of 95 %. With 500 units they are in their bands.
"""
# What is said of a section, before its table.
NOTES = {
    SKEWED: """\
Where values are skewed, because few units convert or few spend much, and the variations are of
unequal size, Welch's test is wrong; what it would find is beside. p-values and intervals are
corrected for the skewness of the lift, and beyond 0.3 of that there are none: such experiments are
refused, with the status `skewed_lift`, and not significant. So are ratios of too few units that
count (`too_few_units`). No more than 5.7 % may be, where 50 units or more are expected in the
smaller variation; fewer are shown, and not judged.

Counts of conversions are uneven. Over all outcomes, enumerated once for rates of 0.05 to 98 %, fixed
sizes of 50 to 2,000 units and up to 99 times as many, the worst are 5.9 %, of 50 units against 52 at
50 %, where nothing is skewed and Welch's test has as many, and 5.8 %, of 50 against 4,950 at 84 %.
""",
    SKEWED_LOOKS: """\
20 units come on the first day, of both variations together, and the others evenly on the days after it.
The sequential test is not corrected; the guard is applied at each look. *Refused* is the share of
looks.
""",
    POWER: """\
Half of the experiments have the lift in the smaller variation, the other half in the larger. What
the correction takes from lifts of one direction it gives to those of the other, so that over both
no more than a percentage point of the power of Welch's test may be lost.
""",
}


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
    lines += [CAUTION.format(skewed=_anchor(SKEWED)).rstrip()]
    ordered = sorted(measured.checks, key=lambda check: _sections(measured).index(check.section))
    for section, checks in groupby(ordered, key=lambda check: check.section):
        lines += ["", f"## {section}", "", *_note(section), *_table(checks)]
    lines += tied_section(measured.tied) if measured.tied else []
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


def _note(section: str) -> list[str]:
    return [NOTES[section]] if section in NOTES else []


def _anchor(heading: str) -> str:
    """Give the name by which a page links to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _table(checks: Iterable[Check]) -> Iterator[str]:
    rows = list(checks)
    beside = "".join(f" {name} |" for name, _ in rows[0].beside)
    yield f"| what | simulations | measured | band | verdict |{beside}"
    yield "|---|---|---|---|---|" + "---|" * len(rows[0].beside)
    for check in rows:
        beside = "".join(f" {_percent(rate)} % |" for _, rate in check.beside)
        yield f"| {check.subject} | {_numbers(check)} | {_judged(check)} |{beside}"


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
