"""Small worlds by hand, for tests that show a rule."""

from dataclasses import replace

from agreement import DEFAULTS, assert_none, differences, oracle_tables
from compiled import CompiledProject
from oracle.raw import HOUR, Decision, Event, Millis, Settings, Table, World
from worlds import T0

WINDOW = 48 * HOUR


def decision(uuid: str, at: Millis, visitor: str, variation: str = "a", **more: object) -> Decision:
    """Decide at `at` milliseconds after T0."""
    return Decision(uuid, T0 + at, visitor, "exp", variation, **more)


def event(uuid: str, at: Millis, visitor: str = "ann", **more: object) -> Event:
    """Buy something at `at` milliseconds after T0."""
    return Event(uuid, T0 + at, visitor, "purchase", **more)


def checked_run(
    project: CompiledProject, world: World, settings: Settings = DEFAULTS
) -> dict[str, Table]:
    """Run the models on a world that the oracle agrees about."""
    world = replace(world, settings=settings)
    assert_none(world, lambda world: differences(oracle_tables(world), project.run(world)))
    return project.run(world)


def reasons(tables: dict[str, Table], source: str) -> dict[str, int]:
    """Count what was left out of a source, by reason."""
    return {
        key[1]: row["row_count"] for key, row in tables["excluded_rows"].items() if key[0] == source
    }
