"""Finds what a person means by an id or a name, or says what there is."""

import difflib
from collections.abc import Sequence

from pipeline.errors import UsageError
from pipeline.published import Row

LISTED_LIMIT = 20


def choose(kind: str, wanted: str, candidates: Sequence[Row]) -> Row:
    """Find what an id or a name means among rows with both; an id goes before a name."""
    by_id = [row for row in candidates if row["id"] == wanted]
    found = by_id or [row for row in candidates if row["name"] == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(row["id"] for row in found)
        message = f"'{wanted}' is the name of several {kind}s: {ids}. Give the id."
        raise UsageError(message)
    message = f"There is no {kind} '{wanted}'. {there_are([label(row) for row in candidates])}"
    raise UsageError(message)


def choose_names(kind: str, wanted: Sequence[str], there: Sequence[str]) -> None:
    """Refuse a name that there is not, with the nearest of those that there are."""
    for name in wanted:
        if name in there:
            continue
        near = difflib.get_close_matches(name, there, n=1)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        message = f"There is no {kind} '{name}'.{guess} {there_are(there)}"
        raise UsageError(message)


def there_are(names: Sequence[str]) -> str:
    """List what there is, as far as a line may hold it."""
    listed = ", ".join(names[:LISTED_LIMIT])
    more = f", and {len(names) - LISTED_LIMIT} more" if len(names) > LISTED_LIMIT else ""
    return f"There are: {listed or 'none'}{more}."


def label(row: Row) -> str:
    """Write a name with its id."""
    return row["id"] if row["name"] == row["id"] else f"{row['name']} ({row['id']})"


def named_in_full(kind: str, row: Row) -> Row:
    """Name a row's id and name as the tables do, for programs."""
    rest = {column: value for column, value in row.items() if column not in {"id", "name"}}
    return {f"{kind}_id": row["id"], f"{kind}_name": row["name"], **rest}
