"""Exports of the generator, made for tests and read back from their files in plain pandas.

Nothing here shares code with the generator, but for its command.
"""

import contextlib
import io
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from generate_sample_data import main

REPO = Path(__file__).resolve().parents[3]
SCRIPT = REPO / "scripts" / "generate_sample_data.py"

WINDOW = pd.Timedelta(hours=48)
# Wide columns that take seconds to read and that no test of results needs.
UNREAD = {"decisions": ["referer"], "events": ["experiments", "attributes", "referer"]}


class Outcome(NamedTuple):
    """How a run of the generator ended."""

    code: int
    stdout: str
    stderr: str


def generate(output: Path, *arguments: str) -> Outcome:
    """Run the generator's command in this process, which saves seconds of imports."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            code = main(["--output", str(output), *arguments])
        except SystemExit as end:
            code = end.code
    return Outcome(code, stdout.getvalue(), stderr.getvalue())


def generate_apart(output: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the generator in a process of its own, as people do."""
    command = [sys.executable, str(SCRIPT), "--output", str(output), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def truth(export: Path) -> dict[str, Any]:
    """Read what the generator says about an export."""
    return json.loads((export / "truth.json").read_text(encoding="utf-8"))


@cache
def rows(export: Path, kind: str) -> pd.DataFrame:
    """Read all decisions or events, once: don't change what this gives.

    `uid` is the uuid without its case, `is_copy` a second one.
    """
    files = sorted((export / f"type={kind}").rglob("*.parquet"))
    table = pa.concat_tables(pq.read_table(path, partitioning=None) for path in files)
    frame = table.drop_columns(UNREAD[kind]).to_pandas()
    frame["uid"] = frame["uuid"].str.lower()
    frame = frame.sort_values(["timestamp", "process_timestamp"], kind="stable")
    frame["is_copy"] = frame["uid"].duplicated()
    frame["is_bot"] = frame["user_agent"].str.contains("Googlebot")
    frame["is_tester"] = frame["visitor_id"].str.startswith("qa_visitor_")
    return frame


def calls(export: Path) -> pd.DataFrame:
    """Read the call records, times as UTC."""
    frame = pd.read_csv(export / "call_data.csv").rename(columns={"user_id": "visitor_id"})
    starts = pd.to_datetime(frame["call_start"], format="%m/%d/%Y %H:%M:%S", utc=True)
    frame["timestamp"] = starts
    frame["is_tester"] = frame["visitor_id"].str.startswith("qa_visitor_")
    return frame


def exposures(export: Path) -> pd.DataFrame:
    """Find the decisions that can make a unit, the first of each unit first."""
    frame = rows(export, "decisions")
    dropped = frame["is_copy"] | frame["is_holdback"] | frame["is_bot"] | frame["is_tester"]
    return frame[~dropped]


def settings() -> pd.DataFrame:
    """Read the experiments' own terms, by their ids."""
    return pd.read_csv(REPO / "seeds" / "experiments.csv", dtype=str).set_index("experiment_id")


def units(export: Path) -> pd.DataFrame:
    """Find the units, the first exposure of a visitor in an experiment, and their windows."""
    first = exposures(export).drop_duplicates(["experiment_id", "visitor_id"])
    kept = first[["experiment_id", "variation_id", "visitor_id", "timestamp"]]
    hours = kept["experiment_id"].map(settings()["attribution_window_hours"].astype(float))
    window = pd.to_timedelta(hours, unit="h").fillna(WINDOW)
    return kept.rename(columns={"timestamp": "exposed_at"}).assign(
        window_ends_at=kept["timestamp"] + window
    )


def in_window(units: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Pair rows with the units in whose window they lie, both ends included."""
    pairs = found.merge(units, on="visitor_id")
    return pairs[pairs["timestamp"].between(pairs["exposed_at"], pairs["window_ends_at"])]


def usable_events(export: Path) -> pd.DataFrame:
    """Leave out copies, bots and testers."""
    events = rows(export, "events")
    return events[~(events["is_copy"] | events["is_bot"] | events["is_tester"])]
