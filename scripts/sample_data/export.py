"""Writes an export as Spark leaves it: folders by day and experiment or event, and `_SUCCESS`.

The folder appears whole or not at all, and never in place of something that isn't ours.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sample_data.columns import FILE_UUID, decisions_table, events_table, uuids
from sample_data.model import DAY, EVENT_NAMES, PICOMINUTES, Dataset, Integers
from sample_data.truth import GENERATOR, truth

# Bounds the memory: only one part's nested columns exist at a time.
ROWS_PER_PART = 200_000

TRUTH_FILE = "truth.json"
CALLS_FILE = "call_data.csv"


class Partitions(NamedTuple):
    """The folders within a day: each row's group, the groups' names, the name of their parts."""

    group: Integers
    names: list[str]
    part_id: str


class OutputError(Exception):
    """The output folder can't be used; the message says why."""


def write_export(dataset: Dataset, output: Path) -> None:
    """Write a dataset as the folder `output`, in place of an older export."""
    with replacing(output) as folder:
        experiments = sorted({arm.experiment_id for arm in dataset.arms})
        experiment_of = np.array([experiments.index(arm.experiment_id) for arm in dataset.arms])
        by_experiment = Partitions(
            group=experiment_of[dataset.decisions["arm"]],
            names=[f"experiment={experiment}" for experiment in experiments],
            part_id=_part_id(dataset.seed, 0),
        )
        by_event = Partitions(
            group=dataset.events["kind"].to_numpy(),
            names=[f"event={name}" for name in EVENT_NAMES],
            part_id=_part_id(dataset.seed, 1),
        )
        decisions, events = folder / "type=decisions", folder / "type=events"
        _write_days(decisions, dataset.decisions, by_experiment, partial(decisions_table, dataset))
        _write_days(events, dataset.events, by_event, partial(events_table, dataset))
        _write_calls(folder / CALLS_FILE, dataset)
        text = json.dumps(truth(dataset), indent=2, ensure_ascii=False)
        (folder / TRUTH_FILE).write_text(text + "\n", encoding="utf-8")


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Give a new folder beside `output` that takes its place when all went well."""
    output = output.resolve()
    check_replaceable(output)
    folder = output.with_name(f".{output.name}.partial-{os.getpid()}")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        message = f"can't write beside {output}: {error.strerror}"
        raise OutputError(message) from error
    try:
        yield folder
        _take_place(folder, output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_replaceable(output: Path) -> None:
    """Refuse to replace anything but an empty folder or an export of this generator."""
    if not output.exists():
        return
    if not output.is_dir():
        message = f"{output} is not a folder"
        raise OutputError(message)
    if any(output.iterdir()) and not _is_ours(output / TRUTH_FILE):
        message = (
            f"{output} holds something else than a generated export (no {TRUTH_FILE} of this"
            " generator): choose another --output, or empty it"
        )
        raise OutputError(message)


def _is_ours(truth_path: Path) -> bool:
    try:
        found = json.loads(truth_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("generator") == GENERATOR


def _take_place(folder: Path, output: Path) -> None:
    """Rename `folder` to `output`; the older one goes last, and comes back if that fails."""
    if not output.exists():
        folder.rename(output)
        return
    older = output.with_name(f".{output.name}.replaced-{os.getpid()}")
    output.rename(older)
    try:
        folder.rename(output)
    except OSError:
        older.rename(output)
        raise
    shutil.rmtree(older)


class Part(NamedTuple):
    """One file: its path, and which rows, in order of the folders, it holds."""

    path: Path
    start: int
    end: int


def _write_days(
    folder: Path,
    rows: pd.DataFrame,
    partitions: Partitions,
    widen: Callable[[pd.DataFrame], pa.Table],
) -> None:
    """Write rows by day and group, each folder in order of time, in parts of bounded size."""
    at = rows["occurred_at"].to_numpy()
    code = at // DAY * len(partitions.names) + partitions.group
    order = np.lexsort((rows["key"].to_numpy(), at, code))
    parts = list(_parts(folder, code[order], partitions))
    for batch in _batches(parts):
        first, last = batch[0].start, batch[-1].end
        table = widen(rows.iloc[order[first:last]])
        for part in batch:
            part.path.parent.mkdir(parents=True, exist_ok=True)
            piece = table.slice(part.start - first, part.end - part.start)
            # Without the Arrow schema the types read back are Parquet's, as from Spark's files.
            pq.write_table(piece, part.path, compression="snappy", store_schema=False)
    for day_folder in {part.path.parent.parent for part in parts}:
        (day_folder / "_SUCCESS").touch()


def _parts(folder: Path, codes: Integers, partitions: Partitions) -> Iterator[Part]:
    """Say which file holds which rows, by the sorted codes of their days and groups."""
    distinct, starts = np.unique(codes, return_index=True)
    for code, start, end in zip(distinct, starts, [*starts[1:], len(codes)], strict=True):
        day, place = divmod(int(code), len(partitions.names))
        partition = folder / f"date={np.datetime64(day, 'D')}" / partitions.names[place]
        for number, offset in enumerate(range(start, end, ROWS_PER_PART)):
            name = f"part-{number:05d}-{partitions.part_id}.c000.snappy.parquet"
            yield Part(partition / name, offset, min(offset + ROWS_PER_PART, end))


def _batches(parts: list[Part]) -> Iterator[list[Part]]:
    """Take as many parts together as make one of full size: small ones cost less so."""
    batch: list[Part] = []
    for part in parts:
        if batch and part.end - batch[0].start > ROWS_PER_PART:
            yield batch
            batch = []
        batch.append(part)
    if batch:
        yield batch


def _part_id(seed: int, number: int) -> str:
    """Name a job's files, as Spark does, but the same for the same seed."""
    made = uuids(seed, FILE_UUID, np.array([number]), np.array([False]))
    return str(uuid.UUID(made[0].as_py()))


def _write_calls(path: Path, dataset: Dataset) -> None:
    """Write the calls by visitor and time: `visitor_00042,9/15/2020 23:00:00,4.250000000000`."""
    calls = dataset.calls
    table = pd.DataFrame(
        {
            "user_id": dataset.visitors.visitor_id.take(pa.array(calls["visitor"])).to_pandas(),
            "call_start": _call_starts(calls["occurred_at"]),
            "call_duration_min": _minutes(calls["picominutes"]),
            "occurred_at": calls["occurred_at"],
        },
    )
    table = table.sort_values(["user_id", "occurred_at", "call_duration_min"], kind="stable")
    table.drop(columns="occurred_at").to_csv(path, index=False, lineterminator="\n")


def _call_starts(at: pd.Series) -> pd.Series:
    """Write hours as the call center does, without leading zeros: few hours, so each once."""
    hours = pd.Series(at.unique())
    times = pd.to_datetime(hours, unit="ms")
    texts = [f"{t.month}/{t.day}/{t.year} {t.hour}:{t.minute:02d}:{t.second:02d}" for t in times]
    return at.map(dict(zip(hours, texts, strict=True)))


def _minutes(picominutes: pd.Series) -> pd.Series:
    """Write durations as minutes with twelve decimals, exactly."""
    whole, part = picominutes // PICOMINUTES, picominutes % PICOMINUTES
    return whole.astype(str) + "." + part.astype(str).str.zfill(12)
