"""The page of the last plan: how long an experiment would take, and what a given time can show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pipeline.published import PublishedTables, Row, open_tables
from planning.plan_tables import BEYOND, LIFTS, PLANS, SHOWN_DAYS, plans_path

from results_page import formats, words

FILE = "plan.html"
"""Its name in the report."""


@dataclass(frozen=True)
class Line:
    """What a line of a table is about."""

    metric: str
    estimator: str
    decides: bool
    """Whether results are read from it, where there are others."""
    is_first: bool
    """Whether it is the first of its metric."""


@dataclass(frozen=True)
class Need:
    """What it takes to see the lift in a metric, by one estimator."""

    line: Line
    value: str
    units: str
    days: str
    sequential_units: str
    sequential_days: str
    notes: tuple[str, ...]
    """Why a number is missing, or what asks for more units than power does."""


@dataclass(frozen=True)
class Seen:
    """Which lifts can be seen in a metric, by one estimator and test, for each length."""

    line: Line
    test: str
    lifts: tuple[str, ...]


@dataclass(frozen=True)
class PlanPage:
    """What the page of a plan shows."""

    lift: str
    power: str
    shares: str
    variation_count: int
    starts: str
    ends: str
    unit_count: str
    alpha: str
    sequential_alpha: str
    needs: tuple[Need, ...]
    days: tuple[int, ...]
    seen: tuple[Seen, ...]


def last_plan(warehouse_path: Path) -> PlanPage | None:
    """Read the plan that lies beside a published file, if there is one."""
    path = plans_path(warehouse_path)
    if not path.is_file():
        return None
    with open_tables(path) as tables:
        return read_plan(tables)


def read_plan(tables: PublishedTables) -> PlanPage:
    """Read the tables of a plan."""
    plans, lifts = tables.query(PLANS), tables.query(LIFTS)
    first = plans[0]
    shares = [float(share) for share in first["variation_shares"].split(" / ")]
    alphas = {row["test"]: formats.percent(row["comparison_alpha"], 2) for row in plans}
    visible = {
        row["experiment_days"]
        for row in lifts
        if row["relative_minimum_detectable_effect"] is not None
    }
    days = tuple(day for day in SHOWN_DAYS if day in visible)
    estimators = {(row["metric_name"], row["estimator"]) for row in plans}
    estimator_counts = Counter(metric for metric, _ in estimators)
    return PlanPage(
        lift=formats.percent(abs(first["relative_lift"])),
        power=formats.percent(first["target_power"], 0),
        shares=" / ".join(f"{100 * share:.4g}" for share in shares),
        variation_count=len(shares),
        starts=formats.day(first["baseline_starts_at"]),
        ends=formats.day(first["baseline_ends_at"]),
        unit_count=formats.count(first["baseline_unit_count"]),
        alpha=alphas["fixed"],
        sequential_alpha=alphas["sequential"],
        needs=tuple(_needs(plans, estimator_counts)),
        days=days,
        seen=tuple(_seen(lifts, days, estimator_counts)),
    )


def _line(row: Row, before: Sequence[Need | Seen], estimator_counts: Counter[str]) -> Line:
    metric = row["metric_name"]
    return Line(
        metric=metric,
        estimator=words.ESTIMATORS[row["estimator"]],
        decides=row["is_headline"] and estimator_counts[metric] > 1,
        is_first=not before or before[-1].line.metric != metric,
    )


def _needs(plans: Sequence[Row], estimator_counts: Counter[str]) -> list[Need]:
    found: list[Need] = []
    for _, pair in groupby(plans, key=lambda row: (row["metric_name"], row["estimator"])):
        fixed, sequential = pair
        unit = formats.unit_of(fixed["unit"], fixed["currency"], fixed["currency_decimals"])
        found.append(
            Need(
                line=_line(fixed, found, estimator_counts),
                value=formats.value(fixed["metric_value"], unit),
                units=formats.count(fixed["required_unit_count"]),
                days=_days(fixed),
                sequential_units=formats.count(sequential["required_unit_count"]),
                sequential_days=_days(sequential),
                notes=tuple(dict.fromkeys([*_notes(fixed), *_notes(sequential)])),
            )
        )
    return found


def _days(row: Row) -> str:
    if row["required_days"] is None and row["least_required_days"] is not None:
        return f"> {formats.count(row['least_required_days'])}"
    return formats.count(row["required_days"])


def _notes(row: Row) -> list[str]:
    if row["status"] not in {"ok", BEYOND}:
        return [row["status_reason"]]
    if row["units_rule"] in {None, "power"}:
        return []
    return [f"So many units {words.UNITS_RULES[row['units_rule']]}."]


def _seen(lifts: Sequence[Row], days: Sequence[int], estimator_counts: Counter[str]) -> list[Seen]:
    """Write what can be seen of the metrics of which anything can."""
    found: list[Seen] = []
    for (_, _, test), group in groupby(
        lifts, key=lambda row: (row["metric_name"], row["estimator"], row["test"])
    ):
        rows = list(group)
        if all(row["relative_minimum_detectable_effect"] is None for row in rows):
            continue
        by_day = {row["experiment_days"]: row for row in rows}
        found.append(
            Seen(
                line=_line(rows[0], found, estimator_counts),
                test="once, at the end" if test == "fixed" else "at any time",
                lifts=tuple(_lift(by_day.get(day)) for day in days),
            )
        )
    return found


def _lift(row: Row | None) -> str:
    lift = None if row is None else row["relative_minimum_detectable_effect"]
    return formats.MISSING if lift is None else f"±{formats.percent(lift)}"
