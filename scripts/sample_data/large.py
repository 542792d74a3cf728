"""Large data for benchmarks: many visitors in several experiments, with known true effects.

Visitors arrive evenly over some days, enter one to three experiments within hours, and act over
the following days. An arm multiplies what its visitors do, whatever else they are in, so the
relative lifts in the truth are the true ones.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sample_data.model import (
    ANDROID,
    BROWSERS,
    CART,
    DAY,
    DETAIL,
    HOMEPAGE,
    HOUR,
    IPHONE,
    MINUTE,
    MISSING,
    NEVER,
    PHONE_CASE,
    PICOMINUTES,
    PRODUCTS,
    PURCHASE,
    TESTERS,
    WINDOW,
    Arm,
    Dataset,
    Integers,
    Role,
    Visitors,
    call_lengths,
    call_rows,
    decision_rows,
    deliver,
    event_rows,
    milliseconds,
    numbered_ids,
    stray_events,
)

Floats = NDArray[np.float64]

FIRST_DAY = "2022-06-01"
ENROLMENT_SPAN = 6 * HOUR
STRAY_SPAN = 3 * DAY

# Visitors beside the exposed ones, as shares of them.
HOLDBACK_SHARE, BOT_SHARE, UNEXPOSED_SHARE = 0.02, 0.005, 0.02
# The share of visitors in one, two and three experiments.
EXPERIMENTS_SHARE = (0.6, 0.3, 0.1)
# Shares of units and of rows.
REPEAT_SHARE, CROSSOVER_SHARE = 0.3, 0.005
DUPLICATE_SHARE, LATE_SHARE = 0.01, 0.01
NO_BROWSER_SHARE, NO_COUNTRY_SHARE = 0.02, 0.05
# The first of COUNTRIES.
COUNTRY_COUNT = 4

# What a visitor does, on average, without any experiment.
HOMEPAGE_VIEWS, DETAIL_VIEWS, ABANDONED_CARTS = 2.0, 2.2, 0.3
CONVERSION_RATE, PHONE_SHARE, CASE_SHARE = 0.06, 0.6, 0.7
STRAY_EVENTS = 0.6
CALLERS_SHARE, CALL_MINUTES = 0.1, 4.6

METRICS = ("conversion_rate", "detail_views", "electronics_revenue")


def large(seed: int, *, visitors: int, experiments: int, days: int) -> Dataset:
    """Plan large data: `visitors` exposed over `days` to one or more of `experiments`."""
    rng = np.random.default_rng(seed)
    arms = _arms(rng, experiments)
    arrival, people = _visitors(rng, arms, visitors=visitors, days=days)
    decisions = _decisions(rng, arms, people)
    events = _events(rng, arms, people, arrival)
    return Dataset(
        seed=seed,
        mode="large",
        arms=arms,
        visitors=people,
        decisions=_delivered(rng, decisions),
        events=_delivered(rng, events),
        calls=_calls(rng, arrival),
        settings={"visitors": visitors, "experiments": experiments, "days": days},
    )


def _arms(rng: np.random.Generator, experiments: int) -> tuple[Arm, ...]:
    """Invent experiments of two to four arms; each first arm is the control, without effect."""
    return tuple(
        Arm(
            experiment_id=str(300_000_000 + experiment),
            experiment_name=f"experiment_{experiment + 1}",
            campaign_id=str(200_000_000 + experiment),
            variation_id=str(400_000_000 + 10 * experiment + number),
            variation_name="control" if number == 0 else f"treatment_{number}",
            relative_lift=_lift(rng) if number else dict.fromkeys(METRICS, 0.0),
        )
        for experiment in range(experiments)
        for number in range(int(rng.integers(2, 5)))
    )


def _lift(rng: np.random.Generator) -> dict[str, float]:
    """Draw an arm's effects; revenue moves with the conversions and with what is bought."""
    conversion, views = (float(rng.integers(-10, 21)) / 100 for _ in range(2))
    basket = float(rng.integers(-5, 11)) / 100
    revenue = round((1 + conversion) * (1 + basket) - 1, 6)
    return dict(zip(METRICS, (conversion, views, revenue), strict=True))


def _visitors(
    rng: np.random.Generator, arms: tuple[Arm, ...], *, visitors: int, days: int
) -> tuple[Integers, Visitors]:
    """Make everybody, with the time of their arrival."""
    shares = (HOLDBACK_SHARE, BOT_SHARE, UNEXPOSED_SHARE)
    counts = [visitors, *(round(visitors * share) for share in shares), len(TESTERS)]
    roles = [Role.EXPOSED, Role.HOLDBACK, Role.BOT, Role.UNEXPOSED, Role.TESTER]
    role = np.repeat(roles, counts).astype(np.int8)
    begin = milliseconds(FIRST_DAY)
    arrival = begin + rng.integers(0, days * DAY, len(role))
    exposed_at, arm = _exposures(rng, arms, arrival, begin + days * DAY)
    exposed_at[role == Role.UNEXPOSED] = NEVER
    arm[role == Role.UNEXPOSED] = MISSING
    return arrival, Visitors(
        visitor_id=pa.concat_arrays(
            [
                numbered_ids("visitor_", rng.permutation(sum(counts[:-1])) + 1, 7),
                pa.array(TESTERS),
            ],
        ),
        role=role,
        browser=_attribute(rng, len(role), len(BROWSERS), NO_BROWSER_SHARE),
        country=_attribute(rng, len(role), COUNTRY_COUNT, NO_COUNTRY_SHARE),
        exposed_at=exposed_at,
        arm=arm,
    )


def _attribute(
    rng: np.random.Generator, count: int, values: int, missing_share: float
) -> NDArray[np.int8]:
    drawn = rng.integers(0, values, count, dtype=np.int8)
    drawn[rng.random(count) < missing_share] = MISSING
    return drawn


def _exposures(
    rng: np.random.Generator, arms: tuple[Arm, ...], arrival: Integers, end: int
) -> tuple[Integers, NDArray[np.int32]]:
    """Enrol visitors in one to three neighbouring experiments, the first one on arrival.

    Gives `exposed_at` and `arm` of `Visitors`.
    """
    first_arm, arm_count = _experiment_arms(arms)
    experiments = len(first_arm)
    width = min(len(EXPERIMENTS_SHARE), experiments)
    entered = np.minimum(rng.choice(3, len(arrival), p=EXPERIMENTS_SHARE) + 1, width)
    first = rng.integers(0, experiments, len(arrival))
    exposed_at = np.full((len(arrival), width), NEVER, dtype=np.int64)
    arm = np.full((len(arrival), width), MISSING, dtype=np.int32)
    for place in range(width):
        is_in = entered > place
        experiment = (first + place) % experiments
        pick = first_arm[experiment] + rng.integers(0, arm_count[experiment])
        arm[is_in, place] = pick[is_in]
        wait = rng.random(len(arrival)) * np.minimum(ENROLMENT_SPAN, end - arrival)
        exposed_at[is_in, place] = (arrival + (wait.astype(np.int64) if place else 0))[is_in]
    return exposed_at, arm


def _experiment_arms(arms: tuple[Arm, ...]) -> tuple[Integers, Integers]:
    """Give the number of each experiment's first arm, and how many it has."""
    _, first, counts = np.unique(
        [arm.experiment_id for arm in arms], return_index=True, return_counts=True
    )
    return first, counts


def _decisions(rng: np.random.Generator, arms: tuple[Arm, ...], people: Visitors) -> pd.DataFrame:
    """Expose everybody, many again in the same variation, and a few in another one."""
    visitor, place = np.nonzero(people.arm != MISSING)
    at, arm = people.exposed_at[visitor, place], people.arm[visitor, place]
    units = np.flatnonzero(people.role[visitor] == Role.EXPOSED)
    repeats, crossovers = (round(len(units) * s) for s in (REPEAT_SHARE, CROSSOVER_SHARE))
    chosen = rng.choice(units, repeats + crossovers, replace=False)
    first_arm, arm_count = _experiment_arms(arms)
    experiment = np.searchsorted(first_arm, arm[chosen], side="right") - 1
    is_crossover = np.arange(len(chosen)) >= repeats
    step = np.where(is_crossover, rng.integers(1, arm_count[experiment]), 0)
    arm_again = (arm[chosen] - first_arm[experiment] + step) % arm_count[experiment]
    return pd.concat(
        [
            decision_rows(visitor, at, arm),
            decision_rows(
                visitor[chosen],
                at[chosen] + rng.integers(MINUTE, STRAY_SPAN, len(chosen)),
                first_arm[experiment] + arm_again,
            ),
        ],
        ignore_index=True,
    )


def _effects(arms: tuple[Arm, ...], people: Visitors) -> dict[str, Floats]:
    """Multiply the effects of each visitor's arms; one factor per visitor and metric."""
    factors = {}
    for metric in METRICS:
        # The last factor belongs to MISSING, which is -1: no arm, no effect.
        lift = np.array([1 + (arm.relative_lift or {}).get(metric, 0.0) for arm in arms] + [1.0])
        factors[metric] = lift[people.arm].prod(axis=1)
    return factors


def _events(
    rng: np.random.Generator, arms: tuple[Arm, ...], people: Visitors, arrival: Integers
) -> pd.DataFrame:
    """Make what visitors do after their arrival, and what they did before and long after."""
    effects = _effects(arms, people)
    everybody = np.arange(len(arrival))
    homepage = np.repeat(everybody, 1 + rng.poisson(HOMEPAGE_VIEWS - 1, len(arrival)))
    detail = np.repeat(everybody, rng.poisson(DETAIL_VIEWS * effects["detail_views"]))
    cart = np.repeat(everybody, rng.poisson(ABANDONED_CARTS, len(arrival)))
    early, tardy = (np.repeat(everybody, rng.poisson(STRAY_EVENTS, len(arrival))) for _ in range(2))
    last_exposure = np.where(people.exposed_at == NEVER, arrival[:, np.newaxis], people.exposed_at)
    window_end = last_exposure.max(axis=1) + WINDOW
    return pd.concat(
        [
            event_rows(homepage, _soon(rng, arrival[homepage]), HOMEPAGE, MISSING),
            event_rows(detail, _soon(rng, arrival[detail]), DETAIL, _any_product(rng, detail)),
            event_rows(cart, _soon(rng, arrival[cart]), CART, _any_product(rng, cart)),
            _purchases(rng, effects, arrival),
            stray_events(rng, early, arrival[early] - rng.integers(1, STRAY_SPAN, len(early))),
            stray_events(rng, tardy, window_end[tardy] + rng.integers(1, STRAY_SPAN, len(tardy))),
        ],
        ignore_index=True,
    )


def _purchases(
    rng: np.random.Generator, effects: dict[str, Floats], arrival: Integers
) -> pd.DataFrame:
    """Let some visitors put a phone, a case or both in the cart and buy them."""
    rate = CONVERSION_RATE * effects["conversion_rate"]
    buyer = np.flatnonzero(rng.random(len(arrival)) < rate)
    basket = effects["electronics_revenue"][buyer] / effects["conversion_rate"][buyer]
    wants_phone = rng.random(len(buyer)) < PHONE_SHARE * basket
    wants_case = ~wants_phone | (rng.random(len(buyer)) < CASE_SHARE)
    who = np.concatenate([buyer[wants_phone], buyer[wants_case]])
    what = np.where(
        np.arange(len(who)) < wants_phone.sum(),
        rng.choice([ANDROID, IPHONE], len(who)),
        PHONE_CASE,
    )
    paid_at = _soon(rng, arrival)[who]
    cart_at = np.maximum(arrival[who], paid_at - rng.integers(1_000, 10 * MINUTE, len(who)))
    return pd.concat(
        [event_rows(who, cart_at, CART, what), event_rows(who, paid_at, PURCHASE, what)],
        ignore_index=True,
    )


def _soon(rng: np.random.Generator, start: Integers) -> Integers:
    """Draw times from `start` to the end of a window, most of them early."""
    return start + (rng.random(len(start)) ** 2 * WINDOW).astype(np.int64)


def _any_product(rng: np.random.Generator, visitor: Integers) -> Integers:
    return rng.integers(0, len(PRODUCTS), len(visitor), dtype=np.int8)


def _delivered(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    late, duplicates = (round(len(rows) * share) for share in (LATE_SHARE, DUPLICATE_SHARE))
    return deliver(rng, rows, late=late, duplicates=duplicates)


def _calls(rng: np.random.Generator, arrival: Integers) -> pd.DataFrame:
    """Let a share of everybody call, from hours before their arrival to hours past its window."""
    caller = np.flatnonzero(rng.random(len(arrival)) < CALLERS_SHARE)
    at = arrival[caller] + rng.integers(-DAY // 4, WINDOW + DAY // 2, len(caller))
    total = round(len(caller) * CALL_MINUTES * PICOMINUTES)
    return call_rows(caller, at, call_lengths(rng, len(caller), total))
