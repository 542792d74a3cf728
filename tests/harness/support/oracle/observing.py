"""What every type of metric observes on a unit, as of a moment.

A unit's observation is made of the rows that are in its metric's span and pass its filter. What
a type makes of them is the same for the time after the exposure and, where the metric has a
covariate, for the days before it; so each type is one function of "the rows of these sources that
pass this filter".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from oracle.exposure import Unit
from oracle.metrics import Filter, Metric, Number, Part, Row, Source, Step, Value, parts_of
from oracle.raw import DAY, HOUR, Millis

COVARIATE_DAYS = 14

# --- the rows of a unit -------------------------------------------------------------------------


def utc_date(moment: Millis) -> date:
    """Name the UTC date of a moment."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)).date()


class Exposed(NamedTuple):
    """A unit with the rows of each source that are its own, at any time up to the as-of time."""

    unit: Unit
    rows: Mapping[Source, Sequence[Row]]
    as_of: Millis

    def after(self, hours: Number) -> Fraction:
        """Name the moment so many hours after the exposure."""
        return self.unit.exposed_at + Fraction(hours) * HOUR

    def as_it_was(self, moment: Millis) -> "Exposed":
        """Give what was known of the unit at a moment."""
        return Exposed(
            self.unit,
            {
                source: [row for row in rows if row.timestamp <= moment]
                for source, rows in self.rows.items()
            },
            moment,
        )


Take = Callable[[Iterable[Source], Filter | None], list[Row]]
Span = Callable[[Metric, Exposed], Take]


def taking(exposed: Exposed, is_inside: Callable[[Millis], bool]) -> Take:
    """Make the function that takes the rows of several sources together, inside a span of time."""

    def take(sources: Iterable[Source], where: Filter | None) -> list[Row]:
        return [
            row
            for source in sources
            for row in exposed.rows[source]
            if is_inside(row.timestamp) and (where is None or where.holds(row))
        ]

    return take


def end_of(metric: Metric, exposed: Exposed) -> Number | None:
    """Name the end of the metric's window for a unit; None where it has none."""
    if metric.type in ("unit_count", "retention"):
        first, last = (
            (metric.from_day, metric.to_day)
            if metric.type == "retention"
            else (metric.start_day, metric.end_day)
        )
        # One day alone is its 24 hours.
        return None if last is None else exposed.after(24 * (last if last > first else last + 1))
    if "none" in (metric.window_hours, metric.window_days):
        return None
    if metric.window_hours is not None:
        return exposed.after(metric.window_hours)
    if metric.window_days is not None:
        return exposed.after(metric.window_days * 24)
    return exposed.unit.window_ends_at


def start_of(metric: Metric, exposed: Exposed) -> Number:
    """Name the moment from which rows count for a unit."""
    days = metric.from_day if metric.type == "retention" else metric.start_day
    return exposed.after(metric.delay_hours or 0) + (days or 0) * DAY


def after_exposure(metric: Metric, exposed: Exposed) -> Take:
    """Take rows from the metric's window: both its ends are included."""
    start, end = start_of(metric, exposed), end_of(metric, exposed)
    return taking(exposed, lambda at: start <= at and (end is None or at <= end))


def before_exposure(metric: Metric, exposed: Exposed) -> Take:
    """Take rows from the days before the exposure, without its instant."""
    days = COVARIATE_DAYS if metric.cuped_days is None else metric.cuped_days
    start = exposed.after(-24 * Fraction(days))
    return taking(exposed, lambda at: start <= at < exposed.unit.exposed_at)


def matures_at(metric: Metric, exposed: Exposed) -> Number | None:
    """Name the moment from which a unit was observed long enough; None where that never is."""
    if metric.type == "ratio":
        ends = [end_of(metric.within(part), exposed) for part in parts_of_ratio(metric)]
        return None if None in ends else max(ends)
    if metric.type == "retention" and metric.to_day is None:
        return exposed.after(metric.from_day * 24)
    return end_of(metric, exposed)


# --- aggregates ---------------------------------------------------------------------------------


def values(rows: Iterable[Row], value: Value | None) -> list[Fraction]:
    """Take the values of rows, without nulls."""
    return [Fraction(value.of(row)) for row in rows if value.of(row) is not None]


def at_threshold(rows: list[Row], value: Value | None, threshold: Number) -> Fraction:
    """Say whether the sum of the values is at least the threshold; no values have no sum."""
    numbers = values(rows, value)
    return Fraction(bool(numbers) and sum(numbers) >= Fraction(threshold))


def by_time(rows: list[Row], value: Value, *, is_last: bool) -> Fraction | None:
    """Take the value of the earliest or latest row that has one; of a tie the outermost value."""
    dated = [(row.timestamp, Fraction(value.of(row))) for row in rows if value.of(row) is not None]
    if not dated:
        return None
    return (max(dated) if is_last else min(dated))[1]


def aggregate_numbers(kind: str, numbers: list[Fraction]) -> Fraction | None:
    """Make the values of a unit into one number; None is SQL's null."""
    if not numbers:
        return None
    return {
        "sum": sum(numbers),
        "mean": sum(numbers) / len(numbers),
        "min": min(numbers),
        "max": max(numbers),
    }[kind]


def is_value(value: Number | str | None) -> bool:
    """Say whether a value is one: null is none, nor is a text without anything but white space."""
    return bool(value.strip()) if isinstance(value, str) else value is not None


def aggregate(
    kind: str, rows: list[Row], value: Value | None, threshold: Number | None = None
) -> Fraction | None:
    """Make the rows of a unit into one number; None where there are none, or only null values."""
    if not rows:
        return None
    match kind:
        case "conversion" | "count":
            return Fraction(1 if kind == "conversion" else len(rows))
        case "count_distinct":
            found = {value.of(row) for row in rows if is_value(value.of(row))}
            return Fraction(len(found)) if found else None
        case "threshold":
            return at_threshold(rows, value, threshold)
        case "first" | "latest":
            return by_time(rows, value, is_last=kind == "latest")
    return aggregate_numbers(kind, values(rows, value))


# --- what a type makes of the rows --------------------------------------------------------------


class Seen(NamedTuple):
    """What is seen of a unit; None where nothing is. A ratio has a denominator."""

    number: Fraction | None
    denominator: Fraction | None = None


def see_aggregate(metric: Metric, _: Exposed, take: Take) -> Seen:
    """Aggregate the rows that count."""
    rows = take(metric.sources, metric.where)
    return Seen(aggregate(metric.type, rows, metric.value, metric.threshold))


def see_time_to(metric: Metric, exposed: Exposed, take: Take) -> Seen:
    """Take the hours to the first row that counts."""
    moments = [row.timestamp for row in take(metric.sources, metric.where)]
    return Seen(Fraction(min(moments) - exposed.unit.exposed_at, HOUR) if moments else None)


def parts_of_ratio(metric: Metric) -> tuple[Part, Part]:
    """Give the numerator and the denominator."""
    return metric.numerator, metric.denominator


def see_ratio(metric: Metric, exposed: Exposed, span: Span) -> Seen:
    """Aggregate numerator and denominator, each over its span; one without rows is 0."""

    def number(part: Part) -> Fraction | None:
        rows = span(metric.within(part), exposed)(part.sources, part.where)
        return aggregate(part.type, rows, part.value, part.threshold)

    numerator, denominator = map(number, parts_of_ratio(metric))
    if numerator is None and denominator is None:
        return Seen(None, Fraction(0))
    return Seen(numerator or Fraction(0), denominator or Fraction(0))


def see_unit_count(metric: Metric, exposed: Exposed, take: Take) -> Seen:
    """See whether the unit takes part, or on which share of its days."""
    passing = take(metric.sources, metric.where)
    if metric.rollup == "daily":
        active_count = len({utc_date(row.timestamp) for row in passing})
        days = (utc_date(exposed.as_of) - utc_date(exposed.unit.exposed_at)).days + 1
        return Seen(Fraction(active_count, days) if passing else None)
    if metric.rollup == "latest":
        every = take(metric.sources, None)
        last = max((utc_date(row.timestamp) for row in every), default=None)
        is_passing = any(utc_date(row.timestamp) == last for row in passing)
        return Seen(Fraction(is_passing) if every else None)
    return Seen(Fraction(1) if passing else None)


def see_retention(metric: Metric, _: Exposed, take: Take) -> Seen:
    """See whether the unit came back."""
    return Seen(Fraction(1) if take(metric.sources, metric.where) else None)


def see_conditions(metric: Metric, _: Exposed, take: Take) -> Seen:
    """See whether all or any of the conditions have a row."""
    met = [bool(take(each.sources or metric.sources, each.where)) for each in metric.conditions]
    if not any(met):
        return Seen(None)
    return Seen(Fraction(all(met) if metric.type == "all_of" else any(met)))


def see_quantile(metric: Metric, _: Exposed, take: Take) -> Seen:
    """Take the unit's value; of events, the mean of theirs."""
    kind = "mean" if metric.of == "events" else metric.unit_value or "sum"
    return Seen(aggregate(kind, take(metric.sources, metric.where), metric.value))


SEE: dict[str, Callable[[Metric, Exposed, Take], Seen]] = {
    "time_to": see_time_to,
    "unit_count": see_unit_count,
    "retention": see_retention,
    "all_of": see_conditions,
    "any_of": see_conditions,
    "quantile": see_quantile,
}

# --- funnels ------------------------------------------------------------------------------------


def place(metric: Metric, source: Source, row: Row) -> tuple:
    """Give the place of a row of a source among the rows of its unit."""
    passed = [
        source in (step.sources or metric.sources) and step.where.holds(row)
        for step in metric.steps
    ]
    numbers = [number for number, passes in enumerate(passed) if passes]
    return (row.timestamp, min(numbers, default=0), max(numbers, default=0), passed)


def chains(
    rows: Mapping[Source, list[Row]], metric: Metric, steps: Sequence[Step]
) -> Iterator[list[tuple[Source, int]]]:
    """Give every chain of different rows, one per step, in the order and time of the steps.

    Rows of one instant are in the order of the first step that they pass, then of the last. Those
    that pass the same steps are in any order.
    """
    if not steps:
        yield []
        return
    *earlier, step = steps
    for chain in chains(rows, metric, earlier):
        for source in step.sources or metric.sources:
            for number, row in enumerate(rows[source]):
                link = (source, number)
                if link in chain or not step.where.holds(row):
                    continue
                if chain:
                    last_source, last_number = chain[-1]
                    last = rows[last_source][last_number]
                    if place(metric, source, row) < place(metric, last_source, last):
                        continue
                    waited = row.timestamp - last.timestamp
                    if step.within_hours is not None and waited > step.within_hours * HOUR:
                        continue
                yield [*chain, link]


def see_funnel(metric: Metric, exposed: Exposed, take: Take) -> dict[str, Seen]:
    """See which steps a unit reached, and the ratio of each step to the one before."""
    rows = {source: take([source], None) for source in exposed.rows}
    is_seen = any(
        step.where.holds(row)
        for step in metric.steps
        for source in step.sources or metric.sources
        for row in rows[source]
    )
    reached = [
        Fraction(next(chains(rows, metric, metric.steps[: number + 1]), None) is not None)
        for number in range(len(metric.steps))
    ]
    found = {}
    for number, step in enumerate(metric.steps):
        reached_it = reached[number] if is_seen else None
        found[f"{metric.name}: {step.name}"] = Seen(reached_it)
        if number > 0:
            before = metric.steps[number - 1]
            found[f"{metric.name}: {before.name} to {step.name}"] = Seen(
                reached_it, reached[number - 1]
            )
    return found


# --- observations -------------------------------------------------------------------------------


class Observation(NamedTuple):
    """A unit's observation of a metric; all but `is_mature` are None where the unit leaves it."""

    observation: Fraction | None
    denominator: Fraction | None = None
    covariate: Fraction | None = None
    covariate_denominator: Fraction | None = None
    is_mature: bool = False
    is_ratio: bool = False
    event_values: tuple[Fraction, ...] = ()


def see(metric: Metric, exposed: Exposed, span: Span) -> dict[str, Seen]:
    """See a metric on a unit, by the names of the metrics that it makes (a funnel: several)."""
    if metric.type == "ratio":
        return {metric.name: see_ratio(metric, exposed, span)}
    take = span(metric, exposed)
    if metric.type == "funnel":
        return see_funnel(metric, exposed, take)
    return {metric.name: SEE.get(metric.type, see_aggregate)(metric, exposed, take)}


def see_before(metric: Metric, exposed: Exposed) -> Seen:
    """See the same before the exposure: without rows, the default, or 0."""
    if not metric.cuped:
        return Seen(None)
    (seen,) = see(metric, exposed, before_exposure).values()
    number = metric.default or Fraction(0) if seen.number is None else seen.number
    return Seen(number, seen.denominator)


def observe_part(metric: Metric, exposed: Exposed) -> dict[str, Observation]:
    """Observe a metric without a breakdown."""
    end = matures_at(metric, exposed)
    is_mature = end is not None and end <= exposed.as_of
    before = see_before(metric, exposed)
    event_values: list[Fraction] = []
    if metric.of == "events":
        rows = after_exposure(metric, exposed)(metric.sources, metric.where)
        event_values = values(rows, metric.value)
    found = {}
    for name, seen in see(metric, exposed, after_exposure).items():
        is_ratio = seen.denominator is not None
        number = metric.default if seen.number is None else seen.number
        leaves = (
            number is None
            or (not is_mature and (metric.mature_only or metric.type == "retention"))
            or (metric.zero_denominator == "drop" and seen.denominator == 0)
        )
        found[name] = (
            Observation(None, is_mature=is_mature, is_ratio=is_ratio)
            if leaves
            else Observation(
                number,
                seen.denominator,
                *before,
                is_mature=is_mature,
                is_ratio=is_ratio,
                event_values=tuple(event_values),
            )
        )
    return found


def observe(metric: Metric, exposed: Exposed) -> dict[str, Observation]:
    """Observe a metric on a unit, by the names of the metrics that it makes."""
    return {
        name: observation
        for part in parts_of(metric)
        for name, observation in observe_part(part, exposed).items()
    }
