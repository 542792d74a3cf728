"""How much of a fetch has arrived."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.progress import Display
from rich.filesize import decimal


@dataclass
class Arrived:
    """How many files and bytes have arrived, of how many; several threads count."""

    file_total: int
    total: int
    done: int = 0
    file_count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def text(self) -> str:
        """Say what has arrived."""
        files = f"{self.file_count:,} of {self.file_total:,} files"
        return f"{files}, {decimal(self.done)} of {decimal(self.total)} fetched"

    def taker(self, display: Display) -> Callable[[int], None]:
        """Give what counts bytes, and shows them."""

        def take(count: int) -> None:
            with self._lock:
                self.done += count
                display.update(self)

        return take

    def end_file(self, display: Display) -> None:
        """Count a file."""
        with self._lock:
            self.file_count += 1
            display.update(self)
