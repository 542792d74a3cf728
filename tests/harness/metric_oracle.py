"""What every type of metric must observe, computed a second time in plain Python.

The pipeline underneath (who is exposed, which rows are whose) is `oracle`'s; this module turns the
rows of a unit into observations, and the observations of a variation into its summary. It shares no
code with the macros. Like `oracle` it is slow and literal: a funnel tries every chain of rows.

A metric is a `Metric`: what its file says, with a Python function beside each piece of SQL.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from oracle import (
    HOUR,
    Event,
    Key,
    Millis,
    StagedCall,
    Table,
    Unit,
    World,
    as_of,
    attribute,
    expose_all,
    grouped,
    stage_calls,
    stage_decisions,
    stage_events,
    unit_key,
)

Row = Event | StagedCall
Number = int | float | Fraction
Source = Literal["events", "calls"]
DAY: Millis = 24 * HOUR

# --- definitions --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """A condition on a row: as SQL, and in Python. A null that SQL would give is a False here."""

    sql: str
    holds: Callable[[Row], bool]


@dataclass(frozen=True)
class Value:
    """A value of a row: as SQL, and in Python."""

    sql: str
    of: Callable[[Row], Number | str | None]


@dataclass(frozen=True)
class Part:
    """The numerator or the denominator of a ratio."""

    type: str
    sources: tuple[Source, ...] = ("events",)
    where: Filter | None = None
    value: Value | None = None
    threshold: Number | None = None


@dataclass(frozen=True)
class Condition:
    """One condition of `all_of` and `any_of`; without sources it has the metric's."""

    where: Filter
    sources: tuple[Source, ...] | None = None


@dataclass(frozen=True)
class Step:
    """One step of a funnel; without sources it has the metric's."""

    name: str
    where: Filter
    sources: tuple[Source, ...] | None = None
    within_hours: Number | None = None


@dataclass(frozen=True)
class Metric:
    """One call of `metric_observations`; None is an argument that isn't given.

    `default_value` is the text 'none' where the metric says none.
    """

    name: str
    type: str
    sources: tuple[Source, ...] | None = ("events",)
    where: Filter | None = None
    value: Value | None = None
    window_hours: Number | Literal["none"] | None = None
    window_days: Number | Literal["none"] | None = None
    delay_hours: Number | None = None
    default_value: Number | Literal["none"] | None = None
    mature_only: bool = False
    threshold: Number | None = None
    numerator: Part | None = None
    denominator: Part | None = None
    zero_denominator: Literal["keep", "drop"] | None = None
    rollup: Literal["one_time", "daily", "latest", "window"] | None = None
    start_day: int | None = None
    end_day: int | None = None
    from_day: int | None = None
    to_day: int | None = None
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()


# --- the rows that count ------------------------------------------------------------------------


class Exposed(NamedTuple):
    """A unit with the rows of each source that are its own, at any time up to the as-of time."""

    unit: Unit
    rows: Mapping[Source, Sequence[Row]]
    as_of: Millis

    def taken_together(self, sources: Iterable[Source]) -> list[Row]:
        """Take the rows of several sources together."""
        return [row for source in sources for row in self.rows[source]]

    def after(self, hours: Number) -> Fraction:
        """Name the moment so many hours after the exposure."""
        return self.unit.exposed_at + Fraction(hours) * HOUR


def passing(rows: Iterable[Row], where: Filter | None) -> list[Row]:
    """Keep the rows that pass a filter; without one all do."""
    return [row for row in rows if where is None or where.holds(row)]


def between(rows: Iterable[Row], start: Number, end: Number | None) -> list[Row]:
    """Keep the rows from start to end, both included; without an end all from the start."""
    return [row for row in rows if start <= row.timestamp and (end is None or row.timestamp <= end)]


def end_of(metric: Metric, exposed: Exposed) -> Number | None:
    """Name the end of the metric's window for a unit; None where it has none."""
    if "none" in (metric.window_hours, metric.window_days):
        return None
    if metric.window_hours is not None:
        return exposed.after(metric.window_hours)
    if metric.window_days is not None:
        return exposed.after(metric.window_days * 24)
    return exposed.unit.window_ends_at


def rows_that_count(
    metric: Metric, exposed: Exposed, sources: Iterable[Source], where: Filter | None
) -> list[Row]:
    """Take the rows inside the metric's window that pass a filter."""
    start = exposed.after(metric.delay_hours or 0)
    rows = between(exposed.taken_together(sources), start, end_of(metric, exposed))
    return passing(rows, where)


# --- aggregates ---------------------------------------------------------------------------------


def values(rows: Iterable[Row], value: Value | None) -> list[Fraction]:
    """Take the values of rows, without nulls."""
    return [Fraction(value.of(row)) for row in rows if value.of(row) is not None]


def at_threshold(rows: list[Row], value: Value | None, threshold: Number) -> Fraction | None:
    """Say whether the sum of the values is at least the threshold."""
    sum_of_values = aggregate_numbers("sum", values(rows, value))
    return None if sum_of_values is None else Fraction(sum_of_values >= Fraction(threshold))


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


def aggregate(
    kind: str, rows: list[Row], value: Value | None, threshold: Number | None
) -> Fraction | None:
    """Make the rows of a unit, one or more, into one number; None is SQL's null."""
    match kind:
        case "conversion":
            return Fraction(1)
        case "count":
            return Fraction(len(rows))
        case "count_distinct":
            return Fraction(len({value.of(row) for row in rows} - {None}))
        case "threshold":
            return at_threshold(rows, value, threshold)
        case "first" | "latest":
            return by_time(rows, value, is_last=kind == "latest")
    return aggregate_numbers(kind, values(rows, value))


# --- observations -------------------------------------------------------------------------------


class Observation(NamedTuple):
    """A unit's observation of a metric; `is_ratio` says whether the metric has denominators."""

    observation: Fraction | None
    denominator: Fraction | None = None
    is_mature: bool = False
    is_ratio: bool = False


def observe_aggregate(metric: Metric, exposed: Exposed) -> Observation:
    """Aggregate the rows that count; without a number the default."""
    rows = rows_that_count(metric, exposed, metric.sources, metric.where)
    number = aggregate(metric.type, rows, metric.value, metric.threshold) if rows else None
    if number is not None:
        return Observation(number)
    default = 0 if metric.default_value is None else metric.default_value
    return Observation(None if default == "none" else Fraction(default))


def observe_time_to(metric: Metric, exposed: Exposed) -> Observation:
    """Take the hours to the first row that counts; without one the unit leaves."""
    rows = rows_that_count(metric, exposed, metric.sources, metric.where)
    if not rows:
        return Observation(None)
    first_at = min(row.timestamp for row in rows)
    return Observation(Fraction(first_at - exposed.unit.exposed_at, HOUR))


def observe_ratio(metric: Metric, exposed: Exposed) -> Observation:
    """Aggregate numerator and denominator over the same window; nothing is 0."""

    def number(part: Part) -> Fraction:
        rows = rows_that_count(metric, exposed, part.sources, part.where)
        found = aggregate(part.type, rows, part.value, part.threshold) if rows else None
        return Fraction(0) if found is None else found

    numerator, denominator = number(metric.numerator), number(metric.denominator)
    if metric.zero_denominator == "drop" and denominator == 0:
        return Observation(None, is_ratio=True)
    return Observation(numerator, denominator, is_ratio=True)


def utc_date(moment: Millis) -> date:
    """Name the UTC date of a moment."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)).date()


def observe_unit_count(metric: Metric, exposed: Exposed) -> Observation:
    """Count the unit, or the days on which it counts."""
    exposed_at = exposed.unit.exposed_at
    rows = between(exposed.taken_together(metric.sources), exposed_at, None)
    if metric.rollup == "daily":
        active = {utc_date(row.timestamp) for row in passing(rows, metric.where)}
        days = (utc_date(exposed.as_of) - utc_date(exposed_at)).days + 1
        return Observation(Fraction(len(active), days))
    if metric.rollup == "latest":
        last = max((utc_date(row.timestamp) for row in rows), default=None)
        rows = [row for row in rows if utc_date(row.timestamp) == last]
    if metric.rollup == "window":
        start, end = (exposed.after(day * 24) for day in (metric.start_day, metric.end_day))
        rows = between(rows, start, end)
    return Observation(Fraction(bool(passing(rows, metric.where))))


def observe_retention(metric: Metric, exposed: Exposed) -> Observation:
    """Say whether a unit came back in time; one whose time isn't over leaves."""
    if ends_at(metric, exposed) > exposed.as_of:
        return Observation(None)
    start = exposed.after(metric.from_day * 24)
    end = None if metric.to_day is None else exposed.after(metric.to_day * 24)
    rows = between(exposed.taken_together(metric.sources), start, end)
    return Observation(Fraction(bool(passing(rows, metric.where))))


def observe_conditions(metric: Metric, exposed: Exposed) -> Observation:
    """Say whether all or any of the conditions have a row."""
    met = [
        bool(rows_that_count(metric, exposed, each.sources or metric.sources, each.where))
        for each in metric.conditions
    ]
    return Observation(Fraction(all(met) if metric.type == "all_of" else any(met)))


def chains(
    rows: Mapping[Source, list[Row]], metric: Metric, steps: Sequence[Step]
) -> Iterator[list[tuple[Source, int]]]:
    """Give every chain of rows, one per step, in the order and time of the steps.

    A step's row is another than that of the step before. Steps 1 and 3 may be the same row, which
    takes three steps at one instant: the semantics speak of neighbours only.
    """
    if not steps:
        yield []
        return
    *earlier, step = steps
    for chain in chains(rows, metric, earlier):
        for source in step.sources or metric.sources:
            for number, row in enumerate(rows[source]):
                link = (source, number)
                if link in chain[-1:] or not step.where.holds(row):
                    continue
                if chain:
                    last_source, last_number = chain[-1]
                    waited = row.timestamp - rows[last_source][last_number].timestamp
                    if waited < 0:
                        continue
                    if step.within_hours is not None and waited > step.within_hours * HOUR:
                        continue
                yield [*chain, link]


def observe_funnel(metric: Metric, exposed: Exposed) -> dict[str, Observation]:
    """Say which steps a unit reached, and give the ratio of each step to the one before."""
    rows = {source: rows_that_count(metric, exposed, [source], None) for source in exposed.rows}
    reached = [
        Fraction(next(chains(rows, metric, metric.steps[: number + 1]), None) is not None)
        for number in range(len(metric.steps))
    ]
    found = {
        f"{metric.name}: {step.name}": Observation(is_reached)
        for step, is_reached in zip(metric.steps, reached, strict=True)
    }
    for number in range(1, len(reached)):
        before, step = metric.steps[number - 1], metric.steps[number]
        found[f"{metric.name}: {before.name} to {step.name}"] = Observation(
            reached[number], reached[number - 1], is_ratio=True
        )
    return found


OBSERVERS: dict[str, Callable[[Metric, Exposed], Observation]] = {
    "time_to": observe_time_to,
    "ratio": observe_ratio,
    "unit_count": observe_unit_count,
    "retention": observe_retention,
    "all_of": observe_conditions,
    "any_of": observe_conditions,
}


def ends_at(metric: Metric, exposed: Exposed) -> Number | None:
    """Name the moment from which a unit's observation can't change; None where there is none."""
    if metric.type == "retention":
        return exposed.after((metric.from_day if metric.to_day is None else metric.to_day) * 24)
    if metric.type == "unit_count":
        return exposed.after(metric.end_day * 24) if metric.rollup == "window" else None
    return end_of(metric, exposed)


def observe(metric: Metric, exposed: Exposed) -> dict[str, Observation]:
    """Observe a metric on a unit, by the names of the metrics that it makes (a funnel: several)."""
    if metric.type == "funnel":
        found = observe_funnel(metric, exposed)
    else:
        found = {metric.name: OBSERVERS.get(metric.type, observe_aggregate)(metric, exposed)}
    end = ends_at(metric, exposed)
    is_mature = end is not None and end <= exposed.as_of
    is_left_out = metric.mature_only and not is_mature
    return {
        name: Observation(
            None if is_left_out else each.observation,
            None if is_left_out else each.denominator,
            is_mature,
            each.is_ratio,
        )
        for name, each in found.items()
    }


# --- summaries ----------------------------------------------------------------------------------


def covariance(xs: list[Fraction], ys: list[Fraction]) -> Fraction:
    """Give the sample covariance of two or more pairs."""
    count = len(xs)
    mean_x, mean_y = sum(xs, Fraction(0)) / count, sum(ys, Fraction(0)) / count
    products = [(x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)]
    return sum(products, Fraction(0)) / (count - 1)


def rounded(number: Fraction | None) -> float | None:
    """Round once, at the end."""
    return None if number is None else float(number)


def summary_of_means(numerators: list[Fraction]) -> dict[str, object]:
    """Summarise a metric without denominators."""
    count = len(numerators)
    observation_sum = sum(numerators, Fraction(0)) if count else None
    return {
        "unit_count": count,
        "observation_sum": rounded(observation_sum),
        "denominator_sum": None,
        "metric_value": rounded(observation_sum / count) if count else None,
        "variance": rounded(covariance(numerators, numerators)) if count > 1 else None,
    }


def summary_of_ratio(numerators: list[Fraction], denominators: list[Fraction]) -> dict[str, object]:
    """Summarise a ratio; its variance is that of the delta method."""
    count = len(numerators)
    observation_sum = sum(numerators, Fraction(0)) if count else None
    denominator_sum = sum(denominators, Fraction(0)) if count else None
    ratio = observation_sum / denominator_sum if denominator_sum else None
    variance = None
    if ratio is not None and count > 1:
        mean = denominator_sum / count
        variance = (
            covariance(numerators, numerators)
            - 2 * ratio * covariance(numerators, denominators)
            + ratio**2 * covariance(denominators, denominators)
        ) / mean**2
    return {
        "unit_count": count,
        "observation_sum": rounded(observation_sum),
        "denominator_sum": rounded(denominator_sum),
        "metric_value": rounded(ratio),
        "variance": rounded(variance),
    }


def summary(observations: list[Observation]) -> dict[str, object]:
    """Summarise the observations of a variation; units without an observation are no units."""
    present = [each for each in observations if each.observation is not None]
    numerators = [each.observation for each in present]
    if observations[0].is_ratio:
        return summary_of_ratio(numerators, [each.denominator for each in present])
    return summary_of_means(numerators)


# --- the tables ---------------------------------------------------------------------------------


def exposed_units(world: World) -> list[Exposed]:
    """Run the pipeline up to the rows of each unit."""
    decisions, events, calls = stage_decisions(world), stage_events(world), stage_calls(world)
    now = as_of(world, decisions.kept, events.kept, calls.kept)
    units = expose_all(decisions.kept, world, now).kept
    rows_of: dict[Source, dict[Key, list[tuple[Unit, Row]]]] = {
        source: grouped(attribute(rows, units, world, now).of_units, lambda pair: unit_key(pair[0]))
        for source, rows in (("events", events.kept), ("calls", calls.kept))
    }
    return [
        Exposed(
            unit,
            {
                source: [row for _, row in of_unit.get(unit_key(unit), [])]
                for source, of_unit in rows_of.items()
            },
            now,
        )
        for unit in units
    ]


def metric_tables(world: World, metrics: Iterable[Metric]) -> dict[str, Table]:
    """Give `fct_metric_observations` and `variation_metrics`, each from its key to its columns."""
    metrics = list(metrics)
    observed = [
        (exposed.unit, name, observation)
        for exposed in exposed_units(world)
        for metric in metrics
        for name, observation in observe(metric, exposed).items()
    ]
    per_variation = grouped(
        observed, lambda row: (row[0].experiment_id, row[1], row[0].variation_id)
    )
    return {
        "fct_metric_observations": {
            (unit.experiment_id, name, unit.unit_id): {
                "variation_id": unit.variation_id,
                "exposed_at": unit.exposed_at,
                "observation": rounded(each.observation),
                "denominator": rounded(each.denominator),
                "is_mature": each.is_mature,
            }
            for unit, name, each in observed
        },
        "variation_metrics": {
            key: summary([each for _, _, each in rows]) for key, rows in per_variation.items()
        },
    }
