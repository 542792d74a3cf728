"""Small exports for tests: two variations, a few visitors each, whatever columns a test changes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

T0 = datetime(2025, 3, 3, 12, tzinfo=UTC)
STRING = pa.string()
ATTRIBUTES = pa.list_(pa.struct([(name, STRING) for name in ("id", "name", "type", "value")]))
TYPES = {
    "timestamp": pa.timestamp("ms", tz="UTC"),
    "process_timestamp": pa.timestamp("ms", tz="UTC"),
    "attributes": ATTRIBUTES,
    "is_holdback": pa.bool_(),
    "revenue": pa.int64(),
    "value": pa.float64(),
    "quantity": pa.int64(),
    "tags": pa.map_(STRING, STRING),
}

Row = dict[str, object]


def decisions(count: int = 60) -> list[Row]:
    """Give a decision each for so many visitors, in turn of variation a and b."""
    return [
        {
            "uuid": f"d{number:04d}",
            "timestamp": T0 + timedelta(minutes=number),
            "process_timestamp": T0 + timedelta(minutes=number + 1),
            "visitor_id": f"v{number:04d}",
            "session_id": f"s{number:04d}",
            "experiment_id": "e1",
            "variation_id": "ab"[number % 2],
            "attributes": [{"id": "1", "name": "browser", "type": "custom", "value": "chrome"}],
            "user_agent": "Mozilla/5.0",
            "is_holdback": False,
        }
        for number in range(count)
    ]


def events(count: int = 60) -> list[Row]:
    """Give a purchase of 100 an hour after its exposure for every third of so many visitors."""
    return [
        {
            "uuid": f"p{number:04d}",
            "timestamp": T0 + timedelta(minutes=number, hours=1),
            "process_timestamp": T0 + timedelta(minutes=number + 1, hours=1),
            "visitor_id": f"v{number:04d}",
            "session_id": None,
            "entity_id": "1",
            "event_type": "custom",
            "event_name": "purchase",
            "revenue": 100,
            "value": 1.5,
            "quantity": 1,
            "tags": [("category", "toys")],
            "user_agent": "Mozilla/5.0",
        }
        for number in range(0, count, 3)
    ]


def write_rows(
    path: Path, rows: list[Row], types: Mapping[str, pa.DataType | None] | None = None
) -> None:
    """Write rows as a Parquet file; a column whose type is None has the type that it seems to."""
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        kind = (types or {}).get(name, TYPES.get(name, STRING))
        columns[name] = pa.array(values) if kind is None else pa.array(values, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def write_export(root: Path, decision_rows: list[Row], event_rows: list[Row]) -> dict[str, str]:
    """Write an export of one part each; give the environment that names it, without calls."""
    write_rows(root / "type=decisions" / "part-0.parquet", decision_rows)
    write_rows(root / "type=events" / "part-0.parquet", event_rows)
    calls = root / "calls.csv"
    calls.write_text("user_id,call_start,call_duration_min\n")
    return {"OPTIMIZELY_DATA_DIR": str(root), "CALL_DATA_PATH": str(calls)}
