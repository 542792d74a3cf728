"""Small random worlds that meet the hard cases often.

A drawn world is dense on purpose: few visitors, few moments, few ids, so that ties, twins and
window edges to the millisecond happen in most worlds instead of almost never. Ids are hostile text.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from damages import (
    DECISION_DAMAGES,
    DECISION_TWINS,
    EVENT_DAMAGES,
    EVENT_TWINS,
    damaged,
    with_twins,
)
from hostile_values import (
    AGENTS,
    ATTRIBUTE_LISTS,
    BAD_DURATIONS,
    BAD_STARTS,
    DURATIONS,
    EVENT_NAMES,
    EXPERIMENTS,
    MISSING,
    REVENUES,
    TAGS,
    VARIATIONS,
    VISITORS,
)
from hypothesis import strategies as st
from oracle.raw import (
    DAY,
    HOUR,
    Call,
    Decision,
    Event,
    Millis,
    NamedVariation,
    Settings,
    World,
)

T0: Millis = int(datetime(2020, 9, 14, 12, tzinfo=UTC).timestamp()) * 1000
SECOND: Millis = 1000
# Some are of several visitors; mostly they are not, and there are some without.
SESSIONS = ("1", "2", "3", "4", "-535397001", "x'y", None, "", " ")
BOT_PATTERNS = ("%bot%", "%o'brien%", "curl/_%")
HALF, MOSTLY = 0.5, 0.9

Value = TypeVar("Value")


def mixed_uuid(kind: str, number: int) -> str:
    """Write a uuid whose order is neither that of the rows nor that of its own case."""
    letter = "abcdefghijklmnopqrstuvwxyz"[number * 7 % 26]
    uuid = f"{letter}{kind}-{number}"
    return uuid.upper() if number % 3 == 0 else uuid


def some(values: Sequence[Value], least: int, most: int, rng: random.Random) -> list[Value]:
    """Draw different values."""
    return rng.sample(values, min(len(values), rng.randint(least, most)))


def exposure_moments(settings: Settings) -> list[Millis]:
    """Few moments, so that decisions tie; about the as-of date too, where there is one."""
    window = settings.window
    moments = [T0 + by for by in (0, 1, SECOND, HOUR, window - HOUR, window, window + 1, 3 * DAY)]
    if settings.as_of is not None:
        moments += [settings.as_of + by for by in (-window, 1 - window, -1, 0, 1)]
    return moments


def outcome_moments(exposures: Sequence[Millis], settings: Settings) -> list[Millis]:
    """Moments at, just inside and just outside every window that could begin at the exposures."""
    window = settings.window
    inside = (
        0,
        0,
        0,
        1,
        1,
        SECOND,
        HOUR,
        window - HOUR,
        window - SECOND,
        window - 1,
        window,
        window,
    )
    outside = (-30 * DAY, -SECOND, -1, window + 1, window + SECOND)
    moments = [exposure + by for exposure in exposures for by in (*inside, *outside)]
    if settings.as_of is not None:
        moments += [settings.as_of + by for by in (-SECOND, -1, 0, 1, SECOND)]
    return moments


@dataclass(frozen=True)
class Pools:
    """The few values that the rows of one world are drawn from."""

    visitors: list[str]
    experiments: list[str]
    variations: list[str]
    exposures: list[Millis]
    outcomes: list[Millis]


def draw_pools(settings: Settings, rng: random.Random) -> Pools:
    """Draw the values of one world."""
    exposures = some(exposure_moments(settings), 1, 5, rng)
    return Pools(
        visitors=some(VISITORS, 1, 12, rng),
        experiments=some(EXPERIMENTS, 1, 3, rng),
        variations=some(VARIATIONS, 1, 3, rng),
        exposures=exposures,
        outcomes=outcome_moments(exposures, settings),
    )


def process_time(timestamp: Millis, rng: random.Random) -> Millis | None:
    """Draw when a row was processed: often at the same moment as another, sometimes unknown.

    Some clocks are wrong, as far as is tolerated, or further.
    """
    delay = rng.choice([25_000, 25_000, 25_001, 0, None, -HOUR, -HOUR - 1])
    return None if delay is None else timestamp + delay


def draw_decision(number: int, pool: Pools, rng: random.Random) -> Decision:
    """Draw a readable decision."""
    timestamp = rng.choice(pool.exposures)
    return Decision(
        uuid=mixed_uuid("d", number),
        timestamp=timestamp,
        visitor_id=rng.choice(pool.visitors),
        experiment_id=rng.choice(pool.experiments),
        variation_id=rng.choice(pool.variations),
        process_timestamp=process_time(timestamp, rng),
        session_id=rng.choice(SESSIONS),
        attributes=rng.choice(ATTRIBUTE_LISTS),
        user_agent=rng.choice(AGENTS),
    )


def draw_event(number: int, pool: Pools, rng: random.Random) -> Event:
    """Draw a readable event."""
    timestamp = rng.choice(pool.outcomes)
    return Event(
        uuid=mixed_uuid("e", number),
        timestamp=timestamp,
        visitor_id=rng.choice([*pool.visitors * 3, "never exposed"]),
        event_name=rng.choice(EVENT_NAMES),
        process_timestamp=process_time(timestamp, rng),
        entity_id=rng.choice([None, "15776040040"]),
        revenue=rng.choice(REVENUES),
        value=rng.choice([None, 0.5]),
        quantity=rng.choice([None, 1]),
        user_agent=rng.choice(AGENTS),
        tags=rng.choice(TAGS),
    )


def call_start(moment: Millis, *, is_padded: bool) -> str:
    """Write a moment as the call centre does."""
    at = datetime.fromtimestamp(moment // 1000, tz=UTC)
    if is_padded:
        return at.strftime("%m/%d/%Y %H:%M:%S")
    return f"{at.month}/{at.day}/{at.year} {at.hour}:{at:%M:%S}"


def draw_call(pool: Pools, rng: random.Random) -> Call:
    """Draw a call record: some are unreadable, some of users whom nobody knows."""
    start = call_start(rng.choice(pool.outcomes), is_padded=rng.random() < HALF)
    return Call(
        user_id=rng.choice([*pool.visitors * 4, "unknown user", "undefined", *MISSING]),
        call_start=start if rng.random() < MOSTLY else rng.choice(BAD_STARTS),
        call_duration_min=rng.choice(DURATIONS if rng.random() < MOSTLY else BAD_DURATIONS),
    )


def draw_names(pool: Pools, rng: random.Random) -> list[NamedVariation]:
    """Name some of the variations of some of the experiments, and some that nobody saw."""
    return [
        NamedVariation(
            experiment_id=experiment_id,
            experiment_name=f"The {experiment_id} 'test'",
            variation_id=variation_id,
            variation_name=f"{{{{ {variation_id} }}}} of {experiment_id}",
            is_reference=number == 0,
        )
        for experiment_id in some(pool.experiments, 0, 3, rng)
        for number, variation_id in enumerate(some([*pool.variations, "unseen"], 1, 4, rng))
    ]


def draw_world(settings: Settings, rng: random.Random) -> World:
    """Draw a world for these settings."""
    pool = draw_pools(settings, rng)
    decisions = [draw_decision(number, pool, rng) for number in range(rng.randint(0, 30))]
    events = [draw_event(number, pool, rng) for number in range(rng.randint(0, 50))]
    calls = [draw_call(pool, rng) for _ in range(rng.randint(0, 12))]
    if rng.random() > MOSTLY:  # decisions alone tell the time
        events, calls = [], []
    decisions = damaged(decisions, DECISION_DAMAGES, rng)
    events = damaged(events, EVENT_DAMAGES, rng)
    return World(
        decisions=tuple(with_twins(decisions, DECISION_TWINS, rng)),
        events=tuple(with_twins(events, EVENT_TWINS, rng)),
        calls=tuple(calls + rng.choices(calls, k=rng.randint(0, 3)) if calls else ()),
        named_variations=tuple(draw_names(pool, rng)),
        excluded_visitors=tuple(some([*pool.visitors, "nobody"], 0, rng.choice([0, 2]), rng)),
        session_experiments=tuple(some(pool.experiments, 0, 1, rng)),
        settings=settings,
    )


@st.composite
def worlds(draw: st.DrawFn, settings: Settings | None = None) -> World:
    """Draw a world; the settings are given, because the project is compiled for them.

    Hypothesis draws no more than the seed. Drawn value by value, a world takes longer to make than
    to run, most worlds are copies of the one before with little changed, and shrinking takes many
    minutes: `minimal` does that.
    """
    return draw_world(
        settings or Settings(bot_patterns=BOT_PATTERNS),
        draw(st.randoms(use_true_random=True)),
    )
