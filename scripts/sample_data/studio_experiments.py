"""The two experiments of the shop's studio: a test of a button's colour, and a feature gate.

The colour of the button that invites to sign up is one of four for five weeks; `button_effects`
says what each truly does. The gate opens a feature to four visitors in five and does nothing else:
an A/A test. Some visitors are in both.
"""

import numpy as np
import pandas as pd

from sample_data.button_effects import BY_COUNTRY, COLOURS, LIFTS, lift, lifts_of
from sample_data.model import (
    COUNTRIES,
    DAY,
    MINUTE,
    MISSING,
    NEVER,
    PAGE,
    SIGN_UP,
    SIGN_UP_PAGE,
    STUDIO_EVENTS,
    Arm,
    Dataset,
    Integers,
    Role,
    Visitors,
    decision_rows,
    deliver,
    event_rows,
    milliseconds,
    numbered_ids,
)
from sample_data.studio import (
    DATA_END,
    DATA_START,
    Floats,
    People,
    Work,
    arrivals,
    draw_browsers,
    draw_people,
    hashed_arms,
    page_rows,
    task_rows,
    views_after,
    views_before,
)
from sample_data.subscriptions import TRIAL_DAYS, subscription_rows

COLOUR_TEST = tuple(
    Arm(
        experiment_id="18791230454",
        experiment_name="button_colour_test",
        campaign_id="100000102",
        variation_id=str(18_821_340_710 + number),
        variation_name=colour,
        relative_lift=None,
        lift_by_country=lifts_of(colour),
        event_names=STUDIO_EVENTS,
        window=5 * 7 * DAY,
    )
    for number, colour in enumerate(COLOURS)
)
GATE = tuple(
    Arm(
        experiment_id="18794561209",
        experiment_name="saved_designs_gate",
        campaign_id="100000103",
        variation_id=str(18_826_770_330 + number),
        variation_name=name,
        relative_lift=dict.fromkeys(LIFTS, 0.0),
        event_names=STUDIO_EVENTS,
        window=7 * DAY,
    )
    for number, name in enumerate(("closed", "open"))
)
ARMS = COLOUR_TEST + GATE
# How many of a hundred buckets each arm has.
COLOUR_PERCENTS, GATE_PERCENTS = np.full(len(COLOUR_TEST), 25), np.array([20, 80])

COLOUR_UNITS, GATE_ONLY_UNITS, UNITS_OF_BOTH = 8_000, 2_400, 200
# Most are exposed in the first week, as they come often; fewer are left for each that follows.
COLOUR_START, COLOUR_WEEKS = "2020-10-12", [0.36, 0.24, 0.17, 0.13, 0.10]
GATE_START, GATE_WEEKS = "2020-11-02", [0.55, 0.45]
BOTH_END = milliseconds("2020-11-16")
FIRST_VISITOR = 20_001
# Draws of its own for the seed. With the default seed they are typical: what has an effect shows it
# in the right direction, and the A/A test raises no false alarm.
STREAM = 2

# What comes of a visit, and of the subscriptions that there were before.
SOON_SHARE, LATER_DAYS, SECOND_VISIT_SHARE = 0.75, 4.0, 0.25
SIGN_UP_SHARE, SUBSCRIBING_SHARE, SUBSCRIBED_BEFORE_SHARE = 0.35, 0.5, 0.03

# The dirt: how many visitors, or rows, of each kind.
HOLDBACK_VISITORS, BOT_VISITORS, UNEXPOSED_VISITORS, VIEWS_PER_STRAY_VISITOR = 80, 20, 60, 3
REPEAT_DECISIONS = 400
LATE_DECISIONS, LATE_EVENTS = 10, 200
DUPLICATE_DECISIONS, DUPLICATE_EVENTS = 30, 300


def studio_experiments(seed: int) -> Dataset:
    """Plan both experiments; the seed changes who does what, never the true effects."""
    rng = np.random.default_rng([seed, STREAM])
    visitors = _visitors(rng)
    decisions, events = _decisions(rng, visitors), _events(rng, visitors)
    return Dataset(
        seed=seed,
        mode="studio",
        arms=ARMS,
        visitors=visitors,
        decisions=deliver(rng, decisions, late=LATE_DECISIONS, duplicates=DUPLICATE_DECISIONS),
        events=deliver(rng, events, late=LATE_EVENTS, duplicates=DUPLICATE_EVENTS),
        calls=pd.DataFrame({"visitor": [], "occurred_at": [], "picominutes": []}, dtype=np.int64),
        settings={},
    )


def _visitors(rng: np.random.Generator) -> Visitors:
    """Make everybody: units of the colours, of the gate alone, then those who must not count."""
    counts = [
        COLOUR_UNITS + GATE_ONLY_UNITS,
        HOLDBACK_VISITORS,
        BOT_VISITORS,
        UNEXPOSED_VISITORS,
    ]
    roles = [Role.EXPOSED, Role.HOLDBACK, Role.BOT, Role.UNEXPOSED]
    role = np.repeat(roles, counts).astype(np.int8)
    visitor_id = numbered_ids("visitor_", rng.permutation(len(role)) + FIRST_VISITOR, 5)
    shares = [BY_COUNTRY[country].share for country in COUNTRIES]
    number = np.arange(len(role))
    is_unit = role == Role.EXPOSED
    sees_button = (role != Role.UNEXPOSED) & ~(is_unit & (number >= COLOUR_UNITS))
    sees_gate = is_unit & (number >= COLOUR_UNITS)
    sees_gate[rng.choice(COLOUR_UNITS, UNITS_OF_BOTH, replace=False)] = True

    exposed_at = np.full((len(role), 2), NEVER, dtype=np.int64)
    arm = np.full((len(role), 2), MISSING, dtype=np.int32)
    for place, (sees, start, weeks) in enumerate(
        [(sees_button, COLOUR_START, COLOUR_WEEKS), (sees_gate, GATE_START, GATE_WEEKS)]
    ):
        exposed_at[sees, place] = arrivals(rng, int(sees.sum()), start, weeks)
    colour = hashed_arms(visitor_id, COLOUR_TEST, COLOUR_PERCENTS)
    gate = len(COLOUR_TEST) + hashed_arms(visitor_id, GATE, GATE_PERCENTS)
    arm[sees_button, 0], arm[sees_gate, 1] = colour[sees_button], gate[sees_gate]
    return Visitors(
        visitor_id=visitor_id,
        role=role,
        browser=draw_browsers(rng, len(role)),
        country=rng.choice(len(COUNTRIES), len(role), p=shares).astype(np.int8),
        exposed_at=exposed_at,
        arm=arm,
    )


def _decisions(rng: np.random.Generator, visitors: Visitors) -> pd.DataFrame:
    """Expose everybody who was exposed; some come back and get the same answer."""
    visitor, place = np.nonzero(visitors.arm != MISSING)
    at, arm = visitors.exposed_at[visitor, place], visitors.arm[visitor, place]
    again = rng.choice(np.flatnonzero(visitors.role[visitor] == Role.EXPOSED), REPEAT_DECISIONS)
    # A square: most come back soon.
    wait = (rng.random(len(again)) ** 2 * (BOTH_END - at[again])).astype(np.int64)
    return pd.concat(
        [
            decision_rows(visitor, at, arm),
            decision_rows(visitor[again], at[again] + wait, arm[again]),
        ],
        ignore_index=True,
    )


def _events(rng: np.random.Generator, visitors: Visitors) -> pd.DataFrame:
    """Make what visitors do in the studio, before they are exposed and after."""
    button, gate_only = np.arange(COLOUR_UNITS), COLOUR_UNITS + np.arange(GATE_ONLY_UNITS)
    colour_people = draw_people(rng, button, visitors.exposed_at[button, 0])
    gate_people = draw_people(rng, gate_only, visitors.exposed_at[gate_only, 1])
    others = np.flatnonzero(visitors.role != Role.EXPOSED)
    stray = np.repeat(others, VIEWS_PER_STRAY_VISITOR)
    stray_at = arrivals(rng, len(stray), COLOUR_START, COLOUR_WEEKS)
    return pd.concat(
        [
            _button_events(rng, visitors, colour_people),
            _plain_events(rng, visitors, gate_people),
            event_rows(stray, stray_at, PAGE),
        ],
        ignore_index=True,
    )


def _plain_events(rng: np.random.Generator, visitors: Visitors, people: People) -> pd.DataFrame:
    """Make the visits and tasks of people on whom nothing has an effect."""
    work = Work(_by_country(visitors, people, "task_milliseconds"))
    parts = []
    for views in (views_before(rng, people), views_after(rng, people)):
        parts += [page_rows(people, *views), task_rows(rng, people, views, work)]
    return pd.concat(parts, ignore_index=True)


def _button_events(rng: np.random.Generator, visitors: Visitors, people: People) -> pd.DataFrame:
    """Make what those do who see the button; its colour has the effects of LIFTS."""
    before, after = views_before(rng, people), views_after(rng, people)
    work_before = Work(_by_country(visitors, people, "task_milliseconds"))
    work_after = work_before._replace(
        lift=_lifts(visitors, people, "tasks"),
        tail_lift=_lifts(visitors, people, "task_latency_p90"),
    )
    # Views are lost, not added: -1 % loses one in a hundred, none of them anybody's first.
    is_later = np.arange(len(after[0])) >= len(people.number)
    loss = -_lifts(visitors, people, "page_views")[after[0]] / is_later.mean()
    is_seen = ~is_later | (rng.random(len(is_later)) >= loss)
    return pd.concat(
        [
            page_rows(people, *before),
            task_rows(rng, people, before, work_before),
            page_rows(people, after[0][is_seen], after[1][is_seen]),
            task_rows(rng, people, after, work_after),
            _sign_ups(rng, visitors, people),
        ],
        ignore_index=True,
    )


def _sign_ups(rng: np.random.Generator, visitors: Visitors, people: People) -> pd.DataFrame:
    """Make visits of the sign-up page, sign-ups, and subscriptions, old ones too."""
    rate = _by_country(visitors, people, "visited_sign_up_rate")
    rate = rate * (1 + _lifts(visitors, people, "visited_sign_up_rate"))
    visitor, visit_at = _sign_up_visits(rng, people, rate)
    again = np.flatnonzero(rng.random(len(visitor)) < SECOND_VISIT_SHARE)
    again_at = visit_at[again] + DAY * _days(rng, len(again))
    is_old = people.is_returning & (rng.random(len(rate)) < SUBSCRIBED_BEFORE_SHARE)
    signs_up = (rng.random(len(visitor)) < SIGN_UP_SHARE) & ~is_old[visitor]
    signer = visitor[signs_up]
    signed_at = visit_at[signs_up] + rng.integers(MINUTE, 15 * MINUTE, len(signer))
    happened = pd.concat(
        [
            event_rows(people.number[visitor], visit_at, SIGN_UP_PAGE),
            event_rows(people.number[visitor[again]], again_at, SIGN_UP_PAGE),
            event_rows(people.number[signer], signed_at, SIGN_UP),
        ],
        ignore_index=True,
    )
    subscribes = (rng.random(len(signer)) < SUBSCRIBING_SHARE) & (signed_at < DATA_END)
    new, old = signer[subscribes], np.flatnonzero(is_old)
    states = subscription_rows(
        rng,
        people.number[np.concatenate([new, old])],
        np.concatenate([signed_at[subscribes] // DAY + 1, np.full(len(old), DATA_START // DAY)]),
        DATA_END // DAY,
        np.repeat([TRIAL_DAYS, 0], [len(new), len(old)]),
    )
    return pd.concat([happened[happened["occurred_at"] < DATA_END], states], ignore_index=True)


def _sign_up_visits(
    rng: np.random.Generator, people: People, rate: Floats
) -> tuple[Integers, Integers]:
    """Choose who visits the sign-up page, and when: most of them minutes after the exposure."""
    visitor = np.flatnonzero(rng.random(len(rate)) < rate)
    wait = rng.integers(10_000, 10 * MINUTE, len(visitor))
    is_later = rng.random(len(visitor)) >= SOON_SHARE
    return visitor, people.arrived_at[visitor] + wait + is_later * DAY * _days(rng, len(visitor))


def _days(rng: np.random.Generator, count: int) -> Integers:
    """Draw how many days later people do what they do not do soon."""
    return 1 + np.floor(rng.exponential(LATER_DAYS, count)).astype(np.int64)


def _by_country(visitors: Visitors, people: People, trait: str) -> Floats:
    """Give each of these people a trait of their country."""
    values = np.array([getattr(BY_COUNTRY[country], trait) for country in COUNTRIES])
    return values[visitors.country[people.number]]


def _lifts(visitors: Visitors, people: People, metric: str) -> Floats:
    """Give the effect of the colour that each of these people sees, by their country."""
    table = np.array([[lift(metric, one, country) for country in COUNTRIES] for one in COLOURS])
    return table[visitors.arm[people.number, 0], visitors.country[people.number]]
