"""Small random worlds for the metric language: outcomes days and weeks after the exposure.

Like `worlds`, dense on purpose. The moments of one world are few, so that rows share their instant,
and they lie at the edges of the test metrics' windows, to the millisecond, and about midnight UTC.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from hostile_values import VISITORS
from hypothesis import strategies as st
from oracle.raw import DAY, HOUR, Decision, Event, Millis, Settings, World
from worlds import (
    BOT_PATTERNS,
    SECOND,
    T0,
    Pools,
    draw_call,
    draw_decision,
    draw_event,
    draw_names,
    some,
)

MIDNIGHT: Millis = T0 + 12 * HOUR
# Where a window of a test metric begins or ends, in hours after the exposure.
EDGES = (0, 0.5, 1.5, 24, 48, 7 * 24, 14 * 24, 28 * 24)
OFTEN_EDGES = (0, 0.5, 24, 48)
NAMES = (*("purchase", "detail_page_view") * 4, "active", "Purchase", None, "", " \t")
# Modest sizes: a variance of numbers far apart is compared elsewhere.
REVENUES = (995, 1000, 901, 900, None, None, 0, 1, -250)
VALUES = (None, 0.5, 1.5, 0.0, -0.5, 2.0)
# Where the days of a covariate begin, in hours before the exposure.
EDGES_BEFORE = (12, 24, 7 * 24, 14 * 24, 28 * 24)


def exposure_moments(settings: Settings) -> list[Millis]:
    """Moments at noon and about midnight; a metric's window before the as-of date, if any."""
    moments = [T0, T0, T0 + 1, T0 + HOUR, T0 + 3 * DAY]
    moments += [MIDNIGHT - SECOND, MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + DAY]
    if settings.as_of is not None:
        edges = [settings.as_of - round(hours * HOUR) for hours in EDGES]
        moments += [edge + by for edge in edges for by in (-1, 0, 1)]
    return moments


def outcome_moments(
    exposures: Sequence[Millis], settings: Settings, rng: random.Random
) -> list[Millis]:
    """Draw a few moments at, just before and just after the edges of the metrics' windows."""
    moments: list[Millis] = []
    for exposure in exposures:
        for hours in (*EDGES, *OFTEN_EDGES):
            edge = exposure + round(hours * HOUR)
            moments += [edge, edge + rng.choice([-SECOND, -1, 1, SECOND])]
        last_midnight = exposure - exposure % DAY
        midnights = [last_midnight + days * DAY for days in (0, 1, 2, 7, 8)]
        moments += [midnight + rng.choice([-SECOND, -1, 0, 1]) for midnight in midnights]
        moments += [exposure - DAY, exposure - 1, exposure + 30 * DAY]
        edges = [exposure - hours * HOUR for hours in EDGES_BEFORE]
        moments += [edge + by for edge in edges for by in (rng.choice([-1, 0, 1]), HOUR)]
    if settings.as_of is not None:
        moments += [settings.as_of + by for by in (-SECOND, -1, 0, 1, SECOND)]
    return some(moments, 1, 14, rng)


def draw_outcome(number: int, pool: Pools, rng: random.Random) -> Event:
    """Draw an event with a name, a revenue and a value that the test metrics know."""
    return replace(
        draw_event(number, pool, rng),
        event_name=rng.choice(NAMES),
        revenue=rng.choice(REVENUES),
        value=rng.choice(VALUES),
    )


def draw_exposing(number: int, pool: Pools, rng: random.Random) -> Decision:
    """Draw a decision that isn't a bot's: who is exposed is checked elsewhere."""
    return replace(draw_decision(number, pool, rng), user_agent=None)


def draw_metric_world(settings: Settings, rng: random.Random) -> World:
    """Draw a world for these settings."""
    exposures = some(exposure_moments(settings), 1, 3, rng)
    pool = Pools(
        visitors=some(VISITORS, 1, 6, rng),
        experiments=some(["exp", "other"], 1, 2, rng),
        variations=some(["a", "b"], 1, 2, rng),
        exposures=exposures,
        outcomes=outcome_moments(exposures, settings, rng),
    )
    call_count = rng.choice([0, 5, 12])
    return World(
        decisions=tuple(draw_exposing(number, pool, rng) for number in range(rng.randint(1, 12))),
        events=tuple(draw_outcome(number, pool, rng) for number in range(rng.randint(0, 40))),
        calls=tuple(draw_call(pool, rng) for _ in range(call_count)),
        named_variations=tuple(draw_names(pool, rng)),
        settings=settings,
    )


@st.composite
def metric_worlds(draw: st.DrawFn, settings: Settings | None = None) -> World:
    """Draw a world; as in `worlds`, Hypothesis draws no more than the seed."""
    return draw_metric_world(
        settings or Settings(bot_patterns=BOT_PATTERNS),
        draw(st.randoms(use_true_random=True)),
    )
