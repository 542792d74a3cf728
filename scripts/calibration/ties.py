"""Quantiles of values of which many are the same: how often they mislead, and are refused."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from engine.compile import Chain, Project

from calibration.bands import Check, at_most, check_rate
from calibration.chain import INPUTS, STEPS
from calibration.populations import Population
from calibration.simulate import (
    BEGIN,
    SEED,
    VARIATIONS,
    Plan,
    Tables,
    dimensions,
    experiment_names,
    labels,
    metric_names,
    run,
)

ALPHA = 0.05
TWO_ARMS = (0.5, 0.5, 0.0)
HEADING = "Quantiles of tied values"
CHAIN = Chain(("absolute_lifts", "lift_tests"), frozenset({*INPUTS, *STEPS} - {"unit_segments"}))
# The shares of which the var max_tied_share is one.
SHARES = (0.1, 0.2, 0.3, 0.5)
CHOSEN = 0.2
NO_RULE = 1e9
QUERY = """
    select lift_tests.p_value, absolute_lifts.tied_share
    from absolute_lifts
    inner join lift_tests using (comparison_id)
    where absolute_lifts.variation_id = 'same' and reference_variation_id = 'control'
"""
Draw = Callable[[np.random.Generator, int], np.ndarray]
NOTE = """\
A/A experiments with equal arms, through the models: the share of them that is significant at 0.05
where there is no rule and, for several values of the var `max_tied_share`, the share that has no
test (`tied_quantile`), and the share that is significant all the same. The default is 20 %. Where
the standard error is 0 there is no p-value, and nothing is significant: that counts of very many
units mislead less often doesn't make them a test. Of events, the ranks are those of the events: a
unit that has the same value fifty times ties them, and misleads, and one that has it a few times
doesn't.
"""
PRICES = np.array([9.99, 14.99, 19.99, 24.99, 29.99, 39.99, 49.99, 79.99, 99.99, 149.99])
MEDIAN_LATENCY = 400
LATENCY_SPREAD = 0.6


def _latency(step: float) -> Draw:
    def draw(random: np.random.Generator, count: int) -> np.ndarray:
        values = random.lognormal(np.log(MEDIAN_LATENCY), LATENCY_SPREAD, count)
        return np.round(values / step) * step if step else values

    return draw


def _price(typical: float) -> Draw:
    return lambda random, count: np.floor(random.lognormal(np.log(typical), 0.8, count)) + 0.99


def _with_zeros(share: float) -> Draw:
    def draw(random: np.random.Generator, count: int) -> np.ndarray:
        return np.where(random.random(count) < share, 0.0, random.lognormal(3, 1, count))

    return draw


DRAWS: dict[str, Draw] = {
    "counts, 3 on average": lambda random, count: random.poisson(3, count) + 0.0,
    "counts, 100 on average": lambda random, count: random.poisson(100, count) + 0.0,
    "skewed counts, 200 on average": lambda random, count: (
        random.poisson(random.gamma(1, 200, count)) + 0.0
    ),
    "ten price points": lambda random, count: random.choice(PRICES, count),
    "prices that end in .99, about 30": _price(30),
    "prices that end in .99, about 300": _price(300),
    "latencies to 100 ms": _latency(100),
    "latencies to 10 ms": _latency(10),
    "latencies to 1 ms": _latency(1),
    "latencies, not rounded": _latency(0),
    "amounts, 30 % zeros": _with_zeros(0.3),
    "amounts, 47 % zeros": _with_zeros(0.47),
}


@dataclass(frozen=True)
class TiedPlan:
    """A simulation of A/A experiments: how many, of how many units, and of which quantile."""

    population: str
    experiments: int
    units: int
    level: float = 0.5
    repeats: int = 0
    """Of events: how many each unit has, all of its own value."""

    @property
    def subject(self) -> str:
        """Name it."""
        events = f", {self.repeats} events of a unit alike" if self.repeats else ""
        quantile = "median" if self.level == 0.5 else f"{self.level:.0%} quantile"  # noqa: PLR2004
        return f"{self.population}{events}, {quantile}, {self.units // 2:,} units in each arm"


def tied_plans(small: int, large: int) -> tuple[TiedPlan, ...]:
    """Give the plans of a study, of so many experiments with few and with many units."""
    return (
        *(
            TiedPlan(name, count, units)
            for name in DRAWS
            for count, units in ((small, 600), (large, 6_000))
        ),
        TiedPlan("counts, 100 on average", small, 600, level=0.9),
        TiedPlan("latencies to 10 ms", small, 600, level=0.9),
        TiedPlan("latencies, not rounded", small, 600, level=0.9),
        *(
            TiedPlan(name, small // 4, 600, repeats=repeats)
            for name in ("latencies, not rounded", "latencies to 10 ms")
            for repeats in (2, 10, 50)
        ),
    )


@dataclass(frozen=True)
class TiedFinding:
    """What a plan measured: the p-values of its experiments, and how tied their values were."""

    plan: TiedPlan
    p_values: np.ndarray
    tied_shares: np.ndarray

    def refused(self, share: float) -> float:
        """Give the share of experiments without a test."""
        return float(np.mean(self.tied_shares > share))

    def misled(self, share: float) -> np.ndarray:
        """Say of each experiment whether it is significant; one that is refused is not."""
        return (self.p_values < ALPHA) & (self.tied_shares <= share)

    def check(self) -> Check:
        """Compare how often an experiment is significant by the rule with alpha."""
        count = len(self.p_values)
        return check_rate(HEADING, self.plan.subject, self.misled(CHOSEN), at_most(ALPHA, count))


def find_tied(project: Project, plan: TiedPlan) -> TiedFinding:
    """Run a plan through the models, without the rule."""
    models = project.compiled(CHAIN, max_tied_share=NO_RULE)
    rows = pd.concat([run(models, tables, QUERY) for tables in _chunks(plan)])
    if len(rows) != plan.experiments:
        message = f"{plan}: not one comparison per experiment"
        raise ValueError(message)
    return TiedFinding(
        plan,
        rows["p_value"].to_numpy(dtype=float),
        rows["tied_share"].to_numpy(dtype=float),
    )


def _chunks(plan: TiedPlan) -> Iterator[Tables]:
    metric = {
        "is_quantile": True,
        "quantile_level": plan.level,
        "is_event_quantile": plan.repeats > 0,
    }
    population = Population(lambda *_: {}, lambda *_: 0.0, metric)
    repeats = max(plan.repeats, 1)
    size = max(1, 600_000 // (plan.units * repeats))
    name = zlib.crc32(repr(plan).encode())
    for number, start in enumerate(range(0, plan.experiments, size)):
        count = min(size, plan.experiments - start)
        random = np.random.default_rng([SEED, name, number])
        tables = dimensions(Plan("", count, plan.units, TWO_ARMS), population, count)
        total = count * plan.units
        unit = np.repeat(np.arange(total), repeats)
        values = DRAWS[plan.population](random, total)[unit]
        # As many units in each arm: what is asked is what ties do, not what chance does to sizes.
        constant = {
            "metric_name": metric_names(1),
            "slice_type": ["experiment"],
            "segment_name": ["(all)"],
            "segment_value": ["(all)"],
        }
        columns = {
            "experiment_id": labels(unit // plan.units, experiment_names(count)),
            "variation_id": labels(unit % 2, VARIATIONS),
            "unit_id": pa.array(unit),
            "observed_value": pa.array(values),
            "as_of_date": pa.array([BEGIN.date()]).take(pa.array(np.zeros(len(unit), int))),
            **{key: labels(np.zeros(len(unit)), value) for key, value in constant.items()},
        }
        yield {**tables, "quantile_values": [pa.table(columns)]}


def tied_section(findings: list[TiedFinding]) -> list[str]:
    """Write what was found."""
    shares = " | ".join(f"refused above {share:.0%} | significant" for share in SHARES)
    lines = ["", f"## {HEADING}", "", *NOTE.splitlines(), ""]
    lines += [
        f"| what | experiments | significant without a rule | {shares} | verdict |",
        "|---|---|---|" + "---|---|" * len(SHARES) + "---|",
    ]
    for finding in findings:
        cells = [finding.plan.subject, f"{len(finding.p_values):,}"]
        cells.append(_percent(finding.misled(NO_RULE).mean()))
        for share in SHARES:
            cells += [_percent(finding.refused(share)), _percent(finding.misled(share).mean())]
        cells.append("ok" if finding.check().holds else "**off**")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"
