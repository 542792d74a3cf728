"""What is wrong with a metric's SQL, for the person who wrote its file."""

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import UnreadableResultsError
from pipeline.published import open_tables

UNKNOWN_COLUMN = re.compile(r'Referenced column "([^"]+)" not found')
OWN_WORDS = "Metric in "


def metric_problem(message: str, sources: Sequence[str], database_file: Path) -> str:
    """Say what the database did not take of a metric: a column that its sources lack, or its SQL.

    message: what failed, in a line; sources: the relations that the metric reads. What the metric's
    own checks say stays as it is.
    """
    if message.startswith(OWN_WORDS):
        return message
    unknown = UNKNOWN_COLUMN.search(message)
    columns = _common_columns(sources, database_file) if unknown and sources else []
    if not columns:
        return f"the database can't run the metric's SQL (where, value, …): {message}"
    name = unknown[1]
    near = difflib.get_close_matches(name.lower(), columns, n=1)
    guess = f" Did you mean '{near[0]}'?" if near else ""
    has = "It has" if len(sources) == 1 else "All of them have"
    return (
        f"there is no column '{name}' in {', '.join(sources)}.{guess} {has}: {', '.join(columns)}."
    )


def _common_columns(sources: Sequence[str], database_file: Path) -> list[str]:
    """Give the columns that all relations have; none where that can't be known."""
    try:
        with open_tables(database_file) as tables:
            found = [list(tables.columns(source)) for source in sources]
    except UnreadableResultsError:
        return []
    return [column for column in found[0] if all(column in each for each in found)]
