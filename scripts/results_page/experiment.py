"""One experiment as the published tables have it."""

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from pipeline.published import Row

from results_page import words
from results_page.formats import Unit, unit_of
from results_page.results import FEW_UNITS, Judge, Result, read_result
from results_page.tables import ReportTables

DAY = timedelta(days=1)
INVALID = "invalid"
FAILED = "fail"
NOUNS = {"visitor_id": ("visitor", "visitors"), "session_id": ("session", "sessions")}


@dataclass(frozen=True)
class Variation:
    """One arm of an experiment."""

    id: str
    name: str
    is_reference: bool
    share: float | None
    """Its planned share of the units."""
    unit_count: int

    @property
    def spoken(self) -> str:
        """Give the name as it stands in sentences."""
        return words.in_sentence(self.name)


@dataclass(frozen=True)
class Metric:
    """A metric with its definition."""

    name: str
    unit: Unit
    direction: str
    is_guardrail: bool
    is_primary: bool
    row: Row

    @property
    def spoken(self) -> str:
        """Give the name as it stands in sentences."""
        return words.in_sentence(self.name)

    @property
    def margin(self) -> float | None:
        """Give what a guardrail tolerates, as a relative lift for the worse."""
        margin = self.row["non_inferiority_margin"] if self.is_guardrail else None
        if not margin:
            return None
        return float(margin if self.direction == "decrease" else -margin)


@dataclass(frozen=True)
class Experiment:
    """An experiment with everything that is published of it."""

    row: Row
    variations: list[Variation]
    metrics: list[Metric]
    decisions: dict[str, Row]
    conclusions: dict[tuple[str, str], Row]
    """Of guardrails, by metric and variation."""
    health: list[Row]
    exclusions: list[Row]
    results: list[Result]
    segments: list[Row] = field(repr=False)
    opposed_segments: list[Row] = field(repr=False)
    """Those that lose while the whole wins, the most certain first."""
    days: list[Row] = field(repr=False)
    exposure_days: list[Row] = field(repr=False)
    distributions: list[Row] = field(repr=False)
    sums: dict[tuple[str, str], Row] = field(repr=False)

    @property
    def id(self) -> str:
        """Give its id."""
        return str(self.row["experiment_id"])

    @property
    def name(self) -> str:
        """Give its name; without one, its id."""
        return self.row["experiment_name"] or self.id

    @property
    def unit_count(self) -> int:
        """Count its units."""
        return int(self.row["unit_count"] or 0)

    @property
    def unit_nouns(self) -> tuple[str, str]:
        """Name one of its units, and several."""
        unit = self.row["randomisation_unit"] or "unit"
        return NOUNS.get(unit, (unit.removesuffix("_id"), unit.removesuffix("_id") + "s"))

    @cached_property
    def reference(self) -> Variation | None:
        """Give the variation with which the others are compared, if there is one alone."""
        marked = [variation for variation in self.variations if variation.is_reference]
        return marked[0] if len(marked) == 1 else None

    @cached_property
    def treatments(self) -> list[Variation]:
        """Give the variations that are to be decided about."""
        return [variation for variation in self.variations if variation is not self.reference]

    @cached_property
    def primary(self) -> Metric | None:
        """Give the metric that decides."""
        return next((metric for metric in self.metrics if metric.is_primary), None)

    @property
    def started_at(self) -> datetime | None:
        """Give when it began: as planned or, without a plan, with the first exposure."""
        return self.row["starts_at"] or self.row["first_exposed_at"]

    @property
    def exposures_end_at(self) -> datetime | None:
        """Give when exposures end or, without a plan, when the last one was."""
        return self.row["ends_at"] or self.row["last_exposed_at"]

    @property
    def as_of_at(self) -> datetime:
        """Give until when there are data."""
        at: datetime = self.row["as_of_at"]
        return at

    @cached_property
    def planned_until_at(self) -> datetime | None:
        """Give when the last planned window ends."""
        of_decisions = (row["planned_until_at"] for row in self.decisions.values())
        until: datetime | None = self.row["planned_until_at"] or next(of_decisions, None)
        return until

    @property
    def is_running(self) -> bool:
        """Tell whether the planned end is still to come."""
        end = self.planned_until_at
        return end is not None and self.as_of_at is not None and self.as_of_at < end

    @property
    def days_left(self) -> int:
        """Count the days to the planned end."""
        end = self.planned_until_at
        if end is None or self.as_of_at is None:
            return 0
        return max(0, math.ceil((end - self.as_of_at) / DAY))

    @cached_property
    def level(self) -> float | None:
        """Give the level of its intervals."""
        return next((result.row["confidence_level"] for result in self.results), None)

    @cached_property
    def headlines(self) -> dict[tuple[str, str], Result]:
        """Give the results that are to be read, by metric and variation."""
        return {
            (result.metric, result.variation_id): result
            for result in self.results
            if result.is_headline
        }

    @cached_property
    def judge(self) -> Judge:
        """Give what it takes to say what its numbers mean."""
        few = (row["threshold"] for row in self.health if row["check_name"] == "too_few_units")
        verdicts = {row["verdict"] for row in self.decisions.values()}
        has_failed = any(row["status"] == FAILED for row in self.health)
        return Judge(self.is_running, has_failed or INVALID in verdicts, next(few, FEW_UNITS))

    def conclusion(self, metric: str, variation_id: str) -> str | None:
        """Give what was concluded of a guardrail."""
        row = self.conclusions.get((metric, variation_id))
        return None if row is None else str(row["conclusion"])


def read_experiment(tables: ReportTables, row: Row) -> Experiment:
    """Read what belongs to a row of `dim_experiments`."""
    own = row["experiment_id"]

    def read(table: str, *order_by: str) -> list[Row]:
        return tables.rows(table, order_by, experiment_id=own)

    results = [read_result(each) for each in read("experiment_results", "metric_name")]
    decisions = {each["variation_id"]: each for each in read("experiment_decisions")}
    conclusions = read("guardrail_conclusions")
    sums = read("variation_metrics")
    exposure_order = ("metric_name", "variation_id", "days_since_exposure")
    return Experiment(
        row=row,
        variations=_variations(read("dim_variations")),
        metrics=_metrics(tables, row, {result.metric for result in results}),
        decisions=decisions,
        conclusions={(each["metric_name"], each["variation_id"]): each for each in conclusions},
        health=read("experiment_health", "check_name", "segment_name", "segment_value"),
        exclusions=read("experiment_exclusions", "row_count desc", "reason"),
        results=results,
        segments=read("experiment_results_by_segment", "segment_name", "segment_value"),
        opposed_segments=read("opposed_segments", "variation_id", "place"),
        days=read("experiment_results_by_day", "as_of_date"),
        exposure_days=read("variation_metrics_by_exposure_day", *exposure_order),
        distributions=read("variation_metric_distributions", "bin_number"),
        sums={(each["metric_name"], each["variation_id"]): each for each in sums},
    )


def list_experiments(tables: ReportTables) -> list[Row]:
    """List the experiments, the latest first."""
    return tables.rows("dim_experiments", ("first_exposed_at desc", "experiment_id"))


def _variations(rows: list[Row]) -> list[Variation]:
    """Order variations: the reference first, then by name."""
    found = [
        Variation(
            str(row["variation_id"]),
            row["variation_name"] or str(row["variation_id"]),
            bool(row["is_reference_variation"]),
            row["traffic_share"],
            int(row["unit_count"] or 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (not each.is_reference, natural(each.name), each.id))


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Order names as people do: 2 before 10."""
    return [
        (part.isdecimal(), int(part) if part.isdecimal() else 0, part.lower())
        for part in re.split(r"(\d+)", name)
    ]


def _metrics(tables: ReportTables, row: Row, used: set[str]) -> list[Metric]:
    """Order metrics: the primary one, guardrails, the others, each by name."""
    found = [
        Metric(
            each["metric_name"],
            unit_of(each["unit"], each["currency"], each["currency_decimals"]),
            each["direction"],
            bool(each["is_guardrail"]),
            each["metric_name"] == row["primary_metric"],
            each,
        )
        for each in tables.rows("dim_metrics")
        if each["metric_name"] in used
    ]
    return sorted(
        found, key=lambda each: (not each.is_primary, not each.is_guardrail, natural(each.name))
    )


def grouped(rows: list[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    """Put rows together that have the same values in some columns, in their order."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups
