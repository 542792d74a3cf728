"""Which raw rows can be used at all, and which of several with one uuid stays."""

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from oracle.raw import Call, Decision, Event, Key, Millis, Row, World, grouped

LARGEST_VALUE = 1e50
LARGEST_WHOLE = 2**53


@dataclass(frozen=True)
class StagedCall:
    """A call record that could be read."""

    visitor_id: str
    timestamp: Millis
    duration: float


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
            ("missing_id", is_missing(decision.uuid)),
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
            ("missing_id", is_missing(event.uuid)),
            ("missing_visitor_id", is_missing_visitor(event.visitor_id)),
            ("missing_timestamp", event.timestamp is None),
            ("impossible_amount", has_impossible_amount(event)),
        ]
    )


def has_impossible_amount(event: Event) -> bool:
    """NaN and infinity would poison every mean; whole numbers are exact up to 2^53."""
    value_is_none = event.value is not None and not abs(event.value) <= LARGEST_VALUE
    return value_is_none or any(
        number is not None and abs(number) > LARGEST_WHOLE
        for number in (event.revenue, event.quantity)
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


def decision_content(decision: Decision, patterns: Iterable[str]) -> Key:
    """Give what a decision says, whenever it was processed, its attributes in any order."""
    attributes = decision.attributes
    return (
        decision.timestamp,
        decision.visitor_id,
        decision.variation_id,
        decision.is_holdback,
        is_bot(decision.user_agent, patterns),
        decision.session_id,
        None if attributes is None else tuple(sorted(map(repr, attributes))),
    )


def event_content(event: Event, patterns: Iterable[str]) -> Key:
    """Give what an event says, whenever it was processed, its tags in any order."""
    return (
        event.timestamp,
        event.visitor_id,
        event.event_name,
        event.entity_id,
        event.event_type,
        event.revenue,
        event.value,
        event.quantity,
        is_bot(event.user_agent, patterns),
        None if event.tags is None else tuple(sorted(map(repr, event.tags))),
    )


class Sameness(NamedTuple):
    """What makes rows one: their identity; what they are to agree in; and which of them stays."""

    identity: Callable[[Row], Key]
    content: Callable[[Row], Key]
    order: Callable[[Row], Key]


def one_per_id(rows: Iterable[Row], same: Sameness) -> Split:
    """Keep the smallest row of each id, unless its rows contradict each other."""
    kept: list[Row] = []
    excluded: Counter[str] = Counter()
    for copies in grouped(rows, same.identity).values():
        if len({same.content(row) for row in copies}) > 1:
            excluded["conflicting_id"] += len(copies)
        else:
            kept.append(min(copies, key=same.order))
            excluded["duplicate_id"] += len(copies) - 1
    return Split(kept, excluded)


def stage_decisions(world: World) -> Split:
    """Reject what can't be read, then keep one row per experiment and uuid, whatever its case."""
    patterns = world.settings.bot_patterns
    readable = split(world.decisions, decision_rejection)
    same = Sameness(
        lambda row: (row.experiment_id, row.uuid.lower()),
        lambda row: decision_content(row, patterns),
        lambda row: decision_order(row, patterns),
    )
    unique = one_per_id(readable.kept, same)
    return Split(unique.kept, readable.excluded + unique.excluded)


def stage_events(world: World) -> Split:
    """Reject what can't be read, then keep one row per uuid, whatever its case."""
    patterns = world.settings.bot_patterns
    readable = split(world.events, event_rejection)
    same = Sameness(
        lambda row: (row.uuid.lower(),),
        lambda row: event_content(row, patterns),
        lambda row: event_order(row, patterns),
    )
    unique = one_per_id(readable.kept, same)
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
