"""The compact form of an export: what happened, as narrow columns of numbers.

A plan (`attic_and_button`, `studio_experiments`, `large`) fills these; `deliver` adds how the
rows reached the export; `columns` turns them into the export's wide, nested columns, a chunk at a
time.

Times are milliseconds since 1970 in UTC (int64), durations of calls are picominutes (int64,
1e-12 minutes), so that sums are exact in any order.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Integers = NDArray[np.int64]

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WINDOW = 48 * HOUR
PICOMINUTES = 10**12

# The company's own people, whom seeds/excluded_visitors.csv names too.
TESTERS = ("qa_visitor_1", "qa_visitor_2", "qa_visitor_3")

# The time of an exposure that never happens; leaves room to add a window without overflow.
NEVER = 2**62

# What happens in the shop, then in the studio, where visitors design things to be made.
HOMEPAGE, DETAIL, CART, PURCHASE, PAGE, SIGN_UP_PAGE, SIGN_UP, TASK, SUBSCRIPTION = range(9)
SHOP_EVENTS = ("homepage_view", "detail_page_view", "add_to_cart", "purchase")
STUDIO_EVENTS = ("page_view", "visited_sign_up", "sign_up", "task_done", "subscription_state")
EVENT_NAMES = (*SHOP_EVENTS, *STUDIO_EVENTS)
BROWSERS = ("chrome", "firefox", "safari")
COUNTRIES = ("DE", "FR", "GB", "US", "BR")
MISSING = -1

# What a subscription can be in; the tag `state` of an event SUBSCRIPTION.
TRIALING, ACTIVE, PAUSED, CANCELLED = range(4)
STATES = ("trialing", "active", "paused", "cancelled")


class Product(NamedTuple):
    """A thing that the shop sells; the price is in cents."""

    name: str
    sku: str
    price: int
    category: str


ANDROID, IPHONE, PHONE_CASE = range(3)
PRODUCTS = (
    Product("android", "AB-201", 79_999, "electronics"),
    Product("iphone", "AB-202", 99_999, "electronics"),
    Product("phone case", "AB-101", 3_995, "accessories"),
)
PRODUCT_CENTS = np.array([product.price for product in PRODUCTS], dtype=np.int64)


class Role(IntEnum):
    """Why a visitor is, or is not, a unit of an experiment."""

    EXPOSED = 0
    HOLDBACK = 1
    BOT = 2
    TESTER = 3
    UNEXPOSED = 4


class Arm(NamedTuple):
    """One variation of one experiment; arms are numbered across all experiments.

    `relative_lift` holds the true effects against the control, where they are known: one for all,
    or one by country.
    """

    experiment_id: str
    experiment_name: str
    campaign_id: str
    variation_id: str
    variation_name: str
    relative_lift: dict[str, float] | None
    lift_by_country: dict[str, dict[str, float]] | None = None
    event_names: tuple[str, ...] = SHOP_EVENTS
    window: int = WINDOW


@dataclass(frozen=True)
class Visitors:
    """Everybody who appears in the export; row i is visitor number i.

    `exposed_at` and `arm` have one column for each experiment that a visitor may be in: the first
    exposure (NEVER where there is none) and its arm (MISSING where there is none).
    """

    visitor_id: pa.StringArray
    role: NDArray[np.int8]
    browser: NDArray[np.int8]
    country: NDArray[np.int8]
    exposed_at: Integers
    arm: NDArray[np.int32]

    def with_role(self, role: Role) -> Integers:
        """Give the numbers of the visitors with this role."""
        return np.flatnonzero(self.role == role)


@dataclass(frozen=True)
class Dataset:
    """One whole export, still compact.

    decisions: visitor, occurred_at, arm; events: visitor, occurred_at, kind, detail, and if any has
    one, value; both with the columns of `deliver`. calls: visitor, occurred_at (on the hour),
    picominutes.
    """

    seed: int
    mode: str
    arms: tuple[Arm, ...]
    visitors: Visitors
    decisions: pd.DataFrame
    events: pd.DataFrame
    calls: pd.DataFrame
    settings: dict[str, Any]


def milliseconds(date: str) -> int:
    """Give the first instant of an ISO date."""
    return int(np.datetime64(date, "ms").astype(np.int64))


def event_rows(
    visitor: Integers, at: Integers, kind: Integers, detail: Integers = MISSING
) -> pd.DataFrame:
    """Put together events; `kind` indexes EVENT_NAMES, `detail` PRODUCTS or else STATES."""
    return pd.DataFrame(
        {
            "visitor": np.asarray(visitor, dtype=np.int32),
            "occurred_at": np.asarray(at, dtype=np.int64),
            "kind": np.broadcast_to(np.asarray(kind, dtype=np.int8), len(visitor)),
            "detail": np.broadcast_to(np.asarray(detail, dtype=np.int8), len(visitor)),
        },
    )


def stray_events(rng: np.random.Generator, visitor: Integers, at: Integers) -> pd.DataFrame:
    """Put together events of any kind, purchases too, that no result may count."""
    kind = rng.choice(4, len(visitor), p=[0.4, 0.35, 0.15, 0.1])
    product = np.where(kind == HOMEPAGE, MISSING, rng.integers(0, len(PRODUCTS), len(visitor)))
    return event_rows(visitor, at, kind, product)


def decision_rows(visitor: Integers, at: Integers, arm: Integers) -> pd.DataFrame:
    """Put together decisions."""
    return pd.DataFrame(
        {
            "visitor": np.asarray(visitor, dtype=np.int32),
            "occurred_at": np.asarray(at, dtype=np.int64),
            "arm": np.asarray(arm, dtype=np.int32),
        },
    )


def call_rows(visitor: Integers, at: Integers, picominutes: Integers) -> pd.DataFrame:
    """Put together calls; a call starts on the full hour, as the call center records it."""
    return pd.DataFrame(
        {
            "visitor": np.asarray(visitor, dtype=np.int32),
            "occurred_at": np.asarray(at, dtype=np.int64) // HOUR * HOUR,
            "picominutes": np.asarray(picominutes, dtype=np.int64),
        },
    )


def call_lengths(rng: np.random.Generator, count: int, total: int) -> Integers:
    """Draw `count` positive durations with exactly this total, all in picominutes.

    Whole numbers only, no logarithms: the committed seed must come out the same on every machine.
    """
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    mean = total // count
    shortest = mean // 10
    lengths = shortest + rng.integers(0, mean - shortest, (2, count)).sum(axis=0)
    share, rest = divmod(total - int(lengths.sum()), count)
    lengths += share
    lengths[:rest] += 1
    return lengths


def deliver(
    rng: np.random.Generator, rows: pd.DataFrame, *, late: int, duplicates: int
) -> pd.DataFrame:
    """Add the delivery of rows, late arrivals and second copies to distinct rows.

    Adds `key` (the identity that the uuid is made from), `processed_at`, and `is_upper_case` (of
    the uuid). A copy keeps its key, arrives later, and in every other case has the other case.
    """
    count = len(rows)
    rows["key"] = np.arange(count, dtype=np.int64)
    rows["processed_at"] = rows["occurred_at"] + rng.integers(2_000, 80_000, count)
    rows["is_upper_case"] = False
    chosen = rng.choice(count, late + duplicates, replace=False)
    delay = np.zeros(count, dtype=np.int64)
    delay[chosen[:late]] = rng.integers(3 * HOUR, 12 * HOUR, late)
    rows["processed_at"] += delay
    copies = rows.iloc[chosen[late:]].copy()
    copies["processed_at"] += rng.integers(MINUTE, 30 * MINUTE, duplicates)
    copies["is_upper_case"] = np.arange(duplicates) % 2 == 1
    return pd.concat([rows, copies], ignore_index=True)


def numbered_ids(prefix: str, numbers: Integers, digits: int) -> pa.StringArray:
    """Write ids such as `visitor_00042`."""
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), digits, padding="0")
    return pc.binary_join_element_wise(prefix, padded, "")
