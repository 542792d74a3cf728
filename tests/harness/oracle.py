"""What the pipeline must produce, computed a second time, in plain Python without SQL or pandas.

The oracle shares no code with the models. It is slow and literal on purpose, one function per rule,
so that a reader can hold each against the documented semantics. Times are epoch milliseconds (UTC),
sums are `Fraction`s until they are handed out, and every table is a dict from the table's key to
its other columns.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import NamedTuple, TypeVar

Millis = int
Key = tuple[Hashable, ...]
Table = dict[Key, dict[str, object]]
Row = TypeVar("Row")

HOUR: Millis = 60 * 60 * 1000
NOT_SET = "(not set)"
SOURCES = ("decisions", "events", "calls")


# --- raw rows, seeds, settings ------------------------------------------------------------------


@dataclass(frozen=True)
class Attribute:
    """One attribute of a decision, as the export holds it."""

    name: str | None
    type: str | None
    value: str | None
    id: str | None = None


@dataclass(frozen=True)
class Decision:
    """One raw row of `type=decisions`: the columns that can change a result."""

    uuid: str | None
    timestamp: Millis | None
    visitor_id: str | None
    experiment_id: str | None
    variation_id: str | None
    is_holdback: bool | None = False
    process_timestamp: Millis | None = None
    session_id: str | None = None
    attributes: tuple[Attribute | None, ...] | None = ()
    user_agent: str | None = None


@dataclass(frozen=True)
class Event:
    """One raw row of `type=events`: the columns that can change a result."""

    uuid: str | None
    timestamp: Millis | None
    visitor_id: str | None
    event_name: str | None
    process_timestamp: Millis | None = None
    entity_id: str | None = None
    event_type: str | None = None
    revenue: int | None = None
    value: float | None = None
    quantity: int | None = None
    user_agent: str | None = None
    tags: tuple[tuple[str, str | None], ...] | None = ()


@dataclass(frozen=True)
class Call:
    """One raw call record: text, as the CSV holds it."""

    user_id: str | None
    call_start: str | None
    call_duration_min: str | None


@dataclass(frozen=True)
class NamedVariation:
    """One row of the seed `variations`."""

    experiment_id: str
    experiment_name: str
    variation_id: str
    variation_name: str
    is_reference: bool = False
    traffic_share: float | None = None


@dataclass(frozen=True)
class Settings:
    """The dbt vars that change a result."""

    window_hours: float = 48
    crossover_policy: str = "first"
    as_of: Millis | None = None
    segments: tuple[str, ...] = ("browser",)
    bot_patterns: tuple[str, ...] = ("%bot%",)

    @property
    def window(self) -> Millis:
        """Length of the attribution window."""
        return round(self.window_hours * HOUR)


@dataclass(frozen=True)
class World:
    """Everything the pipeline reads: raw rows, seeds and settings."""

    decisions: tuple[Decision, ...] = ()
    events: tuple[Event, ...] = ()
    calls: tuple[Call, ...] = ()
    named_variations: tuple[NamedVariation, ...] = ()
    excluded_visitors: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)


# --- what comes out -----------------------------------------------------------------------------


@dataclass(frozen=True)
class StagedCall:
    """A call record that could be read."""

    visitor_id: str
    timestamp: Millis
    duration: float


@dataclass(frozen=True)
class Unit:
    """One exposed visitor of one experiment."""

    experiment_id: str
    unit_id: str
    variation_id: str
    exposed_at: Millis
    window_ends_at: Millis
    is_crossover: bool
    decision_id: str
    attributes: Mapping[str, str]

    def has_in_window(self, timestamp: Millis) -> bool:
        """Both ends of the window count."""
        return self.exposed_at <= timestamp <= self.window_ends_at


@dataclass(frozen=True)
class Expected:
    """The public tables, each from its key to its other columns; the key is named beside it.

    Calls have no id that could be foretold: identical ones are numbered.
    """

    experiment_units: Table  # experiment_id, unit_id
    experiment_unit_attributes: Table  # experiment_id, unit_id, segment_name
    unit_events: Table  # experiment_id, unit_id, event_id
    unit_calls: Table  # experiment_id, unit_id, occurred_at, call_duration_min, number
    experiment_events: Table  # experiment_id, unit_id, event_id
    experiment_calls: Table  # experiment_id, unit_id, occurred_at, call_duration_min, number
    fct_metric_observations: Table  # experiment_id, metric_name, unit_id
    variation_metrics: Table  # experiment_id, metric_name, variation_id
    variation_metrics_by_segment: Table  # … variation_id, segment_name, segment_value
    variation_event_counts: Table  # experiment_id, variation_id, event_name
    excluded_rows: Table  # source_name, reason
    source_row_counts: Table  # source_name


class Split(NamedTuple):
    """Rows that go on, and how many were left out for which reason."""

    kept: list
    excluded: Counter[str]


def split(rows: Iterable[Row], reason_of: Callable[[Row], str | None]) -> Split:
    """Keep the rows that no reason speaks against; count the others by their reason."""
    kept: list[Row] = []
    excluded: Counter[str] = Counter()
    for row in rows:
        reason = reason_of(row)
        if reason is None:
            kept.append(row)
        else:
            excluded[reason] += 1
    return Split(kept, excluded)


def first_reason(checks: Iterable[tuple[str, bool]]) -> str | None:
    """Name the first reason that holds."""
    return next((reason for reason, holds in checks if holds), None)


# --- staging ------------------------------------------------------------------------------------


def is_missing(text: str | None) -> bool:
    """Null, or nothing but whitespace."""
    return text is None or text.strip() == ""


def is_missing_visitor(visitor_id: str | None) -> bool:
    """Null, blank or exactly `undefined`; the text "NULL" is a valid id."""
    return is_missing(visitor_id) or visitor_id == "undefined"


def is_bot(user_agent: str | None, patterns: Iterable[str]) -> bool:
    """Match the user agent against case-insensitive SQL LIKE patterns; nobody's agent is no bot."""
    return user_agent is not None and any(_is_like(user_agent, pattern) for pattern in patterns)


def _is_like(text: str, pattern: str) -> bool:
    wildcards = {"%": ".*", "_": "."}
    regex = "".join(wildcards.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(regex, text, re.IGNORECASE | re.DOTALL) is not None


def decision_rejection(decision: Decision) -> str | None:
    """Say why a raw decision can't be staged."""
    return first_reason(
        [
            ("missing_uuid", is_missing(decision.uuid)),
            ("missing_visitor_id", is_missing_visitor(decision.visitor_id)),
            ("missing_timestamp", decision.timestamp is None),
            ("missing_experiment_id", is_missing(decision.experiment_id)),
            ("missing_variation_id", is_missing(decision.variation_id)),
            ("missing_holdback_flag", decision.is_holdback is None),
        ]
    )


def event_rejection(event: Event) -> str | None:
    """Say why a raw event can't be staged; a null event_name is no reason."""
    return first_reason(
        [
            ("missing_uuid", is_missing(event.uuid)),
            ("missing_visitor_id", is_missing_visitor(event.visitor_id)),
            ("missing_timestamp", event.timestamp is None),
        ]
    )


def call_rejection(call: Call) -> str | None:
    """Say why a raw call can't be staged."""
    return first_reason(
        [
            ("missing_visitor_id", is_missing_visitor(call.user_id)),
            ("unreadable_call_start", read_call_start(call.call_start) is None),
            ("unreadable_call_duration", read_duration(call.call_duration_min) is None),
        ]
    )


def read_call_start(text: str | None) -> Millis | None:
    """Read `9/15/2020 23:00:00`, month first, UTC."""
    try:
        moment = datetime.strptime(text or "", "%m/%d/%Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 1000


def read_duration(text: str | None) -> float | None:
    """Read a finite number: NaN and infinity would poison every mean they enter."""
    try:
        duration = float(text or "")
    except ValueError:
        return None
    return duration if math.isfinite(duration) else None


def nulls_last(value: Hashable) -> tuple[bool, Hashable]:
    """Sort key that puts None after every value."""
    return (value is None, value)


def attributes_text(decision: Decision) -> str | None:
    """Write the attributes as one text, so that two lists can be ordered."""
    return None if decision.attributes is None else repr(decision.attributes)


def tags_text(event: Event) -> str | None:
    """Write the tags as one text, so that two maps can be ordered."""
    if event.tags is None:
        return None
    return "{" + ", ".join(f"{key}={value}" for key, value in event.tags) + "}"


def decision_order(decision: Decision, patterns: Iterable[str]) -> Key:
    """Total order of the decisions of one uuid: the smallest wins."""
    return (
        decision.timestamp,
        nulls_last(decision.process_timestamp),
        decision.visitor_id,
        decision.experiment_id,
        decision.variation_id,
        decision.is_holdback,
        is_bot(decision.user_agent, patterns),
        nulls_last(decision.session_id),
        nulls_last(attributes_text(decision)),
    )


def event_order(event: Event, patterns: Iterable[str]) -> Key:
    """Total order of the events of one uuid: the smallest wins."""
    return (
        event.timestamp,
        nulls_last(event.process_timestamp),
        event.visitor_id,
        nulls_last(event.event_name),
        nulls_last(event.entity_id),
        nulls_last(event.event_type),
        nulls_last(event.revenue),
        nulls_last(event.value),
        nulls_last(event.quantity),
        is_bot(event.user_agent, patterns),
        nulls_last(tags_text(event)),
    )


def one_per_uuid(rows: Iterable[Row], order: Callable[[Row], Key]) -> Split:
    """Keep the smallest row of each uuid, whatever the uuid's case; the others are duplicates."""
    by_uuid = grouped(rows, lambda row: row.uuid.lower())
    kept = [min(same_uuid, key=order) for same_uuid in by_uuid.values()]
    duplicate_count = sum(len(same_uuid) - 1 for same_uuid in by_uuid.values())
    return Split(kept, Counter({"duplicate_uuid": duplicate_count}))


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, list[Row]]:
    """Group rows by a key."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


def stage_decisions(world: World) -> Split:
    """Reject what can't be read, then keep one row per uuid."""
    patterns = world.settings.bot_patterns
    readable = split(world.decisions, decision_rejection)
    unique = one_per_uuid(readable.kept, lambda row: decision_order(row, patterns))
    return Split(unique.kept, readable.excluded + unique.excluded)


def stage_events(world: World) -> Split:
    """Reject what can't be read, then keep one row per uuid."""
    patterns = world.settings.bot_patterns
    readable = split(world.events, event_rejection)
    unique = one_per_uuid(readable.kept, lambda row: event_order(row, patterns))
    return Split(unique.kept, readable.excluded + unique.excluded)


def stage_calls(world: World) -> Split:
    """Reject what can't be read; calls have no uuid, so none is a duplicate."""
    readable = split(world.calls, call_rejection)
    calls = [
        StagedCall(
            row.user_id, read_call_start(row.call_start), read_duration(row.call_duration_min)
        )
        for row in readable.kept
    ]
    return Split(calls, readable.excluded)


# --- exposure -----------------------------------------------------------------------------------


def as_of(world: World, *staged: list) -> Millis:
    """Take the setting, else the latest staged timestamp of any source (never the clock)."""
    if world.settings.as_of is not None:
        return world.settings.as_of
    return max((row.timestamp for rows in staged for row in rows), default=0)


def decision_exclusion(decision: Decision, world: World, as_of: Millis) -> str | None:
    """Say why a staged decision exposes nobody."""
    return first_reason(
        [
            ("holdback", decision.is_holdback),
            ("bot", is_bot(decision.user_agent, world.settings.bot_patterns)),
            ("excluded_visitor", decision.visitor_id in world.excluded_visitors),
            ("after_as_of", decision.timestamp > as_of),
        ]
    )


def expose(decisions: list[Decision], settings: Settings) -> Split:
    """Make one visitor's decisions of one experiment into one unit, or into none."""
    first_at = min(decision.timestamp for decision in decisions)
    first_variations = {row.variation_id for row in decisions if row.timestamp == first_at}
    is_crossover = len({row.variation_id for row in decisions}) > 1
    if len(first_variations) > 1:
        return Split([], Counter({"tied_exposure": len(decisions)}))
    if is_crossover and settings.crossover_policy == "exclude":
        return Split([], Counter({"crossover": len(decisions)}))
    first = min(
        decisions,
        key=lambda row: (row.timestamp, nulls_last(row.process_timestamp), row.uuid.lower()),
    )
    unit = Unit(
        experiment_id=first.experiment_id,
        unit_id=first.visitor_id,
        variation_id=first.variation_id,
        exposed_at=first.timestamp,
        window_ends_at=first.timestamp + settings.window,
        is_crossover=is_crossover,
        decision_id=first.uuid.lower(),
        attributes=segments_of(first.attributes or ()),
    )
    return Split([unit], Counter({"repeat_decision": len(decisions) - 1}))


def segments_of(attributes: Iterable[Attribute | None]) -> dict[str, str]:
    """Reduce a decision's attributes to one value per segment: the smallest."""
    values: dict[str, list[str]] = defaultdict(list)
    for attribute in attributes:
        if attribute is not None and is_segment(attribute):
            values[segment_name(attribute)].append(attribute.value)
    return {name: min(same_name) for name, same_name in values.items()}


def segment_name(attribute: Attribute) -> str | None:
    """Take the name; Web experiments have none, there the type names the segment."""
    return attribute.type if is_missing(attribute.name) else attribute.name


def is_segment(attribute: Attribute) -> bool:
    """Drop null values, Optimizely's own attributes, and what nothing names."""
    is_internal = attribute.type == "metadata" or (attribute.name or "").startswith("$opt_")
    return attribute.value is not None and not is_internal and segment_name(attribute) is not None


def expose_all(decisions: list[Decision], world: World, as_of: Millis) -> Split:
    """Make the staged decisions into units."""
    eligible = split(decisions, lambda row: decision_exclusion(row, world, as_of))
    per_unit = grouped(eligible.kept, lambda row: (row.experiment_id, row.visitor_id))
    exposures = [expose(rows, world.settings) for rows in per_unit.values()]
    units = [unit for exposure in exposures for unit in exposure.kept]
    return Split(units, sum((each.excluded for each in exposures), eligible.excluded))


# --- attribution --------------------------------------------------------------------------------


def attribution_exclusion(
    row: Event | StagedCall, units: list[Unit], world: World, as_of: Millis
) -> str | None:
    """Say why a staged event or call counts in no experiment; `units` are those of its visitor."""
    patterns = world.settings.bot_patterns
    return first_reason(
        [
            ("bot", isinstance(row, Event) and is_bot(row.user_agent, patterns)),
            ("excluded_visitor", row.visitor_id in world.excluded_visitors),
            ("after_as_of", row.timestamp > as_of),
            ("not_exposed", not units),
            ("before_exposure", all(row.timestamp < unit.exposed_at for unit in units)),
            ("after_window", not any(unit.has_in_window(row.timestamp) for unit in units)),
        ]
    )


OUTSIDE_THE_WINDOW = ("before_exposure", "after_window")


class Attribution(NamedTuple):
    """Rows joined to the units they belong to: at any time, and inside the window only."""

    of_units: list[tuple[Unit, Event | StagedCall]]
    in_window: list[tuple[Unit, Event | StagedCall]]
    used_row_count: int
    excluded: Counter[str]


def attribute(
    rows: list[Event] | list[StagedCall], units: list[Unit], world: World, as_of: Millis
) -> Attribution:
    """Give every row to every unit of its visitor; a visitor in two experiments has it in both."""
    units_of_visitor = grouped(units, lambda unit: unit.unit_id)
    reasons = [
        attribution_exclusion(row, units_of_visitor.get(row.visitor_id, []), world, as_of)
        for row in rows
    ]
    of_units = [
        (unit, row)
        for row, reason in zip(rows, reasons, strict=True)
        if reason is None or reason in OUTSIDE_THE_WINDOW
        for unit in units_of_visitor[row.visitor_id]
    ]
    return Attribution(
        of_units=of_units,
        in_window=[(unit, row) for unit, row in of_units if unit.has_in_window(row.timestamp)],
        used_row_count=reasons.count(None),
        excluded=Counter(reason for reason in reasons if reason is not None),
    )


# --- metrics ------------------------------------------------------------------------------------


def is_electronics_purchase(event: Event) -> bool:
    """Take purchases whose tags name the category `electronics`."""
    return (
        event.event_name == "purchase" and dict(event.tags or ()).get("category") == "electronics"
    )


Observation = Callable[[list[Event], list[StagedCall]], Fraction]

METRICS: dict[str, Observation] = {
    "Purchase conversion rate": lambda events, _: Fraction(
        any(event.event_name == "purchase" for event in events)
    ),
    "Product detail page views per visitor": lambda events, _: Fraction(
        sum(event.event_name == "detail_page_view" for event in events)
    ),
    "Electronics revenue per visitor": lambda events, _: Fraction(
        sum(event.revenue or 0 for event in events if is_electronics_purchase(event))
    ),
    "Customer support calls per visitor": lambda _, calls: Fraction(len(calls)),
    "Total customer support minutes per visitor": lambda _, calls: sum(
        (Fraction(call.duration) for call in calls), Fraction(0)
    ),
}


class Observed(NamedTuple):
    """One unit's observation of one metric."""

    unit: Unit
    metric_name: str
    observation: Fraction


def observe(units: list[Unit], events: Attribution, calls: Attribution) -> list[Observed]:
    """Observe every metric on every unit, whether it did anything or not."""
    events_of = grouped(events.in_window, lambda pair: unit_key(pair[0]))
    calls_of = grouped(calls.in_window, lambda pair: unit_key(pair[0]))
    return [
        Observed(
            unit,
            metric_name,
            observation(
                [event for _, event in events_of.get(unit_key(unit), [])],
                [call for _, call in calls_of.get(unit_key(unit), [])],
            ),
        )
        for unit in units
        for metric_name, observation in METRICS.items()
    ]


def unit_key(unit: Unit) -> Key:
    """Key of `experiment_units`."""
    return (unit.experiment_id, unit.unit_id)


def summary(observations: list[Fraction]) -> dict[str, object]:
    """Count, sum, mean and sample variance: exact, then rounded once."""
    count = len(observations)
    if count == 0:
        return {
            "unit_count": 0,
            "observation_sum": None,
            "metric_value": None,
            "variance": None,
        }
    total = sum(observations, Fraction(0))
    mean = total / count
    squares = sum(((observation - mean) ** 2 for observation in observations), Fraction(0))
    return {
        "unit_count": count,
        "observation_sum": float(total),
        "metric_value": float(mean),
        "variance": float(squares / (count - 1)) if count > 1 else None,
    }


# --- the tables ---------------------------------------------------------------------------------


class Names:
    """Names from the seed; the id where it has none."""

    def __init__(self, named: Iterable[NamedVariation]) -> None:
        """Read the seed's rows."""
        named = list(named)
        self._experiments = {row.experiment_id: row.experiment_name for row in named}
        self._variations = {
            (row.experiment_id, row.variation_id): row.variation_name for row in named
        }

    def of(self, experiment_id: str, variation_id: str) -> dict[str, object]:
        """Name an experiment and one of its variations (variation ids may be shared)."""
        return {
            "experiment_name": self._experiments.get(experiment_id, experiment_id),
            "variation_name": self._variations.get((experiment_id, variation_id), variation_id),
        }


def experiment_units(units: list[Unit], names: Names) -> Table:
    """One row per exposed unit of an experiment."""
    return {
        unit_key(unit): {
            **names.of(unit.experiment_id, unit.variation_id),
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "window_ends_at": unit.window_ends_at,
            "is_crossover": unit.is_crossover,
            "decision_id": unit.decision_id,
        }
        for unit in units
    }


def experiment_unit_attributes(units: list[Unit]) -> Table:
    """One row per unit and segment."""
    return {
        (*unit_key(unit), name): {"segment_value": value}
        for unit in units
        for name, value in unit.attributes.items()
    }


def event_table(pairs: list[tuple[Unit, Event]]) -> Table:
    """One row per unit and event."""
    return {
        (*unit_key(unit), event.uuid.lower()): {
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "occurred_at": event.timestamp,
            "event_name": event.event_name,
            "entity_id": event.entity_id,
            "event_type": event.event_type,
            "revenue": event.revenue,
            "value": event.value,
            "quantity": event.quantity,
            "is_in_window": unit.has_in_window(event.timestamp),
        }
        for unit, event in pairs
    }


def call_table(pairs: list[tuple[Unit, StagedCall]]) -> Table:
    """One row per unit and call; identical calls are told apart by their number."""
    table: Table = {}
    seen: Counter[Key] = Counter()
    for unit, call in pairs:
        key = (*unit_key(unit), call.timestamp, call.duration)
        seen[key] += 1
        table[(*key, seen[key])] = {
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "is_in_window": unit.has_in_window(call.timestamp),
        }
    return table


def fct_metric_observations(observed: list[Observed], as_of: Millis) -> Table:
    """One row per unit and metric."""
    return {
        (unit.experiment_id, metric_name, unit.unit_id): {
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "observation": float(observation),
            "denominator": None,
            "is_mature": unit.window_ends_at <= as_of,
        }
        for unit, metric_name, observation in observed
    }


def per_variation(observed: list[Observed]) -> dict[Key, list[Fraction]]:
    """Group observations by experiment, metric and variation."""
    groups = grouped(
        observed, lambda row: (row.unit.experiment_id, row.metric_name, row.unit.variation_id)
    )
    return {key: [row.observation for row in rows] for key, rows in groups.items()}


def known_variations(
    decisions: list[Decision], units: list[Unit], named: Iterable[NamedVariation]
) -> set[tuple[str, str]]:
    """Name the variations that have units, or that the seed has of decided experiments."""
    decided = {decision.experiment_id for decision in decisions}
    seen = {(unit.experiment_id, unit.variation_id) for unit in units}
    return seen | {
        (row.experiment_id, row.variation_id) for row in named if row.experiment_id in decided
    }


def variation_metrics(
    observed: list[Observed], names: Names, variations: Iterable[tuple[str, str]]
) -> Table:
    """One row per experiment, metric and variation, whether it has units or not."""
    observations = per_variation(observed)
    return {
        (experiment_id, metric_name, variation_id): {
            **names.of(experiment_id, variation_id),
            **summary(observations.get((experiment_id, metric_name, variation_id), [])),
        }
        for experiment_id, variation_id in variations
        for metric_name in METRICS
    }


def variation_metrics_by_segment(
    observed: list[Observed], names: Names, segments: Iterable[str]
) -> Table:
    """One row per experiment, metric, variation and segment value that has units."""
    table: Table = {}
    for segment in segments:
        by_value = grouped(
            observed, lambda row, name=segment: row.unit.attributes.get(name, NOT_SET)
        )
        for value, rows in by_value.items():
            for key, observations in per_variation(rows).items():
                table[(*key, segment, value)] = {
                    **names.of(key[0], key[2]),
                    **summary(observations),
                }
    return table


def variation_event_counts(pairs: list[tuple[Unit, Event]], names: Names) -> Table:
    """One row per experiment, variation and event name that occurred inside a window."""
    groups = grouped(
        pairs,
        lambda pair: (
            pair[0].experiment_id,
            pair[0].variation_id,
            NOT_SET if pair[1].event_name is None else pair[1].event_name,
        ),
    )
    return {
        key: {
            **names.of(key[0], key[1]),
            "event_count": len(members),
            "unit_count": len({unit.unit_id for unit, _ in members}),
        }
        for key, members in groups.items()
    }


def excluded_rows(excluded: Mapping[str, Counter[str]]) -> Table:
    """One row per source and reason that left a row out."""
    return {
        (source, reason): {"row_count": row_count}
        for source, reasons in excluded.items()
        for reason, row_count in reasons.items()
        if row_count > 0
    }


def source_row_counts(
    raw: Mapping[str, int], used: Mapping[str, int], excluded: Mapping[str, Counter[str]]
) -> Table:
    """One row per source: every raw row is used or left out."""
    return {
        (source,): {
            "raw_row_count": raw[source],
            "used_row_count": used[source],
            "excluded_row_count": excluded[source].total(),
        }
        for source in SOURCES
    }


def evaluate(world: World) -> Expected:
    """Run the whole pipeline on a world."""
    names = Names(world.named_variations)
    decisions, events, calls = stage_decisions(world), stage_events(world), stage_calls(world)
    now = as_of(world, decisions.kept, events.kept, calls.kept)
    exposed = expose_all(decisions.kept, world, now)
    units = exposed.kept
    unit_events = attribute(events.kept, units, world, now)
    unit_calls = attribute(calls.kept, units, world, now)
    observed = observe(units, unit_events, unit_calls)
    excluded = {
        "decisions": decisions.excluded + exposed.excluded,
        "events": events.excluded + unit_events.excluded,
        "calls": calls.excluded + unit_calls.excluded,
    }
    raw = {source: len(getattr(world, source)) for source in SOURCES}
    used = {
        "decisions": len(units),
        "events": unit_events.used_row_count,
        "calls": unit_calls.used_row_count,
    }
    return Expected(
        experiment_units=experiment_units(units, names),
        experiment_unit_attributes=experiment_unit_attributes(units),
        unit_events=event_table(unit_events.of_units),
        unit_calls=call_table(unit_calls.of_units),
        experiment_events=event_table(unit_events.in_window),
        experiment_calls=call_table(unit_calls.in_window),
        fct_metric_observations=fct_metric_observations(observed, now),
        variation_metrics=variation_metrics(
            observed, names, known_variations(decisions.kept, units, world.named_variations)
        ),
        variation_metrics_by_segment=variation_metrics_by_segment(
            observed, names, world.settings.segments
        ),
        variation_event_counts=variation_event_counts(unit_events.in_window, names),
        excluded_rows=excluded_rows(excluded),
        source_row_counts=source_row_counts(raw, used, excluded),
    )
