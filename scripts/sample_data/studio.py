"""The shop's studio, where visitors design things: who they are, when they come, what they do.

The experiments in the studio share it.
"""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sample_data.model import (
    BROWSERS,
    DAY,
    HOUR,
    MINUTE,
    MISSING,
    PAGE,
    TASK,
    Arm,
    Integers,
    event_rows,
    milliseconds,
)

Floats = NDArray[np.float64]

# The studio's events lie from here to there; the nightly states of the last night come hours later.
DATA_START, DATA_END = milliseconds("2020-09-21"), milliseconds("2020-11-23")

BROWSER_SHARES = (0.60, 0.14, 0.25)  # the rest has none
# Mondays are busiest, weekends are quiet: of those who mean to come, so many do.
KEPT_BY_WEEKDAY = np.array([1.0, 0.95, 0.95, 0.9, 0.85, 0.55, 0.65])
# How much more some visitors do than others: gamma shapes, so that tails are heavy.
ACTIVITY_SHAPE, DILIGENCE_SHAPE = 1.1, 2.0
VIEWS_AFTER, VIEWS_BEFORE, TASKS_PER_VIEW = 5.5, 4.0, 0.4
RETURN_DAYS, HISTORY_DAYS = 12.0, 9.0
RETURNING_SHARE = 0.7

# Latency: log-normal, and longer still beyond the tail that p90 sees.
SPREAD, TAIL_FROM, TAIL = 0.8, 1.5, 0.25
SAME_VISITOR = 0.4
Z_90 = 1.2815515655446004


@dataclass(frozen=True)
class People:
    """Visitors of one experiment as they are before it; `arrived_at` is when they are exposed.

    `slowness` is standard normal, one for each visitor: tasks of one visitor are alike.
    """

    number: Integers
    arrived_at: Integers
    activity: Floats
    diligence: Floats
    slowness: Floats
    is_returning: NDArray[np.bool_]


def draw_people(rng: np.random.Generator, number: Integers, arrived_at: Integers) -> People:
    """Draw the traits of visitors; what they do before and after is drawn from the same traits."""
    count = len(number)
    return People(
        number=number,
        arrived_at=arrived_at,
        activity=rng.gamma(ACTIVITY_SHAPE, 1 / ACTIVITY_SHAPE, count),
        diligence=rng.gamma(DILIGENCE_SHAPE, 1 / DILIGENCE_SHAPE, count),
        slowness=rng.standard_normal(count),
        is_returning=rng.random(count) < RETURNING_SHARE,
    )


def hashed_arms(visitor_id: pa.StringArray, arms: tuple[Arm, ...], percents: Integers) -> Integers:
    """Assign visitors to the arms of one experiment by their ids, as feature flags do.

    The first eight bytes of SHA-256 of `<experiment id>:<visitor id>`, a big-endian whole number,
    modulo 100 are the bucket; the arms have so many buckets each, in order. So assignment needs no
    memory, and is independent between experiments.
    """
    salt = arms[0].experiment_id
    digests = [hashlib.sha256(f"{salt}:{one}".encode()).digest() for one in visitor_id.to_pylist()]
    bucket = np.array([int.from_bytes(digest[:8], "big") % 100 for digest in digests])
    return np.searchsorted(np.cumsum(percents), bucket, side="right")


def draw_browsers(rng: np.random.Generator, count: int) -> NDArray[np.int8]:
    """Draw browsers; a few visitors have none."""
    choices = [*range(len(BROWSERS)), MISSING]
    shares = [*BROWSER_SHARES, 1 - sum(BROWSER_SHARES)]
    return rng.choice(choices, count, p=shares).astype(np.int8)


def arrivals(rng: np.random.Generator, count: int, start: str, weeks: list[float]) -> Integers:
    """Draw times of arrival over weeks with these shares, by the rhythm of week and day."""
    days = np.outer(weeks, KEPT_BY_WEEKDAY / KEPT_BY_WEEKDAY.sum()).ravel()
    day = rng.choice(len(days), count, p=days / days.sum())
    time_of_day = (rng.beta(3, 3, count) * DAY).astype(np.int64)
    return milliseconds(start) + day * DAY + time_of_day


def views_after(rng: np.random.Generator, people: People) -> tuple[Integers, Integers]:
    """Draw page views from the arrival on: each visitor's first, and those of later days.

    Gives the places of the visitors in `people`, and the times.
    """
    everybody = np.arange(len(people.arrived_at))
    again = np.repeat(everybody, rng.poisson(VIEWS_AFTER * people.activity))
    days = np.floor(rng.exponential(RETURN_DAYS, len(again))).astype(np.int64)
    at = people.arrived_at[again] + days * DAY + rng.integers(MINUTE, 3 * HOUR, len(again))
    is_kept = _is_kept(rng, at)
    return np.concatenate([everybody, again[is_kept]]), np.concatenate(
        [people.arrived_at, at[is_kept]]
    )


def views_before(rng: np.random.Generator, people: People) -> tuple[Integers, Integers]:
    """Draw the page views of returning visitors in the weeks before, as `views_after` does."""
    rate = VIEWS_BEFORE * people.activity * people.is_returning
    who = np.repeat(np.arange(len(people.arrived_at)), rng.poisson(rate))
    days = np.floor(rng.exponential(HISTORY_DAYS, len(who))).astype(np.int64) + 1
    at = people.arrived_at[who] - days * DAY + rng.integers(MINUTE, 3 * HOUR, len(who))
    is_kept = _is_kept(rng, at)
    return who[is_kept], at[is_kept]


def _is_kept(rng: np.random.Generator, at: Integers) -> NDArray[np.bool_]:
    """Keep what lies in the data, less on quiet days."""
    # 1970 began on a Thursday.
    weekday = (at // DAY + 3) % 7
    is_kept = rng.random(len(at)) < KEPT_BY_WEEKDAY[weekday]
    return is_kept & (at >= DATA_START) & (at < DATA_END - HOUR)


def page_rows(people: People, who: Integers, at: Integers) -> pd.DataFrame:
    """Put together page views."""
    return event_rows(people.number[who], at, PAGE)


class Work(NamedTuple):
    """How people work, each with a number: the median latency of a task, and what changes it.

    `lift` is that of the tasks a visitor does, `tail_lift` that of the latency at p90.
    """

    median: Floats
    lift: Floats | float = 0.0
    tail_lift: Floats | float = 0.0


def task_rows(
    rng: np.random.Generator, people: People, views: tuple[Integers, Integers], work: Work
) -> pd.DataFrame:
    """Let people do tasks within minutes of page views; an event's value is the latency in ms."""
    seen_by, seen_at = views
    rate = TASKS_PER_VIEW * people.diligence * (1 + work.lift)
    view = np.repeat(np.arange(len(seen_by)), rng.poisson(rate[seen_by]))
    who, at = seen_by[view], seen_at[view] + rng.integers(5_000, 10 * MINUTE, len(view))
    own = rng.standard_normal(len(who))
    z = SAME_VISITOR**0.5 * people.slowness[who] + (1 - SAME_VISITOR) ** 0.5 * own
    # Rising with z, so that the order of tasks stays and p90 is multiplied by just the lift.
    tail_lift = np.broadcast_to(work.tail_lift, len(people.number))[who]
    slowed = 1 + tail_lift * np.clip(z / Z_90, 0, 1)
    latency = np.exp(SPREAD * z + TAIL * np.maximum(z - TAIL_FROM, 0) ** 2) * slowed
    value = np.maximum(np.rint(work.median[who] * latency), 1.0)
    return event_rows(people.number[who], at, TASK).assign(value=value)
