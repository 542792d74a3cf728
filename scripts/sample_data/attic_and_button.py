"""The default sample: the banner experiment of the shop "Attic & Button".

10,000 visitors saw one of three banners on one afternoon. The tables below are what the pipeline
must find in the data, exactly; everything else is drawn at random around them, together with a
little of the dirt that exports have.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

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


class Cell(NamedTuple):
    """What the visitors of one variation with one browser did inside their windows."""

    variation: str
    browser: str
    units: int
    calls: int
    electronics_cents: int
    detail_views: int


# Every unit also sees the homepage once.
CELLS = (
    Cell("control", "chrome", 1651, 566, 7_719_913, 912),
    Cell("control", "firefox", 1094, 353, 4_259_953, 571),
    Cell("control", "safari", 559, 196, 2_519_971, 316),
    Cell("message_1", "chrome", 1723, 590, 6_739_924, 1235),
    Cell("message_1", "firefox", 1085, 342, 5_619_936, 778),
    Cell("message_1", "safari", 559, 177, 2_599_971, 401),
    Cell("message_2", "chrome", 1695, 569, 10_199_885, 1477),
    Cell("message_2", "firefox", 1121, 377, 7_119_921, 976),
    Cell("message_2", "safari", 513, 169, 2_579_971, 447),
)


class Total(NamedTuple):
    """What the visitors of one variation did inside their windows, whatever their browser."""

    variation_id: str
    variation: str
    purchases: int
    support_picominutes: int


# Whoever bought a phone bought one, and a case with some of them: as many buyers as phones.
TOTALS = (
    Total("18802093142", "control", 326, 5_154_637_339_618_060),
    Total("18818611832", "message_1", 338, 5_011_598_830_877_945),
    Total("18817551468", "message_2", 446, 5_101_002_656_990_411),
)

EXPERIMENT_ID = "18786493712"
EXPERIMENT_NAME = "covid_messaging_experiment"
CAMPAIGN_ID = "100000101"
ARMS = tuple(
    Arm(EXPERIMENT_ID, EXPERIMENT_NAME, CAMPAIGN_ID, total.variation_id, total.variation, None)
    for total in TOTALS
)
ARM_OF = {total.variation: number for number, total in enumerate(TOTALS)}

EXPOSURE_START = milliseconds("2020-09-14") + 17 * HOUR
EXPOSURE_SPAN = 3 * HOUR
CALL_DAY = milliseconds("2020-09-15")
AFTER_ALL_WINDOWS = milliseconds("2020-09-17")

# The dirt: how many visitors, or rows, of each kind.
HOLDBACK_VISITORS = 40
BOT_VISITORS = 15
UNEXPOSED_VISITORS = 50
REPEAT_DECISIONS = 30
CROSSOVERS = 12
LATE_DECISIONS, LATE_EVENTS = 5, 25
DUPLICATE_DECISIONS, DUPLICATE_EVENTS = 20, 60
EVENTS_BEFORE_EXPOSURE, EVENTS_AFTER_WINDOW = 400, 100
EVENTS_PER_STRAY_VISITOR = 3
TESTER_CALLS, UNEXPOSED_CALLS, CALLS_BEFORE_EXPOSURE, CALLS_AFTER_WINDOW = 2, 12, 8, 10


def attic_and_button(seed: int) -> Dataset:
    """Plan the default sample; the seed changes who does what, never the numbers above."""
    rng = np.random.default_rng(seed)
    cell = rng.permutation(np.repeat(np.arange(len(CELLS)), [c.units for c in CELLS]))
    visitors = _visitors(rng, cell)
    decisions = _decisions(rng, visitors)
    events = pd.concat(
        [_shopping(rng, visitors, cell), _strays(rng, visitors)],
        ignore_index=True,
    )
    return Dataset(
        seed=seed,
        mode="attic_and_button",
        arms=ARMS,
        visitors=visitors,
        decisions=deliver(rng, decisions, late=LATE_DECISIONS, duplicates=DUPLICATE_DECISIONS),
        events=deliver(rng, events, late=LATE_EVENTS, duplicates=DUPLICATE_EVENTS),
        calls=_calls(rng, visitors, cell),
        settings={},
    )


def phones_sold(electronics_cents: int) -> tuple[int, int]:
    """Split electronics revenue into a number of Android phones and of iPhones.

    The prices share no divisor, so below many thousand phones there is one answer at most.
    """
    android, iphone = PRODUCTS[ANDROID].price, PRODUCTS[IPHONE].price
    for iphones in range(electronics_cents // iphone + 1):
        androids, rest = divmod(electronics_cents - iphones * iphone, android)
        if rest == 0:
            return androids, iphones
    message = f"no number of phones costs {electronics_cents} cents"
    raise ValueError(message)


def _visitors(rng: np.random.Generator, cell: Integers) -> Visitors:
    """Make everybody: units in the order of `cell`, then those who must not count."""
    numbered = len(cell) + HOLDBACK_VISITORS + BOT_VISITORS
    role = np.repeat(
        [Role.EXPOSED, Role.HOLDBACK, Role.BOT, Role.UNEXPOSED, Role.TESTER],
        [len(cell), HOLDBACK_VISITORS, BOT_VISITORS, UNEXPOSED_VISITORS, len(TESTERS)],
    ).astype(np.int8)
    others = len(role) - len(cell)
    browser = np.array([BROWSERS.index(c.browser) for c in CELLS])[cell]
    arm = np.array([ARM_OF[c.variation] for c in CELLS])[cell]
    exposed_at = EXPOSURE_START + rng.integers(0, EXPOSURE_SPAN, len(role))
    other_arm = rng.integers(0, len(ARMS), others)
    arms = np.concatenate([arm, other_arm])
    is_unexposed = role == Role.UNEXPOSED
    return Visitors(
        visitor_id=pa.concat_arrays(
            [
                numbered_ids("visitor_", rng.permutation(numbered) + 1, 5),
                numbered_ids("visitor_", 90_001 + np.arange(UNEXPOSED_VISITORS), 5),
                pa.array(TESTERS),
            ],
        ),
        role=role,
        browser=np.concatenate([browser, rng.integers(0, len(BROWSERS), others)]).astype(np.int8),
        country=np.full(len(role), MISSING, dtype=np.int8),
        exposed_at=np.where(is_unexposed, NEVER, exposed_at)[:, np.newaxis],
        arm=np.where(is_unexposed, MISSING, arms).astype(np.int32)[:, np.newaxis],
    )


def _decisions(rng: np.random.Generator, visitors: Visitors) -> pd.DataFrame:
    """Expose everybody who was exposed, and some units once more, hours later."""
    seen = np.flatnonzero(visitors.role != Role.UNEXPOSED)
    units = visitors.with_role(Role.EXPOSED)
    again = rng.choice(units, REPEAT_DECISIONS + CROSSOVERS, replace=False)
    later = rng.integers(5 * MINUTE, 20 * HOUR, len(again))
    switched = np.arange(len(again)) >= REPEAT_DECISIONS
    step = np.where(switched, rng.integers(1, len(ARMS), len(again)), 0)
    return pd.concat(
        [
            decision_rows(seen, visitors.exposed_at[seen, 0], visitors.arm[seen, 0]),
            decision_rows(
                again,
                visitors.exposed_at[again, 0] + later,
                (visitors.arm[again, 0] + step) % len(ARMS),
            ),
        ],
        ignore_index=True,
    )


def _shopping(rng: np.random.Generator, visitors: Visitors, cell: Integers) -> pd.DataFrame:
    """Make every event inside a window, so that CELLS and TOTALS come true."""
    start = visitors.exposed_at[: len(cell), 0]
    # Some see the homepage at the very instant of their exposure.
    homepage_at = start + np.maximum(0, rng.integers(-200, 1_800, len(cell)))
    # One visit in five is continued on another day, still inside the window.
    returns = rng.integers(0, 5, len(cell)) == 0
    visit_at = homepage_at + np.where(returns, rng.integers(10 * HOUR, 40 * HOUR, len(cell)), 0)

    phones = [_phone_buyers(rng, number, cell) for number in range(len(CELLS))]
    buyer = np.concatenate([who for who, _ in phones])
    phone = np.concatenate([what for _, what in phones])
    case_buyer = _case_buyers(rng, buyer, visitors)
    bought_by = np.concatenate([buyer, case_buyer])
    bought = np.concatenate([phone, np.full(len(case_buyer), PHONE_CASE)])

    looker, looked_at = _window_shoppers(rng, cell, bought_by)
    shown_to = np.concatenate([bought_by, looker])
    view_at = visit_at[shown_to] + rng.integers(5_000, 5 * MINUTE, len(shown_to))
    # The window includes its end.
    view_at[-3:] = start[shown_to[-3:]] + WINDOW
    cart_at = visit_at[bought_by] + rng.integers(5 * MINUTE, 8 * MINUTE, len(bought_by))
    pay_at = visit_at[bought_by] + rng.integers(8 * MINUTE, 12 * MINUTE, len(bought_by))
    return pd.concat(
        [
            event_rows(np.arange(len(cell)), homepage_at, HOMEPAGE, MISSING),
            event_rows(shown_to, view_at, DETAIL, np.concatenate([bought, looked_at])),
            event_rows(bought_by, cart_at, CART, bought),
            event_rows(bought_by, pay_at, PURCHASE, bought),
        ],
        ignore_index=True,
    )


def _phone_buyers(
    rng: np.random.Generator, number: int, cell: Integers
) -> tuple[Integers, Integers]:
    """Choose who in a cell buys a phone, and which."""
    androids, iphones = phones_sold(CELLS[number].electronics_cents)
    who = rng.choice(np.flatnonzero(cell == number), androids + iphones, replace=False)
    return who, np.repeat([ANDROID, IPHONE], [androids, iphones])


def _case_buyers(rng: np.random.Generator, buyer: Integers, visitors: Visitors) -> Integers:
    """Choose which buyers of a phone add a case, so that the purchases of TOTALS come out."""
    chosen = []
    for number, total in enumerate(TOTALS):
        of_arm = buyer[visitors.arm[buyer, 0] == number]
        chosen.append(rng.choice(of_arm, total.purchases - len(of_arm), replace=False))
    return np.concatenate(chosen)


def _window_shoppers(
    rng: np.random.Generator, cell: Integers, bought_by: Integers
) -> tuple[Integers, Integers]:
    """Choose who else looks at which products: the cell's detail views less those of its buyers.

    Half as many visitors as views, each with up to three products, none of them twice.
    """
    buys = np.bincount(bought_by, minlength=len(cell))
    who, what = [], []
    for number, target in enumerate(CELLS):
        is_inside = cell == number
        views = target.detail_views - int(buys[is_inside].sum())
        idle = rng.permutation(np.flatnonzero(is_inside & (buys == 0)))[: (views + 1) // 2]
        pair = rng.choice(len(idle) * len(PRODUCTS), views, replace=False)
        who.append(idle[pair // len(PRODUCTS)])
        what.append(pair % len(PRODUCTS))
    return np.concatenate(who), np.concatenate(what)


def _strays(rng: np.random.Generator, visitors: Visitors) -> pd.DataFrame:
    """Make events that must not count: outside the window, or of people who are no units."""
    units = visitors.with_role(Role.EXPOSED)
    early = rng.choice(units, EVENTS_BEFORE_EXPOSURE)
    before = rng.integers(1, 6 * HOUR, len(early))
    tardy = rng.choice(units, EVENTS_AFTER_WINDOW)
    after = rng.integers(1, DAY, len(tardy))
    # The nearest misses: a millisecond outside.
    before[0] = after[0] = 1
    others = np.repeat(np.flatnonzero(visitors.role != Role.EXPOSED), EVENTS_PER_STRAY_VISITOR)
    during = EXPOSURE_START + EXPOSURE_SPAN + rng.integers(0, 20 * HOUR, len(others))
    return pd.concat(
        [
            stray_events(rng, early, visitors.exposed_at[early, 0] - before),
            stray_events(rng, tardy, visitors.exposed_at[tardy, 0] + WINDOW + after),
            stray_events(rng, others, during),
        ],
        ignore_index=True,
    )


def _calls(rng: np.random.Generator, visitors: Visitors, cell: Integers) -> pd.DataFrame:
    """Make the calls of CELLS with the minutes of TOTALS, then a few that must not count."""
    callers = np.concatenate(
        [_callers(rng, np.flatnonzero(cell == n), c.calls) for n, c in enumerate(CELLS)],
    )
    lengths = np.zeros(len(callers), dtype=np.int64)
    for number, total in enumerate(TOTALS):
        is_inside = visitors.arm[callers, 0] == number
        drawn = call_lengths(rng, int(is_inside.sum()), total.support_picominutes)
        lengths[is_inside] = drawn
    units = visitors.with_role(Role.EXPOSED)
    strays = [
        (rng.choice(visitors.with_role(Role.TESTER), TESTER_CALLS), CALL_DAY),
        (rng.choice(visitors.with_role(Role.UNEXPOSED), UNEXPOSED_CALLS), CALL_DAY),
        (rng.choice(units, CALLS_BEFORE_EXPOSURE), EXPOSURE_START - DAY),
        (rng.choice(units, CALLS_AFTER_WINDOW), AFTER_ALL_WINDOWS),
    ]
    return pd.concat(
        [
            _calls_on(rng, callers, CALL_DAY, lengths),
            *(
                _calls_on(rng, who, day, call_lengths(rng, len(who), 4 * len(who) * PICOMINUTES))
                for who, day in strays
            ),
        ],
        ignore_index=True,
    )


def _callers(rng: np.random.Generator, units: Integers, calls: int) -> Integers:
    """Choose who calls: nine calls in ten are somebody's first."""
    first = rng.choice(units, calls - calls // 10, replace=False)
    return np.concatenate([first, rng.choice(first, calls // 10)])


def _calls_on(
    rng: np.random.Generator, who: Integers, start: int, lengths: Integers
) -> pd.DataFrame:
    """Spread calls over the 24 hours from `start`."""
    return call_rows(who, start + rng.integers(0, DAY, len(who)), lengths)
