"""Small random worlds that meet the hard cases often, and how a world is written to disk.

A drawn world is dense on purpose: few visitors, few moments, few ids, so that ties, twins and
window edges to the millisecond happen in most worlds instead of almost never. Ids are hostile text.
`Layout` draws how the same rows may lie on disk; no layout may change a result.
"""

import csv
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import MISSING as MISSING_DEFAULT
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from oracle import (
    HOUR,
    Attribute,
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
DAY: Millis = 24 * HOUR
BOT_PATTERNS = ("%bot%", "%o'brien%", "curl/_%")
HALF, MOSTLY = 0.5, 0.9

Row = TypeVar("Row", Decision, Event)
Value = TypeVar("Value")
Change = Callable[[Row], Row]

# --- hostile values -----------------------------------------------------------------------------

MISSING = (None, "", "  ", "\t\n")
HOLDBACKS = (None, None, True, True)
VISITORS = (
    "user_1",
    "User_1",
    "user_1 ",
    "NULL",
    "null",
    " undefined",
    "Undefined",
    "o'brien",
    'the "quoted"',
    "a,b;c|d",
    "line\nbreak",
    "back\\slash",
    "{{ var('x') }}",
    "{% raw %}{#",
    "'; drop table experiment_units; --",
    "99999999999999999999999",
    "099999999999999999999999",
    "\u00e9t\u00e9",  # composed …
    "e\u0301te\u0301",  # … and not: two ids
    "\U0001f389",
    "\uffee",  # sorts before the emoji by code point, after it by UTF-16 unit
    "%_%",
    "(not set)",
)
EXPERIMENTS = (
    "18786493712",
    "o'exp",
    "{{ exp }}",
    "\u5b9f\u9a13 1",
    "18786493712 ",
    "../a/b=c?*[x]",
)
VARIATIONS = ("a", "b", "A", "v 'c'", "18802093142")
AGENTS = (
    *(None,) * 12,
    *("Mozilla/5.0", "python-requests/2.24.0", "curl/") * 4,
    "Googlebot/2.1",
    "O'BRIEN",
    "curl/7",
)

CHROME = Attribute("browser", "custom", "chrome")
SAFARI = Attribute("browser", "custom", "safari")
PAID = Attribute("plan", "custom", "it's {{ paid }}")
ATTRIBUTE_LISTS: tuple[tuple[Attribute | None, ...] | None, ...] = (
    (CHROME,),
    (SAFARI,),
    (),
    None,
    (CHROME, PAID),
    (CHROME, SAFARI),
    (SAFARI, CHROME, CHROME),
    (Attribute("browser", "custom", None), SAFARI),
    (Attribute("browser", "custom", None),),
    (
        Attribute("browser", "metadata", "true"),
        Attribute("attribution/captured", "metadata", "true"),
    ),
    (Attribute("browser", None, "no type"),),
    (Attribute(None, "browser", "opera"), PAID),
    (Attribute("", "browser", "opera"), CHROME),
    (Attribute("\t", "device", "phone"), Attribute(None, "metadata", "true")),
    (Attribute("$opt_bot_filtering", "custom", "false"), Attribute("$optimal", "custom", "yes")),
    (Attribute("browser", "custom", ""), PAID),
    (Attribute("Browser", "custom", "Chrome"), Attribute(" browser", "custom", "spaced")),
    (Attribute("browser", "custom", "(not set)"),),
    (Attribute("browser", "custom", "\U0001f389"), Attribute("browser", "custom", "\uffee")),
    (None, CHROME),
    (Attribute(None, None, "nothing names it"), Attribute(" ", None, "nor this"), SAFARI),
)
ELECTRONICS = ("category", "electronics")
TAGS: tuple[tuple[tuple[str, str | None], ...] | None, ...] = (
    *((ELECTRONICS,),) * 4,
    (("product", "phone"), ELECTRONICS),
    (("category", "Electronics"),),
    (("category", "electronics "),),
    (("category", None),),
    (("Category", "electronics"),),
    (("it's", "{{ 7 * 7 }}"),),
    (),
    None,
)
EVENT_NAMES = (
    *("purchase", "detail_page_view") * 5,
    "Purchase",
    "Detail_page_view",
    "purchase ",
    "",
    None,
    "(not set)",
    "it's; {{ }}",
)
REVENUES = (995, 1000, None, 0, 1, -250, 10**12)
DURATIONS = ("1.5", "8.495310611", "0", "60", "0.1", "-2", "1e2")
BAD_DURATIONS = (None, "", "abc", "nan", "inf", "-Infinity", "1,5")
BAD_STARTS = (None, "", "soon", "13/1/2020 0:00:00", "9/31/2020 0:00:00", "9/15/2020")

# --- damages and twins --------------------------------------------------------------------------


def setting(column: str, *values: object) -> list[Change]:
    """Make the changes that put one of the values into a column."""
    return [lambda row, value=value: replace(row, **{column: value}) for value in values]


def moved(column: str, by: Millis) -> Change:
    """Move a time that is there."""

    def change(row: Row) -> Row:
        old = getattr(row, column)
        return row if old is None else replace(row, **{column: old + by})

    return change


EVENT_DAMAGES: list[Change] = [
    *setting("uuid", *MISSING),
    *setting("visitor_id", *MISSING, "undefined"),
    *setting("timestamp", None, None, None),
]
DECISION_DAMAGES: list[Change] = [
    *EVENT_DAMAGES,
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


# --- worlds -------------------------------------------------------------------------------------


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
    """Draw when a row was processed: often at the same moment as another, sometimes unknown."""
    delay = rng.choice([25_000, 25_000, 25_001, 0, None])
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
        session_id=rng.choice([None, "1", "-535397001"]),
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


# --- shrinking ----------------------------------------------------------------------------------

ROWS = ("calls", "events", "decisions", "named_variations", "excluded_visitors")


def minimal(world: World, is_failing: Callable[[World], bool]) -> World:
    """Leave out rows, then set columns to their defaults, as long as the world keeps failing.

    Hypothesis, which only drew the seed, can't.
    """
    for source in ROWS:
        chunk = len(getattr(world, source))
        while chunk:
            start = 0
            while start < len(rows := getattr(world, source)):
                smaller = replace(world, **{source: rows[:start] + rows[start + chunk :]})
                if is_failing(smaller):
                    world = smaller
                else:
                    start += chunk
            chunk //= 2
    for source in ("events", "decisions"):
        for number, row in enumerate(getattr(world, source)):
            for column, default in defaults_of(row).items():
                rows = list(getattr(world, source))
                rows[number] = replace(rows[number], **{column: default})
                simpler = replace(world, **{source: tuple(rows)})
                world = simpler if simpler != world and is_failing(simpler) else world
    return world


def defaults_of(row: object) -> dict[str, object]:
    """Give the defaults of a row's columns."""
    return {each.name: each.default for each in fields(row) if each.default is not MISSING_DEFAULT}


def shown(world: World) -> str:
    """Write a world's rows one a line, without the columns that have their defaults."""
    return "\n".join(
        f"  {source}: {shown_row(row)}" for source in ROWS for row in getattr(world, source)
    )


def shown_row(row: object) -> str:
    """Write a row without the columns that have their defaults."""
    if isinstance(row, str):
        return repr(row)
    defaults = defaults_of(row)
    columns = ", ".join(
        f"{column}={value!r}"
        for column, value in vars(row).items()
        if column not in defaults or value != defaults[column]
    )
    return f"{type(row).__name__}({columns})"


# --- on disk ------------------------------------------------------------------------------------

TimeType = Literal["timestamptz", "timestamp", "epoch_ms"]


@dataclass(frozen=True)
class Layout:
    """How rows lie on disk; no layout may change a result."""

    has_date_level: bool = True
    has_lying_folders: bool = False
    part_count: int = 1
    time_type: TimeType = "timestamptz"
    process_time_type: TimeType = "timestamptz"
    user_column: Literal["user_id", "visitor_id"] = "user_id"
    has_reversed_call_columns: bool = False
    row_order_seed: int = 0


def layouts() -> st.SearchStrategy[Layout]:
    """Draw a layout."""
    time_types = st.sampled_from(["timestamptz", "epoch_ms", "timestamp"])
    return st.builds(
        Layout,
        has_date_level=st.booleans(),
        has_lying_folders=st.booleans(),
        part_count=st.integers(1, 3),
        time_type=time_types,
        process_time_type=time_types,
        user_column=st.sampled_from(["user_id", "visitor_id"]),
        has_reversed_call_columns=st.booleans(),
        row_order_seed=st.integers(0, 2**16),
    )


PA_TIME_TYPES = {
    "timestamptz": pa.timestamp("ms", tz="UTC"),
    "timestamp": pa.timestamp("ms"),
    "epoch_ms": pa.int64(),
}
PA_ATTRIBUTES = pa.list_(
    pa.struct([(name, pa.string()) for name in ("id", "name", "type", "value")])
)
PA_EXPERIMENTS = pa.list_(
    pa.struct(
        [
            ("campaign_id", pa.string()),
            ("experiment_id", pa.string()),
            ("variation_id", pa.string()),
            ("is_holdback", pa.bool_()),
        ]
    )
)


def decision_schema(layout: Layout) -> pa.Schema:
    """Columns of `type=decisions`, as the export has them."""
    return pa.schema(
        [
            ("uuid", pa.string()),
            ("timestamp", PA_TIME_TYPES[layout.time_type]),
            ("process_timestamp", PA_TIME_TYPES[layout.process_time_type]),
            *((name, pa.string()) for name in ("visitor_id", "session_id", "account_id")),
            *((name, pa.string()) for name in ("campaign_id", "experiment_id", "variation_id")),
            ("attributes", PA_ATTRIBUTES),
            *((name, pa.string()) for name in ("user_ip", "user_agent", "referer")),
            ("is_holdback", pa.bool_()),
            *((name, pa.string()) for name in ("revision", "client_engine", "client_version")),
        ]
    )


def event_schema(layout: Layout) -> pa.Schema:
    """Columns of `type=events`, as the export has them."""
    return pa.schema(
        [
            ("uuid", pa.string()),
            ("timestamp", PA_TIME_TYPES[layout.time_type]),
            ("process_timestamp", PA_TIME_TYPES[layout.process_time_type]),
            *((name, pa.string()) for name in ("visitor_id", "session_id", "account_id")),
            ("experiments", PA_EXPERIMENTS),
            ("entity_id", pa.string()),
            ("attributes", PA_ATTRIBUTES),
            *((name, pa.string()) for name in ("user_ip", "user_agent", "referer")),
            *((name, pa.string()) for name in ("event_type", "event_name")),
            ("revenue", pa.int64()),
            ("value", pa.float64()),
            ("quantity", pa.int64()),
            ("tags", pa.map_(pa.string(), pa.string())),
            *((name, pa.string()) for name in ("revision", "client_engine", "client_version")),
        ]
    )


def decision_record(decision: Decision) -> dict[str, object]:
    """Write a decision as a record of the export, with the columns that no result depends on."""
    attributes = decision.attributes
    return {
        **vars(decision),
        "attributes": None
        if attributes is None
        else [each if each is None else vars(each) for each in attributes],
        "user_ip": "162.227.140.251",
        "account_id": "596780373",
    }


def event_record(event: Event) -> dict[str, object]:
    """Write an event as a record of the export, with the columns that no result depends on."""
    return {
        **vars(event),
        "tags": None if event.tags is None else list(event.tags),
        "user_ip": "162.227.140.251",
        "account_id": "596780373",
    }


def folder_of(record: dict[str, object], level: str, column: str, layout: Layout) -> Path:
    """Name a row's folder; a lying one names what no row holds, because the column must win."""
    timestamp = record["timestamp"]
    day = datetime.fromtimestamp((timestamp or 0) / 1000, tz=UTC).date()
    value = record[column]
    name = "__HIVE_DEFAULT_PARTITION__" if value is None else quote(str(value), safe="")
    if layout.has_lying_folders:
        day, name = "1999-12-31", "a"
    folder = Path(f"{level}={name}")
    return Path(f"date={day}") / folder if layout.has_date_level else folder


def write_parts(
    records: list[dict[str, object]], schema: pa.Schema, root: Path, level: str, layout: Layout
) -> None:
    """Write records in a drawn order, over the folders and parts of the layout."""
    order = random.Random(layout.row_order_seed)  # noqa: S311 - the order is no secret
    order.shuffle(records)
    column = {"experiment": "experiment_id", "event": "event_name"}[level]
    parts: dict[Path, list[dict[str, object]]] = {}
    for record in records:
        part = f"part-{order.randrange(layout.part_count):05d}.c000.snappy.parquet"
        parts.setdefault(folder_of(record, level, column, layout) / part, []).append(record)
    for path, members in (parts or {Path("part-00000.parquet"): []}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(members, schema=schema), root / path)


def write_export(world: World, layout: Layout, root: Path) -> None:
    """Write the world as an Enriched Events Export, in place of the one that is there."""
    shutil.rmtree(root, ignore_errors=True)
    decisions = [decision_record(row) for row in world.decisions]
    events = [event_record(row) for row in world.events]
    write_parts(decisions, decision_schema(layout), root / "type=decisions", "experiment", layout)
    write_parts(events, event_schema(layout), root / "type=events", "event", layout)


def call_records(world: World, layout: Layout) -> list[dict[str, str | None]]:
    """Call records with the columns' names and order of the layout."""
    columns = [layout.user_column, "call_start", "call_duration_min"]
    rows = [
        dict(zip(columns, (call.user_id, call.call_start, call.call_duration_min), strict=True))
        for call in world.calls
    ]
    if layout.has_reversed_call_columns:
        rows = [dict(reversed(row.items())) for row in rows]
    random.Random(layout.row_order_seed).shuffle(rows)  # noqa: S311 - the order is no secret
    return rows


def write_calls(world: World, layout: Layout, path: Path) -> None:
    """Write the call records as a CSV."""
    columns = [layout.user_column, "call_start", "call_duration_min"]
    header = columns[::-1] if layout.has_reversed_call_columns else columns
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(call_records(world, layout))


EXPERIMENT_TERMS = (
    "starts_at",
    "ends_at",
    "randomisation_unit",
    "attribution_window_hours",
    "crossover_policy",
    "primary_metric",
)


def seed_rows(world: World, metric_tags: str | None) -> dict[str, list[dict[str, object]]]:
    """Rows of the seeds, by the seed's name; the experiments use the metrics with these tags."""
    return {
        "variations": [vars(row) for row in world.named_variations],
        "excluded_visitors": [
            {"visitor_id": visitor_id, "reason": "staff"} for visitor_id in world.excluded_visitors
        ],
        "call_data": [vars(call) for call in world.calls],
        # Worlds set their other terms by the vars.
        "experiments": [
            dict.fromkeys(EXPERIMENT_TERMS)
            | {"experiment_id": experiment_id, "metric_tags": metric_tags}
            for experiment_id in sorted(
                {row.experiment_id for row in world.decisions if row.experiment_id is not None}
            )
        ],
    }
