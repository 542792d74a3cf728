"""Lays tables and paragraphs out for a terminal, or for a file that they are led to."""

import io
import shutil
import sys
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.errors import one_line

UNLIMITED_WIDTH = 10_000
LABEL_WIDTH = 10
NARROWEST = 60
NARROWEST_TEXT = 20
"""Text columns are folded down to so many characters, and number columns not at all."""
INDENT = 2


def lay_out(*blocks: RenderableType) -> str:
    """Give blocks as text, as wide as the terminal; where there is none, lines stay whole."""
    width = UNLIMITED_WIDTH
    if sys.stdout is not None and sys.stdout.isatty():
        width = max(shutil.get_terminal_size().columns, NARROWEST)
    written = io.StringIO()
    console = Console(
        file=written, width=UNLIMITED_WIDTH, color_system=None, markup=False, emoji=False
    )
    for block in blocks:
        # Rather too wide for the terminal than a number cut off.
        needed = Measurement.get(console, console.options, block).minimum
        console.print(block, highlight=False, width=max(width, needed))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def line(text: str) -> Text:
    """Give a paragraph whose text may come from the data."""
    return Text(one_line(text))


def indented(text: str) -> Padding:
    """Give a paragraph that stands to the right, all its lines."""
    return Padding(line(text), (0, 0, 0, INDENT))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> Padding:
    """Give a table: its first columns are texts to the left, the others numbers to the right."""
    laid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="none")
    for number, column in enumerate(zip(header, *rows, strict=True)):
        longest = max(cell_len(one_line(cell)) for cell in column)
        if number < texts:
            narrowest = min(longest, NARROWEST_TEXT)
            laid.add_column(line(column[0]), overflow="fold", min_width=narrowest)
        else:
            laid.add_column(line(column[0]), justify="right", min_width=longest)
    for row in rows:
        laid.add_row(*(line(cell) for cell in row))
    return Padding(laid, (0, 0, 0, INDENT))


def labelled(pairs: Sequence[tuple[str, str]]) -> Table:
    """Give texts beside their labels; a label that repeats is left out."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=LABEL_WIDTH, no_wrap=True)
    grid.add_column(overflow="fold")
    labels = [label for label, _ in pairs]
    for number, (label, text) in enumerate(pairs):
        grid.add_row("" if label in labels[:number] else label, line(text))
    return grid
