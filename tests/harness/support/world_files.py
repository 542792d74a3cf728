"""How a world is written to disk: the export, the call records and the seeds.

`Layout` draws how the same rows may lie on disk; no layout may change a result.
"""

import csv
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from oracle.raw import Decision, Event, World

TimeType = Literal["timestamptz", "timestamp", "epoch_ms"]


EXPERIMENT_COLUMNS = (
    *("experiment_id", "starts_at", "ends_at", "randomisation_unit", "attribution_window_hours"),
    *("crossover_policy", "primary_metric", "metric_tags"),
)


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


def experiment_row(experiment_id: str) -> dict[str, object]:
    """Write the terms of an experiment of sessions; what else there is, worlds set by the vars."""
    defaults = dict.fromkeys(EXPERIMENT_COLUMNS)
    return {**defaults, "experiment_id": experiment_id, "randomisation_unit": "session_id"}


def experiment_rows(world: World) -> list[dict[str, object]]:
    """Write the terms of the experiments that have some: sessions as units, an end."""
    rows = {name: experiment_row(name) for name in world.session_experiments}
    for name, ends_at in world.ended_experiments:
        terms = rows.setdefault(name, {**experiment_row(name), "randomisation_unit": None})
        moment = datetime.fromtimestamp(ends_at / 1000, tz=UTC)
        terms["ends_at"] = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    return list(rows.values())


def seed_rows(world: World) -> dict[str, list[dict[str, object]]]:
    """Rows of the seeds, by the seed's name."""
    return {
        "variations": [vars(row) for row in world.named_variations],
        "excluded_visitors": [
            {"visitor_id": visitor_id, "reason": "staff"} for visitor_id in world.excluded_visitors
        ],
        "call_data": [vars(call) for call in world.calls],
        "experiments": experiment_rows(world),
    }
