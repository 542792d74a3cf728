"""Shows how far a command is: a bar on a terminal, else a plain line now and then."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.errors import one_line

# dbt's total has those that nothing is done for, too.
COUNTED = {"model", "test", "unit_test", "seed", "snapshot", "exposure", "saved_query"}
SKIPPED = {"SkippingDetails", "LogSkipBecauseError"}
SECONDS_BETWEEN_LINES = 10.0
SHOWN_LENGTH = 60

Listener = Callable[[Any], None]


@dataclass
class Counts:
    """How many models and tests are done, of how many, and which are running."""

    done: int = 0
    total: int = 0
    running: dict[str, str] = field(default_factory=dict)

    def take(self, event: Any) -> bool:  # noqa: ANN401 - dbt's events have no common type
        """Count an event of dbt; tell whether it changed anything."""
        name, data = event.info.name, event.data
        if name in SKIPPED:
            self.done += 1
            return True
        node = getattr(data, "node_info", None)
        if node is None or node.resource_type not in COUNTED:
            return False
        if name == "LogStartLine":
            self.total = data.total
            self.running[node.unique_id] = node.node_name
        elif name == "NodeFinished":
            self.done += 1
            self.running.pop(node.unique_id, None)
        else:
            return False
        return True

    def text(self) -> str:
        """Say what is done and what runs."""
        if not self.total:
            return "reading the project"
        names = one_line(", ".join(self.running.values()))
        shown = names if len(names) <= SHOWN_LENGTH else f"{names[:SHOWN_LENGTH]}..."
        running = f"; running {shown}" if shown else ""
        return f"{self.done} of {self.total} models and tests done{running}"


class Progressing(Protocol):
    """Something that is done in part."""

    done: int
    total: int

    def text(self) -> str:
        """Say what is done."""
        ...


class Display(Protocol):
    """Somewhere to show counts."""

    def update(self, counts: Progressing) -> None:
        """Show the counts as they are now."""
        ...


class Bar:
    """A bar that goes when the command ends."""

    def __init__(self, progress: Progress) -> None:
        """Begin with nothing done."""
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def update(self, counts: Progressing) -> None:
        """Move the bar."""
        self._progress.update(
            self._task,
            completed=counts.done,
            total=counts.total or None,
            description=counts.text(),
        )


class Lines:
    """A plain line, not more often than every few seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, command: str = "build") -> None:
        """Begin to wait for the first line."""
        self._clock, self._command = clock, command
        self._told_at = clock()

    def update(self, counts: Progressing) -> None:
        """Say a line if it is time."""
        if self._clock() - self._told_at >= SECONDS_BETWEEN_LINES:
            self._told_at = self._clock()
            print(f"{self._command}: {counts.text()}", file=sys.stderr, flush=True)


@contextmanager
def shown_counts(command: str, counts: Progressing) -> Iterator[Display]:
    """Give somewhere to show a command's counts for as long as it runs."""
    if not sys.stderr.isatty():
        yield Lines(command=command)
        return
    columns = (
        SpinnerColumn(),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = Bar(progress)
        bar.update(counts)
        yield bar


@contextmanager
def shown_progress(command: str = "build") -> Iterator[Listener]:
    """Show the progress of a build for as long as it runs; dbt tells the listener its events."""
    counts = Counts()
    with shown_counts(command, counts) as display:
        yield listener(display, counts)


def listener(display: Display, counts: Counts | None = None) -> Listener:
    """Count dbt's events, which its threads tell at once, and show the counts."""
    counts, lock = counts or Counts(), threading.Lock()

    def take(event: Any) -> None:  # noqa: ANN401 - as above
        with lock:
            if counts.take(event):
                display.update(counts)

    return take
