"""Who is exposed to what, and which of the staged rows are whose."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from oracle.raw import DAY, HOUR, Attribute, Decision, Event, Key, Millis, Settings, World, grouped
from oracle.staging import (
    Split,
    StagedCall,
    first_reason,
    is_bot,
    is_missing,
    nulls_last,
    split,
)


@dataclass(frozen=True)
class Unit:
    """One exposed visitor, or session of a visitor, of one experiment."""

    experiment_id: str
    unit_id: str
    visitor_id: str
    variation_id: str
    exposed_at: Millis
    window_ends_at: Millis
    is_crossover: bool
    exposure_id: str
    attributes: Mapping[str, str]
    next_exposed_at: Millis | None = None
    """When the visitor's next session was exposed, to which belongs what is done from then on."""

    def may_have(self, timestamp: Millis) -> bool:
        """Say whether a row of that time may be the unit's, and is no later session's."""
        return self.next_exposed_at is None or timestamp < self.next_exposed_at

    def has_in_window(self, timestamp: Millis) -> bool:
        """Both ends of the window count."""
        return self.exposed_at <= timestamp <= self.window_ends_at


def unit_key(unit: Unit) -> Key:
    """Key of `experiment_units`."""
    return (unit.experiment_id, unit.unit_id)


# --- exposure -----------------------------------------------------------------------------------


CLOCK_TOLERANCE: Millis = HOUR
STRAY_GAP: Millis = 30 * DAY
STRAY_SHARE = 0.02


def credible_time(row: Decision | Event | StagedCall) -> Millis:
    """Give when a row happened; when it was processed, if that was long before."""
    processed = getattr(row, "process_timestamp", None)
    is_wrong = processed is not None and row.timestamp - processed > CLOCK_TOLERANCE
    return processed if is_wrong else row.timestamp


def as_of(world: World, *staged: list) -> Millis:
    """Take the setting, else the latest credible time of any source (never the clock).

    A few rows far after all others are passed over.
    """
    if world.settings.as_of is not None:
        return world.settings.as_of
    times = sorted(credible_time(row) for rows in staged for row in rows)
    for number, (time, following) in enumerate(pairwise(times), start=1):
        stray = len(times) - number
        is_few = stray <= max(STRAY_SHARE * len(times), 1) and stray * 3 < len(times)
        if following - time > STRAY_GAP and is_few:
            return time
    return times[-1] if times else 0


def decision_exclusion(decision: Decision, world: World, as_of: Millis) -> str | None:
    """Say why a staged decision exposes nobody."""
    return first_reason(
        [
            ("holdback", decision.is_holdback),
            ("bot", is_bot(decision.user_agent, world.settings.bot_patterns)),
            ("excluded_visitor", decision.visitor_id in world.excluded_visitors),
            ("after_as_of", decision.timestamp > as_of),
            (
                "after_experiment",
                decision.timestamp
                > dict(world.ended_experiments).get(decision.experiment_id, math.inf),
            ),
            (
                "missing_session_id",
                decision.experiment_id in world.session_experiments
                and is_missing(decision.session_id),
            ),
        ]
    )


def unit_of(decision: Decision, world: World) -> Key:
    """Name the unit that a decision is about: the visitor, or the session."""
    is_session = decision.experiment_id in world.session_experiments
    return (decision.experiment_id, decision.session_id if is_session else decision.visitor_id)


def expose(unit_id: str, decisions: list[Decision], settings: Settings) -> Split:
    """Make the decisions about one unit of an experiment into that unit, or into none."""
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
        unit_id=unit_id,
        visitor_id=first.visitor_id,
        variation_id=first.variation_id,
        exposed_at=first.timestamp,
        window_ends_at=first.timestamp + settings.window,
        is_crossover=is_crossover,
        exposure_id=first.uuid.lower(),
        attributes=segments_of(first.attributes or ()),
    )
    return Split([unit], Counter({"repeat_exposure": len(decisions) - 1}))


def segments_of(attributes: Iterable[Attribute | None]) -> dict[str, str]:
    """Reduce a decision's attributes to one value each: the smallest that isn't blank, if any."""
    values: dict[str, list[str]] = defaultdict(list)
    for attribute in attributes:
        if attribute is not None and is_segment(attribute):
            values[segment_name(attribute)].append(attribute.value)
    return {
        name: min(same_name, key=lambda value: (is_missing(value), value))
        for name, same_name in values.items()
    }


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
    per_unit = grouped(eligible.kept, lambda row: unit_of(row, world))
    exposures = [expose(key[1], rows, world.settings) for key, rows in per_unit.items()]
    units = [unit for exposure in exposures for unit in exposure.kept]
    return Split(in_turn(units), sum((each.excluded for each in exposures), eligible.excluded))


def in_turn(units: list[Unit]) -> list[Unit]:
    """Tell each session of a visitor when the visitor's next one was exposed."""
    found = []
    for own in grouped(units, lambda unit: (unit.experiment_id, unit.visitor_id)).values():
        ordered = sorted(own, key=lambda unit: (unit.exposed_at, unit.unit_id))
        later = [unit.exposed_at for unit in ordered[1:]]
        found += [
            replace(unit, next_exposed_at=following)
            for unit, following in zip(ordered, [*later, None], strict=True)
        ]
    return found


# --- attribution --------------------------------------------------------------------------------


def attribution_exclusion(
    row: Event | StagedCall, units: list[Unit], world: World, as_of: Millis
) -> str | None:
    """Say why a staged event or call counts nowhere; `units` are those that it may be of."""
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
    """Give every row to the units of its visitor; a visitor in two experiments has it in both."""
    units_of_visitor = grouped(units, lambda unit: unit.visitor_id)

    def units_of(row: Event | StagedCall) -> list[Unit]:
        own = units_of_visitor.get(row.visitor_id, [])
        return [unit for unit in own if unit.may_have(row.timestamp)]

    reasons = [attribution_exclusion(row, units_of(row), world, as_of) for row in rows]
    of_units = [
        (unit, row)
        for row, reason in zip(rows, reasons, strict=True)
        if reason is None or reason in OUTSIDE_THE_WINDOW
        for unit in units_of(row)
    ]
    return Attribution(
        of_units=of_units,
        in_window=[(unit, row) for unit, row in of_units if unit.has_in_window(row.timestamp)],
        used_row_count=reasons.count(None),
        excluded=Counter(reason for reason in reasons if reason is not None),
    )
