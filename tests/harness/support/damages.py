"""What may be wrong with raw rows: damaged columns, and several rows of one uuid."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from hostile_values import CHROME, ELECTRONICS, HOLDBACKS, MISSING, SAFARI
from oracle.raw import HOUR, Decision, Event, Millis

Row = TypeVar("Row", Decision, Event)
Change = Callable[[Row], Row]
HALF = 0.5


def setting(column: str, *values: object) -> list[Change]:
    """Make the changes that put one of the values into a column."""
    return [lambda row, value=value: replace(row, **{column: value}) for value in values]


def moved(column: str, by: Millis) -> Change:
    """Move a time that is there."""

    def change(row: Row) -> Row:
        old = getattr(row, column)
        return row if old is None else replace(row, **{column: old + by})

    return change


ROW_DAMAGES: list[Change] = [
    *setting("uuid", *MISSING),
    *setting("visitor_id", *MISSING, "undefined"),
    *setting("timestamp", None, None, None),
]
EVENT_DAMAGES: list[Change] = [
    *ROW_DAMAGES,
    *setting("value", math.nan, math.inf),
    *setting("revenue", 2**53 + 1, -(2**53) - 1),
]
DECISION_DAMAGES: list[Change] = [
    *ROW_DAMAGES,
    *setting("experiment_id", *MISSING),
    *setting("variation_id", *MISSING),
    *setting("is_holdback", *HOLDBACKS),
]


def with_other_attributes(decision: Decision) -> Decision:
    """Change the attributes so that any way of writing them as text orders the twins alike."""
    if CHROME in (decision.attributes or ())[:1]:
        return replace(decision, attributes=(SAFARI, *decision.attributes[1:]))
    return replace(decision, attributes=None)


def with_other_tags(event: Event) -> Event:
    """Change the tags so that any way of writing them as text orders the twins alike."""
    if ELECTRONICS in (event.tags or ())[:1]:
        return replace(event, tags=(("category", "books"), *event.tags[1:]))
    return replace(event, tags=None)


# One list per column of the winner's order, so that each changes as often as any other; the last
# decides only between twins that are otherwise the same, so it comes more often.
COMMON_TWINS: list[list[Change]] = [
    [moved("timestamp", by) for by in (-HOUR, -1, 1)],
    [moved("process_timestamp", -1), *setting("process_timestamp", None)],
    setting("visitor_id", "user_1", "User_1", None),
    setting("user_agent", "Googlebot/2.1", None),
]
DECISION_TWINS: list[list[Change]] = [
    *COMMON_TWINS,
    setting("experiment_id", "18786493712", "o'exp"),
    setting("variation_id", "a", "b", None),
    setting("is_holdback", *HOLDBACKS),
    setting("session_id", "1", "-535397001", None),
    *([with_other_attributes],) * 4,
]
EVENT_TWINS: list[list[Change]] = [
    *COMMON_TWINS,
    setting("event_name", "purchase", "detail_page_view", None),
    setting("entity_id", "1", None),
    setting("event_type", "custom", None),
    setting("revenue", 1, -1, None),
    setting("value", 0.25, None),
    setting("quantity", 2, None),
    *([with_other_tags],) * 5,
]


def damaged(rows: list[Row], damages: list[Change], rng: random.Random) -> list[Row]:
    """Damage some of the rows in place."""
    rows = list(rows)
    for _ in range(rng.randint(0, 5) if rows else 0):
        number = rng.randrange(len(rows))
        rows[number] = rng.choice(damages)(rows[number])
    return rows


def with_twins(rows: list[Row], changes: list[list[Change]], rng: random.Random) -> list[Row]:
    """Append rows that share their uuid, perhaps in the other case, with a row that is there.

    Several changes at once may pull the order of two twins both ways.
    """
    twins = []
    for _ in range(rng.randint(0, 10) if rows else 0):
        twin = rng.choice(rows)
        for column in rng.sample(changes, rng.randint(0, 3)):
            twin = rng.choice(column)(twin)
        is_other_case = twin.uuid and rng.random() < HALF
        twins.append(replace(twin, uuid=twin.uuid.swapcase()) if is_other_case else twin)
    return rows + twins
