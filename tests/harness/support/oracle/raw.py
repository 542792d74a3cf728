"""What the pipeline reads: raw rows, seeds and settings, together a world."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

Millis = int
Key = tuple[Hashable, ...]
Table = dict[Key, dict[str, object]]
Row = TypeVar("Row")

HOUR: Millis = 60 * 60 * 1000
DAY: Millis = 24 * HOUR


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, list[Row]]:
    """Group rows by a key."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


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
    segment_value_limit: int = 20
    bot_patterns: tuple[str, ...] = ("%bot%",)
    pools: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names, each with the variations that are analysed as one."""

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
    session_experiments: tuple[str, ...] = ()
    """Those of which sessions are the units; of all others visitors are."""
    ended_experiments: tuple[tuple[str, Millis], ...] = ()
    """Those that have an end, which is the last instant that counts, and when it is."""
    settings: Settings = field(default_factory=Settings)
