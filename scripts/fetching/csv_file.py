"""Edits cells of a CSV file that people edit, too, and leaves every other byte of it as it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import PipelineError

BYTE_ORDER_MARK = "\ufeff"
CELL = re.compile(r'(?P<raw>"(?:[^"]|"")*+"[^,"\r\n]*|[^,\r\n]*)(?P<end>,|\r\n|\n|\r|\Z)')
"""A cell as it is written, and what ends it; one in quotes may hold commas and line ends."""
LINE_END = re.compile(r"\r\n|\r|\n")
NEEDS_QUOTES = re.compile(r'[,"\r\n]|^[\s#]|\s$')


@dataclass
class Line:
    """A line of the file: its cells as they are written, quotes included."""

    raw: list[str]
    end: str
    number: int
    """Where it begins in the file; 0 for a new one."""
    columns: Sequence[str] = ()
    line_end: str = "\n"
    """That of the file's lines."""

    @property
    def is_data(self) -> bool:
        """Tell whether it is more than an empty line or a comment."""
        return any(cell.strip() for cell in self.raw) and not self.raw[0].startswith("#")

    def value(self, column: str) -> str:
        """Give what a cell holds, with plain line ends."""
        return LINE_END.sub("\n", _unquoted(self.raw[self.columns.index(column)]))

    def set(self, column: str, value: str) -> None:
        """Put something else into a cell, which stays in quotes if it was."""
        place = self.columns.index(column)
        self.raw[place] = self.written(value, in_quotes=self.raw[place].startswith('"'))

    def written(self, value: str, *, in_quotes: bool) -> str:
        """Write a cell; DuckDB reads no file whose cells have other line ends than its lines."""
        value = LINE_END.sub(self.line_end, value)
        if in_quotes or (value and NEEDS_QUOTES.search(value)):
            return '"{}"'.format(value.replace('"', '""'))
        return value


@dataclass
class CsvFile:
    """A CSV file with a first line of column names."""

    path: Path
    found: bytes
    """What the file held when it was read."""
    mark: str
    header: Line
    lines: list[Line] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """Name the columns."""
        return [_unquoted(cell).strip() for cell in self.header.raw]

    @property
    def data(self) -> list[Line]:
        """Give the lines that hold data."""
        return [line for line in self.lines if line.is_data]

    @property
    def is_changed(self) -> bool:
        """Tell whether there is anything to write."""
        return self.content() != self.found

    def add(self, values: Mapping[str, str], after: Line | None = None) -> Line:
        """Add a line after another one, or after all that hold data; other cells are blank."""
        columns, line_end = self.columns, self.header.end or "\n"
        line = Line([], line_end, 0, columns, line_end)
        line.raw = [
            line.written(values.get(name, ""), in_quotes=written.startswith('"'))
            for name, written in zip(columns, self.header.raw, strict=True)
        ]
        before = after or next((known for known in reversed(self.lines) if known.is_data), None)
        place = 0 if before is None else self._place(before) + 1
        previous = self.lines[place - 1] if place else self.header
        if not previous.end:
            # The file's last line has no end: the new one takes that over.
            previous.end, line.end = line.end, ""
        self.lines.insert(place, line)
        return line

    def content(self) -> bytes:
        """Give the file as it is to be written."""
        lines = [self.header, *self.lines]
        return (self.mark + "".join(",".join(line.raw) + line.end for line in lines)).encode()

    def _place(self, line: Line) -> int:
        return next(place for place, known in enumerate(self.lines) if known is line)


def read_csv(path: Path, needed: Sequence[str]) -> CsvFile:
    """Read a file that has the columns that are needed, each once."""
    try:
        found = path.read_bytes()
        text = found.decode("utf-8")
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}. Its first line must be: {_head(needed)}"
        raise PipelineError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} is not in UTF-8. Save it as UTF-8."
        raise PipelineError(message) from error
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    header, *lines = _split(text.removeprefix(mark), path)
    file = CsvFile(path, found, mark, header, lines)
    columns = file.columns
    for column in needed:
        if columns.count(column) != 1:
            message = f"{path} needs the column '{column}' once. Its first line must be: "
            raise PipelineError(message + _head(needed))
    for line in file.lines:
        line.columns, line.line_end = columns, header.end
        if line.is_data and len(line.raw) != len(columns):
            message = (
                f"Line {line.number} of {path} has {len(line.raw)} cells, the first line"
                f" {len(columns)}. Give it as many; a comma within a cell needs quotes around it."
            )
            raise PipelineError(message)
    return file


def _split(text: str, path: Path) -> list[Line]:
    lines, cells, at, number = [], [], 0, 1
    began = number
    while True:
        # The pattern can match nothing at the very end: what is found last is what is left.
        found = CELL.match(text, at)
        if found is None or (found["raw"].startswith('"') and not _is_closed(found["raw"])):
            message = f"Line {number} of {path} has a quote that isn't closed. Close it."
            raise PipelineError(message)
        cells.append(found["raw"])
        number += found["raw"].count("\n") + (found["end"] not in {",", ""})
        at = found.end()
        if found["end"] != ",":
            lines.append(Line(cells, found["end"], began))
            cells, began = [], number
            if at == len(text):
                return lines


def _is_closed(raw: str) -> bool:
    return re.match(r'"(?:[^"]|"")*+"', raw) is not None


def _unquoted(raw: str) -> str:
    found = re.match(r'"((?:[^"]|"")*+)"', raw)
    return found[1].replace('""', '"') if found else raw


def _head(columns: Sequence[str]) -> str:
    return ",".join(columns)
