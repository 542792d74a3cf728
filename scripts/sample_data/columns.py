"""The wide form of an export: Optimizely's columns and types, made from the compact rows.

What no result depends on (uuids, sessions, addresses) is a hash of the row's key or the visitor,
so it needs no memory and does not depend on how the rows are cut into chunks.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sample_data.model import (
    BROWSERS,
    COUNTRIES,
    EVENT_NAMES,
    HOUR,
    MISSING,
    PRODUCT_CENTS,
    PRODUCTS,
    PURCHASE,
    STATES,
    SUBSCRIPTION,
    Arm,
    Dataset,
    Product,
    Role,
    Visitors,
)

ACCOUNT_ID = "100000001"
REVISION = "12"
CLIENT_ENGINE = "python-sdk"
CLIENT_VERSION = "3.6.0"
SDK_USER_AGENT = "python-requests/2.25.0"
BOT_USER_AGENT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
BROWSER_ATTRIBUTE_ID = "100000301"
COUNTRY_ATTRIBUTE_ID = "100000302"
ENTITY_IDS = tuple(str(100_000_201 + kind) for kind in range(len(EVENT_NAMES)))

# How many details an event may have, none among them.
DETAILS = 1 + max(len(PRODUCTS), len(STATES))

# Reserved for documentation (RFC 5737): nobody's addresses.
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
HOSTS_PER_NETWORK = 254

TIMESTAMP = pa.timestamp("ms", tz="UTC")
ATTRIBUTES = pa.list_(
    pa.field(
        "element",
        pa.struct([(name, pa.string()) for name in ("id", "name", "type", "value")]),
    ),
)
EXPERIMENTS = pa.list_(
    pa.field(
        "element",
        pa.struct(
            [
                ("campaign_id", pa.string()),
                ("experiment_id", pa.string()),
                ("variation_id", pa.string()),
                ("is_holdback", pa.bool_()),
            ],
        ),
    ),
)
TAGS = pa.map_(pa.string(), pa.string())

DECISION_SCHEMA = pa.schema(
    [
        ("uuid", pa.string()),
        ("timestamp", TIMESTAMP),
        ("process_timestamp", TIMESTAMP),
        ("visitor_id", pa.string()),
        ("session_id", pa.string()),
        ("account_id", pa.string()),
        ("campaign_id", pa.string()),
        ("experiment_id", pa.string()),
        ("variation_id", pa.string()),
        ("attributes", ATTRIBUTES),
        ("user_ip", pa.string()),
        ("user_agent", pa.string()),
        ("referer", pa.string()),
        ("is_holdback", pa.bool_()),
        ("revision", pa.string()),
        ("client_engine", pa.string()),
        ("client_version", pa.string()),
    ],
)
EVENT_SCHEMA = pa.schema(
    [
        ("uuid", pa.string()),
        ("timestamp", TIMESTAMP),
        ("process_timestamp", TIMESTAMP),
        ("visitor_id", pa.string()),
        ("session_id", pa.string()),
        ("account_id", pa.string()),
        ("experiments", EXPERIMENTS),
        ("entity_id", pa.string()),
        ("attributes", ATTRIBUTES),
        ("user_ip", pa.string()),
        ("user_agent", pa.string()),
        ("referer", pa.string()),
        ("event_type", pa.string()),
        ("event_name", pa.string()),
        ("revenue", pa.int64()),
        ("value", pa.float64()),
        ("quantity", pa.int64()),
        ("tags", TAGS),
        ("revision", pa.string()),
        ("client_engine", pa.string()),
        ("client_version", pa.string()),
    ],
)

# What a hash is for, so that equal keys of different things don't give equal hashes.
DECISION_UUID, EVENT_UUID, FILE_UUID, SESSION, ADDRESS = range(5)
GOLDEN = 0x9E3779B97F4A7C15


def decisions_table(dataset: Dataset, rows: pd.DataFrame) -> pa.Table:
    """Widen decisions (columns as in `Dataset`) to the export's columns."""
    arms = dataset.arms
    arm = pa.array(rows["arm"].to_numpy())
    is_holdback = dataset.visitors.role[rows["visitor"].to_numpy()] == Role.HOLDBACK
    columns = _common_columns(dataset, rows, DECISION_UUID) | {
        "campaign_id": pa.array([a.campaign_id for a in arms]).take(arm),
        "experiment_id": pa.array([a.experiment_id for a in arms]).take(arm),
        "variation_id": pa.array([a.variation_id for a in arms]).take(arm),
        "is_holdback": pa.array(is_holdback),
    }
    return pa.table(columns, schema=DECISION_SCHEMA)


def events_table(dataset: Dataset, rows: pd.DataFrame) -> pa.Table:
    """Widen events (columns as in `Dataset`) to the export's columns."""
    kind, detail = rows["kind"].to_numpy(), rows["detail"].to_numpy()
    is_purchase = kind == PURCHASE
    cents = PRODUCT_CENTS[np.where(is_purchase, detail, 0)]
    kinds = pa.array(kind)
    columns = _common_columns(dataset, rows, EVENT_UUID) | {
        "experiments": _experiments(dataset.arms, dataset.visitors, rows),
        "entity_id": pa.array(ENTITY_IDS).take(kinds),
        "event_type": pa.nulls(len(rows), pa.string()),
        "event_name": pa.array(EVENT_NAMES).take(kinds),
        "revenue": pa.array(np.where(is_purchase, cents, 0)),
        "value": _values(rows),
        # As the export has it: purchases leave the quantity empty.
        "quantity": pa.array(np.zeros(len(rows), dtype=np.int64), mask=is_purchase),
        "tags": _tag_table().take(pa.array(kind * DETAILS + detail + 1)),
    }
    return pa.table(columns, schema=EVENT_SCHEMA)


def uuids(
    seed: int, purpose: int, keys: NDArray[np.int64], is_upper_case: NDArray[np.bool_]
) -> pa.StringArray:
    """Write a version 4 uuid for each key, in lower or upper case."""
    high = hashes(seed, purpose, keys)
    low = hashes(seed + 1, purpose, high)
    high = high & np.uint64(0xFFFFFFFFFFFF0FFF) | np.uint64(0x4000)
    low = low & np.uint64(0x3FFFFFFFFFFFFFFF) | np.uint64(0x8000000000000000)
    octets = np.stack([high, low], axis=1).astype(">u8").view(np.uint8)
    nibbles = np.stack([octets >> 4, octets & 15], axis=2).reshape(len(keys), 32)
    digits = np.stack([np.frombuffer(text, dtype=np.uint8) for text in (_LOWER, _UPPER)])
    text = np.full((len(keys), 36), ord("-"), dtype=np.uint8)
    text[:, _DIGIT_PLACES] = digits[is_upper_case.astype(np.intp)[:, np.newaxis], nibbles]
    ends = np.arange(len(keys) + 1, dtype=np.int32) * 36
    return pa.StringArray.from_buffers(len(keys), pa.py_buffer(ends), pa.py_buffer(text))


def hashes(seed: int, purpose: int, values: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Scramble whole numbers by splitmix64: one to one for each seed and purpose."""
    salt = _scramble(np.array([(seed << 3) + purpose], dtype=np.uint64))
    return _scramble(values.astype(np.uint64) ^ salt)


_LOWER, _UPPER = b"0123456789abcdef", b"0123456789ABCDEF"
_DIGIT_PLACES = np.array([place for place in range(36) if place not in {8, 13, 18, 23}])


def _scramble(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = values + np.uint64(GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _common_columns(dataset: Dataset, rows: pd.DataFrame, purpose: int) -> dict[str, pa.Array]:
    """Make the columns that decisions and events share."""
    count = len(rows)
    visitors = dataset.visitors
    visitor, at = rows["visitor"].to_numpy(), rows["occurred_at"].to_numpy()
    look = (visitors.browser[visitor] + 1) * (len(COUNTRIES) + 1) + visitors.country[visitor] + 1
    is_bot = (visitors.role[visitor] == Role.BOT).astype(np.int8)
    host = hashes(dataset.seed, ADDRESS, visitor) % np.uint64(len(NETWORKS) * HOSTS_PER_NETWORK)
    return {
        "uuid": uuids(
            dataset.seed, purpose, rows["key"].to_numpy(), rows["is_upper_case"].to_numpy()
        ),
        "timestamp": pa.array(at).cast(TIMESTAMP),
        "process_timestamp": pa.array(rows["processed_at"].to_numpy()).cast(TIMESTAMP),
        "visitor_id": visitors.visitor_id.take(pa.array(visitor)),
        "session_id": _session_ids(dataset.seed, visitor, at),
        "account_id": pa.repeat(ACCOUNT_ID, count),
        "attributes": _attribute_table().take(pa.array(look)),
        "user_ip": pa.array(_ADDRESSES).take(pa.array(host)),
        "user_agent": pa.array([SDK_USER_AGENT, BOT_USER_AGENT]).take(pa.array(is_bot)),
        "referer": pa.nulls(count, pa.string()),
        "revision": pa.repeat(REVISION, count),
        "client_engine": pa.repeat(CLIENT_ENGINE, count),
        "client_version": pa.repeat(CLIENT_VERSION, count),
    }


_ADDRESSES = tuple(
    f"{network}.{host + 1}" for network in NETWORKS for host in range(HOSTS_PER_NETWORK)
)


def _session_ids(seed: int, visitor: NDArray[np.integer], at: NDArray[np.int64]) -> pa.Array:
    """Name a visitor's session: a signed 32-bit number, a new one every hour."""
    hourly = hashes(seed, SESSION, visitor) ^ (at // HOUR).astype(np.uint64)
    signed = (_scramble(hourly) >> np.uint64(32)).astype(np.uint32).view(np.int32)
    return pa.array(signed).cast(pa.string())


def _experiments(arms: tuple[Arm, ...], visitors: Visitors, rows: pd.DataFrame) -> pa.Array:
    """List the experiments that each event's visitor had seen by then.

    There are few distinct lists: each is built once, and the rows pick theirs by number.
    """
    visitor = rows["visitor"].to_numpy()
    code = (visitors.role[visitor] == Role.HOLDBACK).astype(np.int64)
    for column in range(visitors.arm.shape[1]):
        is_seen = visitors.exposed_at[visitor, column] <= rows["occurred_at"].to_numpy()
        seen = np.where(is_seen, visitors.arm[visitor, column], MISSING)
        code = code * (len(arms) + 1) + seen + 1
    distinct, place = np.unique(code, return_inverse=True)
    lists = [_seen_arms(arms, int(one), visitors.arm.shape[1]) for one in distinct]
    return pa.array(lists, type=EXPERIMENTS).take(pa.array(place))


def _seen_arms(arms: tuple[Arm, ...], code: int, width: int) -> list[dict[str, str | bool]]:
    """Undo the code of `_experiments`."""
    numbers = []
    for _ in range(width):
        code, number = divmod(code, len(arms) + 1)
        numbers.append(number - 1)
    return [
        {
            "campaign_id": arms[number].campaign_id,
            "experiment_id": arms[number].experiment_id,
            "variation_id": arms[number].variation_id,
            "is_holdback": bool(code),
        }
        for number in reversed(numbers)
        if number != MISSING
    ]


def _attribute_table() -> pa.Array:
    """List the attributes of each pair of browser and country, none first."""
    return pa.array(
        [
            _attributes(browser, country)
            for browser in (None, *BROWSERS)
            for country in (None, *COUNTRIES)
        ],
        type=ATTRIBUTES,
    )


def _attributes(browser: str | None, country: str | None) -> list[dict[str, str | None]]:
    """List a visitor's attributes among those that the export adds itself."""
    bot_filtering, enrichment = "$opt_bot_filtering", "$opt_enrich_decisions"
    listed = [
        (bot_filtering, bot_filtering, "custom", "false"),
        (enrichment, enrichment, "custom", "true"),
        (None, "attribution/captured", "metadata", "true"),
        (BROWSER_ATTRIBUTE_ID, "browser", "custom", browser),
        (COUNTRY_ATTRIBUTE_ID, "country", "custom", country),
        (None, "attribution/enriched", "metadata", "true"),
    ]
    fields = ("id", "name", "type", "value")
    return [dict(zip(fields, one, strict=True)) for one in listed if one[-1] is not None]


def _values(rows: pd.DataFrame) -> pa.Array:
    """Give the events' values, where they have any; NaN is none."""
    if "value" not in rows:
        return pa.nulls(len(rows), pa.float64())
    return pa.array(rows["value"], type=pa.float64(), from_pandas=True)


def _tag_table() -> pa.Array:
    """List the tags of each pair of event and detail, no detail first."""
    kinds, details = range(len(EVENT_NAMES)), range(MISSING, DETAILS - 1)
    return pa.array([_tags(kind, detail) for kind in kinds for detail in details], type=TAGS)


def _tags(kind: int, detail: int) -> list[tuple[str, str]]:
    if kind == SUBSCRIPTION and 0 <= detail < len(STATES):
        return [("state", STATES[detail])]
    if kind <= PURCHASE and 0 <= detail < len(PRODUCTS):
        return _product_tags(EVENT_NAMES[kind], PRODUCTS[detail])
    return []


def _product_tags(event_name: str, product: Product) -> list[tuple[str, str]]:
    name, sku = ("product", product.name), ("sku", product.sku)
    price, category = ("price", f"{product.price / 100:.2f}"), ("category", product.category)
    match event_name:
        case "homepage_view":
            return []
        case "detail_page_view":
            return [name, sku, category]
        case "add_to_cart":
            return [name, price, sku, category]
        case _:
            return [("revenue", str(product.price)), name, price, sku, category]
