"""A world that fails, made as small as it can be while it still fails, and shown."""

from collections.abc import Callable
from dataclasses import MISSING, fields, replace

from oracle.raw import World

ROWS = (
    *("calls", "events", "decisions"),
    *("named_variations", "excluded_visitors", "session_experiments", "ended_experiments"),
)


def minimal(world: World, is_failing: Callable[[World], bool]) -> World:
    """Leave out rows, then set columns to their defaults, as long as the world keeps failing.

    Hypothesis, which only drew the seed, can't.
    """
    for source in ROWS:
        chunk = len(getattr(world, source))
        while chunk:
            start = 0
            while start < len(rows := getattr(world, source)):
                smaller = replace(world, **{source: rows[:start] + rows[start + chunk :]})
                if is_failing(smaller):
                    world = smaller
                else:
                    start += chunk
            chunk //= 2
    for source in ("events", "decisions"):
        for number, row in enumerate(getattr(world, source)):
            for column, default in defaults_of(row).items():
                rows = list(getattr(world, source))
                rows[number] = replace(rows[number], **{column: default})
                simpler = replace(world, **{source: tuple(rows)})
                world = simpler if simpler != world and is_failing(simpler) else world
    return world


def defaults_of(row: object) -> dict[str, object]:
    """Give the defaults of a row's columns."""
    return {each.name: each.default for each in fields(row) if each.default is not MISSING}


def shown(world: World) -> str:
    """Write a world's rows one a line, without the columns that have their defaults."""
    return "\n".join(
        f"  {source}: {shown_row(row)}" for source in ROWS for row in getattr(world, source)
    )


def shown_row(row: object) -> str:
    """Write a row without the columns that have their defaults."""
    if isinstance(row, str):
        return repr(row)
    defaults = defaults_of(row)
    columns = ", ".join(
        f"{column}={value!r}"
        for column, value in vars(row).items()
        if column not in defaults or value != defaults[column]
    )
    return f"{type(row).__name__}({columns})"
