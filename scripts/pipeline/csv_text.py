"""Writes rows as CSV that a spreadsheet may open: what is text stays text, and no digit is lost.

Texts stand in quotes, everything else does not, so that null, an empty cell, is not the empty text,
which is `""`. A text that a spreadsheet would run as a formula has a `'` before it. So has one that
looks like a text so marked, and taking one `'` away gives every text back. The pages' download
(results_page/page.js) writes texts by the same rule.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes UTF-8 for the encoding of the machine."""
LINE_END = "\r\n"
# Some programs drop white space before they look, and some take the full-width signs as well.
FORMULA = re.compile("'*[\\s\x1c-\x1f\x85\ufeff]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")

Value = str | bool | int | float | datetime | date | None


def csv_lines(names: Iterable[str], rows: Iterable[Iterable[Value]]) -> Iterable[str]:
    """Give the lines of a file, the names of its columns first."""
    yield BYTE_ORDER_MARK + _line(names)
    for row in rows:
        yield _line(row)


def marked(text: str) -> str:
    """Put a `'` before a text that a spreadsheet would run, or that looks as if it had one."""
    return f"'{text}" if FORMULA.match(text) else text


def unmarked(text: str) -> str:
    """Give back what was marked."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def _line(values: Iterable[Value]) -> str:
    return ",".join(map(_cell, values)) + LINE_END


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return '"{}"'.format(marked(value).replace('"', '""'))
        case bool():
            return "true" if value else "false"
        case datetime():
            # Those of the tables are UTC and don't say so.
            utc = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
            return f"{utc.isoformat()}Z"
        case date():
            return value.isoformat()
        case _:
            # Of a float, the shortest digits that give it back.
            return repr(value)
