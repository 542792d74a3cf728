"""Says what came, what would come, what did not, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline import cli, screen
from rich.filesize import decimal

from fetching.bucket import Listing
from fetching.layout import PARTITIONS, Day, Selection, known_names, names_of
from fetching.plan import COMING, DayPlan

COMMAND = "load_export"
PROBLEM_LIMIT = 10
NAMES_LIMIT = 10

NOTES = {
    "changed": "Changed since their _SUCCESS, {fetched} again",
    "damaged": "Damaged or incomplete here, {fetched} again",
    "pending": "Not finished (no _SUCCESS), not fetched",
    "absent": "Not in the bucket",
    "empty": "Finished without a file of what was asked for",
    "kept": "Not finished in the bucket, or gone from it; kept here as they were",
    "pruned": "Removed here, not fetched again (--refetch would)",
}
"""What is said of the days of a status."""


@dataclass(frozen=True)
class Found:
    """What a run found, and did or would do."""

    folder: Path
    source: str
    selection: Selection
    plans: Sequence[DayPlan]
    listing: Listing
    pruned: Sequence[Day]
    failures: Sequence[str]

    @property
    def coming(self) -> list[DayPlan]:
        """Give the days that came, or would come."""
        return [plan for plan in self.plans if plan.status in COMING]


def size_text(size: int) -> str:
    """Write a number of bytes."""
    return decimal(size)


def of_fetching(found: Found, *, require_success: bool, is_done: bool = True) -> cli.Outcome:
    """Sum a run up; is_done: whether it did what it says, or only would."""
    problems = [*found.failures, *_nothing(found)]
    if require_success:
        problems += _unfinished(found)
    for problem in problems[:PROBLEM_LIMIT]:
        cli.tell(COMMAND, problem)
    if len(problems) > PROBLEM_LIMIT:
        cli.tell(COMMAND, f"... and {len(problems) - PROBLEM_LIMIT} more.")
    came = [plan for plan in found.coming if plan.is_placed or not is_done]
    document = {
        "status": "failed" if problems else "fetched" if is_done else "planned",
        "folder": found.folder,
        "source": found.source,
        "file_count": sum(len(plan.fetch) for plan in came),
        "size": sum(plan.size for plan in came),
        "days": [_day_document(plan, is_done=is_done) for plan in found.plans],
        "pruned": [day.path for day in found.pruned],
        "problems": problems,
    }
    return cli.Outcome(_text(found, came, is_done=is_done), document, code=1 if problems else 0)


def of_pruning(folder: Path, pruned: Sequence[Day], *, is_done: bool = True) -> cli.Outcome:
    """Sum up what was removed, or would be."""
    document = {
        "status": "pruned" if is_done else "planned",
        "folder": folder,
        "pruned": [day.path for day in pruned],
    }
    return cli.Outcome(_pruned_text(pruned, is_done=is_done), document)


def _nothing(found: Found) -> list[str]:
    """Say where there is nothing of what was asked for."""
    if any(plan.status not in {"absent", "empty"} for plan in found.plans):
        return []
    if not found.listing.paths:
        last = found.selection.last
        until = "on" if last is None else f"to {last}"
        message = (
            f"{found.source} has nothing from {found.selection.first} {until}. Check the dates,"
            " --account, --bucket and --prefix."
        )
        return [message]
    return _unknown_names(found) or ["Nothing of what was asked for is finished."]


def _unknown_names(found: Found) -> list[str]:
    """Say which experiments and events no day has, and which there are."""
    texts = []
    for kind, wanted in found.selection.names.items():
        paths = [path for path in found.listing.paths if path.startswith(f"type={kind}/")]
        there = known_names(paths)
        missing = sorted(wanted - {name for path in paths for name in names_of(path)})
        if missing and there and kind in found.selection.kinds:
            more = ", ..." if len(there) > NAMES_LIMIT else ""
            shown = f"{', '.join(there[:NAMES_LIMIT])}{more}"
            texts.append(f"None of these days has {', '.join(missing)}. They have: {shown}.")
    return texts


def _unfinished(found: Found) -> list[str]:
    days = [
        plan.day
        for plan in found.plans
        if plan.status in {"pending", "absent"} or _is_partial(plan)
    ]
    return [f"not finished, though --require-success: {ranges(days)}."] if days else []


def _is_partial(plan: DayPlan) -> bool:
    """Tell whether some folders of a day are finished and others are not."""
    return plan.status not in {"pending", "kept", "pruned"} and bool(plan.remote.pending)


def _day_document(plan: DayPlan, *, is_done: bool) -> dict[str, Any]:
    is_failed = is_done and plan.status in COMING and not plan.is_placed
    return {
        "type": plan.day.kind,
        "date": plan.day.date,
        "status": "failed" if is_failed else plan.status,
        "file_count": len(plan.fetch),
        "size": plan.size,
        "removed_count": len(plan.leaving),
        "pending_count": len(plan.remote.pending),
        "late_count": len(plan.remote.late),
    }


# --- text -----------------------------------------------------------------------------------------


def _text(found: Found, came: Sequence[DayPlan], *, is_done: bool) -> str:
    fetched = "fetched" if is_done else "would be fetched"
    files, size = sum(len(plan.fetch) for plan in came), sum(plan.size for plan in came)
    here = _count(found.plans, "here")
    what = f"{_counted(len(came), 'day')} ({_counted(files, 'file')}, {size_text(size)})"
    lines = [
        f"From {found.source} to {found.folder}",
        f"{what} {fetched}; {here:,} {'was' if here == 1 else 'were'} here.",
        *(_pruned_text(found.pruned, is_done=is_done).splitlines() if found.pruned else ()),
    ]
    rows = [_row(found.plans, kind) for kind in PARTITIONS if _of_kind(found.plans, kind)]
    header = (
        "",
        "new",
        "changed",
        "damaged",
        "here",
        "pending",
        "absent",
        "other",
        "files",
        "size",
    )
    blocks = [*map(screen.line, lines), screen.line(""), screen.table(header, rows)]
    return screen.lay_out(*blocks, *map(screen.line, _notes(found, fetched)))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _row(plans: Sequence[DayPlan], kind: str) -> list[str]:
    """Count the days of a kind by what became of them."""
    own = _of_kind(plans, kind)
    counts = [_count(own, status) for status in ("new", "changed", "damaged", "here")]
    counts += [_count(own, status) for status in ("pending", "absent")]
    files = sum(len(plan.fetch) for plan in own)
    texts = [f"{count:,}" for count in [*counts, len(own) - sum(counts), files]]
    return [kind, *texts, size_text(sum(plan.size for plan in own))]


def _of_kind(plans: Sequence[DayPlan], kind: str) -> list[DayPlan]:
    return [plan for plan in plans if plan.day.kind == kind]


def _count(plans: Sequence[DayPlan], status: str) -> int:
    return sum(plan.status == status for plan in plans)


def _notes(found: Found, fetched: str) -> list[str]:
    """Say of which days there is something to say."""
    notes = {
        text.format(fetched=fetched): [plan for plan in found.plans if plan.status == status]
        for status, text in NOTES.items()
    }
    notes["Finished in part; the other experiments or events come later"] = [
        plan for plan in found.plans if _is_partial(plan)
    ]
    notes["With files that are newer than their _SUCCESS"] = [
        plan for plan in found.coming if plan.remote.late
    ]
    said = [
        f"{text}: {ranges([plan.day for plan in plans])}." for text, plans in notes.items() if plans
    ]
    return said if _nothing(found) else said + _unknown_names(found)


def _pruned_text(pruned: Sequence[Day], *, is_done: bool) -> str:
    if not pruned:
        return "No day was there to be removed."
    removed = "Removed" if is_done else "Would be removed"
    return f"{removed}, not to come again: {ranges(pruned)}."


def ranges(days: Iterable[Day]) -> str:
    """Write days as ranges of dates, by kind."""
    texts = []
    for kind, own in groupby(sorted(days), key=lambda day: day.kind):
        dates = [day.date for day in own]
        # In a run of days the date less the place in the list stays the same.
        runs = groupby(enumerate(dates), key=lambda each: each[1] - timedelta(days=each[0]))
        spans = [[each for _, each in run] for _, run in runs]
        shown = [f"{span[0]}" if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]
        texts.append(f"{kind} {', '.join(shown)}")
    return "; ".join(texts)
