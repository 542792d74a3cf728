"""Subscriptions to the studio, as a nightly job reports them: a state a day, with gaps and lags."""

import numpy as np
import pandas as pd

from sample_data.model import (
    ACTIVE,
    CANCELLED,
    DAY,
    HOUR,
    MINUTE,
    PAUSED,
    SUBSCRIPTION,
    TRIALING,
    Integers,
    event_rows,
)

TRIAL_DAYS, BOUGHT_AFTER_TRIAL = 7, 0.6
CANCELLED_A_DAY = 0.012
PAUSING_SHARE, LONGEST_PAUSE = 0.2, 15
# A night's report is missing now and then; some subscriptions' last nights are not delivered yet.
GAP_SHARE = 0.08
LAGGING_SHARE, LONGEST_LAG = 0.15, 4
NIGHTLY_AT, NIGHTLY_SPAN = 2 * HOUR, 50 * MINUTE


def subscription_rows(
    rng: np.random.Generator,
    subscriber: Integers,
    first_day: Integers,
    last_day: int,
    trial_days: Integers,
) -> pd.DataFrame:
    """Report each subscriber's state from a first to the last day, days since 1970, both included.

    trial_days: how many days each subscription is on trial.
    """
    count = len(subscriber)
    is_bought = (trial_days == 0) | (rng.random(count) < BOUGHT_AFTER_TRIAL)
    paid_days = np.where(is_bought, rng.geometric(CANCELLED_A_DAY, count), 0)
    pause_from = trial_days + rng.integers(1, 30, count)
    pause_days = rng.integers(3, LONGEST_PAUSE + 1, count)
    pause_days[rng.random(count) >= PAUSING_SHARE] = 0
    lag_days = rng.integers(1, LONGEST_LAG + 1, count)
    lag_days[rng.random(count) >= LAGGING_SHARE] = 0
    time_of_night = NIGHTLY_AT + rng.integers(0, NIGHTLY_SPAN, count)

    nights = np.maximum(last_day - lag_days - first_day + 1, 0)
    who = np.repeat(np.arange(count), nights)
    age = np.arange(len(who)) - np.repeat(np.cumsum(nights) - nights, nights)
    is_paused = (pause_from[who] <= age) & (age < (pause_from + pause_days)[who])
    state = np.select(
        [age >= (trial_days + paid_days)[who], age < trial_days[who], is_paused],
        [CANCELLED, TRIALING, PAUSED],
        ACTIVE,
    )
    at = (first_day[who] + age) * DAY + time_of_night[who]
    rows = event_rows(subscriber[who], at, SUBSCRIPTION, state)
    return rows[rng.random(len(rows)) >= GAP_SHARE]
