"""What may not change a result does not: properties of the models that need no oracle."""

from collections.abc import Callable
from dataclasses import replace

from agreement import MAX_EXAMPLES, assert_none, differences
from compiled import PUBLIC_TABLES, CompiledProject
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.exposure import credible_time
from oracle.raw import DAY, Decision, Event, Key, Millis, Table, World
from oracle.staging import (
    is_missing_visitor,
    read_call_start,
    stage_calls,
    stage_decisions,
    stage_events,
)
from world_files import Layout, layouts
from worlds import call_start, worlds

# A property runs the models twice.
FEWER = max(1, MAX_EXAMPLES // 3)
Numbers = list[int]
numbers = st.lists(st.integers(0, 99), max_size=10)


def mapped(
    tables: dict[str, Table], change: Callable[[str, str, object], object]
) -> dict[str, Table]:
    """Change every value of every table; `change` gets table, column and value."""
    return {
        name: {
            tuple(
                change(name, column, value)
                for column, value in zip(PUBLIC_TABLES[name].key, key, strict=True)
            ): {column: change(name, column, value) for column, value in row.items()}
            for key, row in table.items()
        }
        for name, table in tables.items()
    }


def chosen(rows: list, which: Numbers) -> list:
    """Choose rows by any numbers, so that the choice outlives the shrinking of the world."""
    return [rows[number % len(rows)] for number in which] if rows else []


@settings(max_examples=FEWER)
@given(world=worlds(), layout=layouts(), other_layout=layouts())
def test_order_and_files_change_nothing(
    project: CompiledProject, world: World, layout: Layout, other_layout: Layout
) -> None:
    """The same rows in another order, in other files and types: the same tables."""

    def check(world: World) -> list[str]:
        return differences(project.run(world, layout), project.run(world, other_layout))

    assert_none(world, check)


@settings(max_examples=FEWER)
@given(world=worlds(), which_decisions=numbers, which_events=numbers)
def test_repeated_rows_are_only_counted(
    project: CompiledProject, world: World, which_decisions: Numbers, which_events: Numbers
) -> None:
    """Copies of rows that were used raise the count of duplicates, and nothing else."""

    def check(world: World) -> list[str]:
        decisions, events = stage_decisions(world).kept, stage_events(world).kept
        repeated = {
            "decisions": tuple(chosen(decisions, which_decisions)),
            "events": tuple(chosen(events, which_events)),
        }
        expected = project.run(world)
        for source, rows in repeated.items():
            add_duplicates(expected, source, len(rows))
        more = {source: getattr(world, source) + rows for source, rows in repeated.items()}
        return differences(expected, project.run(replace(world, **more)))

    assert_none(world, check)


def add_duplicates(tables: dict[str, Table], source: str, count: int) -> None:
    """Raise the counts as so many more duplicates should."""
    tables["source_row_counts"][source,]["raw_row_count"] += count
    tables["source_row_counts"][source,]["excluded_row_count"] += count
    if count:
        key = (source, "duplicate_id")
        tables["excluded_rows"].setdefault(key, {"row_count": 0})["row_count"] += count


NEW = "a new experiment"


@settings(max_examples=FEWER)
@given(world=worlds(), who=numbers, when=numbers)
def test_another_experiment_changes_nothing_here(
    project: CompiledProject, world: World, who: Numbers, when: Numbers
) -> None:
    """Decisions of a new experiment, of old and new visitors, leave the others as they were."""

    def check(world: World) -> list[str]:
        expected = of_old_experiments(project.run(world))
        more = world.decisions + new_decisions(world, who, when)
        return differences(
            expected, of_old_experiments(project.run(replace(world, decisions=more)))
        )

    assert_none(world, check)


def new_decisions(world: World, who: Numbers, when: Numbers) -> tuple[Decision, ...]:
    """Decide on a new experiment, at moments that are there already: as-of stays where it was."""
    stages = (stage_decisions, stage_events, stage_calls)
    staged = [row for stage in stages for row in stage(world).kept]
    moments = chosen(sorted({credible_time(row) for row in staged}), when)
    visitors = chosen(["newcomer", *sorted({row.visitor_id for row in staged})], who)
    return tuple(
        Decision(f"new-{number}", moment, visitor_id, NEW, "ab"[number % 2])
        for number, (moment, visitor_id) in enumerate(zip(moments, visitors, strict=False))
    )


def of_old_experiments(tables: dict[str, Table]) -> dict[str, Table]:
    """Keep what belongs to an experiment, but not to the new one."""
    return {
        name: {key: row for key, row in table.items() if key[0] != NEW}
        for name, table in tables.items()
        if PUBLIC_TABLES[name].key[0] == "experiment_id"
    }


@settings(max_examples=FEWER)
@given(world=worlds(), days=st.sampled_from([1, -1, 17, 45, 168, -2000, 2922]))
def test_a_shift_in_time_only_shifts(project: CompiledProject, world: World, days: int) -> None:
    """The same world some days later: the same tables, some days later."""
    by = days * DAY

    def later(_: str, column: str, value: object) -> object:
        return value + by if column.endswith("_at") else value

    def check(world: World) -> list[str]:
        return differences(mapped(project.run(world), later), project.run(shifted(world, by)))

    assert_none(world, check)


def shifted(world: World, by: Millis) -> World:
    """Move every moment of a world."""

    def moved(moment: Millis | None) -> Millis | None:
        return None if moment is None else moment + by

    def moved_start(text: str | None) -> str | None:
        moment = read_call_start(text)
        return text if moment is None else call_start(moment + by, is_padded=True)

    def moved_row(row: Decision | Event) -> Decision | Event:
        return replace(
            row,
            timestamp=moved(row.timestamp),
            process_timestamp=moved(row.process_timestamp),
        )

    return replace(
        world,
        decisions=tuple(moved_row(row) for row in world.decisions),
        events=tuple(moved_row(row) for row in world.events),
        calls=tuple(replace(row, call_start=moved_start(row.call_start)) for row in world.calls),
    )


@settings(max_examples=FEWER)
@given(world=worlds(), prefix=st.sampled_from(["v", " ", "'", "\U0001f389", "{{ 1 }}"]))
def test_renamed_visitors_are_only_renamed(
    project: CompiledProject, world: World, prefix: str
) -> None:
    """Other ids, in the same order: it settles which of two rows with one uuid wins.

    Sessions keep theirs: visitors are the units here.
    """
    world = replace(world, session_experiments=())

    def renamed(_: str, column: str, value: object) -> object:
        return prefix + value if column == "unit_id" else value

    def check(world: World) -> list[str]:
        expected = mapped(project.run(world), renamed)
        return differences(expected, project.run(with_prefixed_visitors(world, prefix)))

    assert_none(world, check)


def with_prefixed_visitors(world: World, prefix: str) -> World:
    """Rename every visitor; what is no visitor's id stays as it is."""

    def renamed(visitor_id: str | None) -> str | None:
        return visitor_id if is_missing_visitor(visitor_id) else prefix + visitor_id

    def renamed_row(row: Decision | Event) -> Decision | Event:
        return replace(row, visitor_id=renamed(row.visitor_id))

    return replace(
        world,
        decisions=tuple(renamed_row(row) for row in world.decisions),
        events=tuple(renamed_row(row) for row in world.events),
        calls=tuple(replace(row, user_id=renamed(row.user_id)) for row in world.calls),
        excluded_visitors=tuple(renamed(visitor_id) for visitor_id in world.excluded_visitors),
    )


@settings(max_examples=FEWER)
@given(world=worlds(), factor=st.integers(2, 9))
def test_scaled_revenue_scales_the_revenue_metric(
    project: CompiledProject, world: World, factor: int
) -> None:
    """Revenue times k: its sums and means times k, its variance times k squared, no more."""

    def check(world: World) -> list[str]:
        expected = with_scaled_results(project.run(world), factor)
        events = tuple(
            replace(row, revenue=None if row.revenue is None else row.revenue * factor)
            for row in world.events
        )
        return differences(expected, project.run(replace(world, events=events)))

    assert_none(world, check)


def with_scaled_results(tables: dict[str, Table], factor: int) -> dict[str, Table]:
    """Scale the revenue of the events, and the results of the revenue metric."""
    powers = {"observation": 1, "observation_sum": 1, "metric_value": 1, "variance": 2}
    metric = "Electronics revenue per visitor"

    def scaled(key: Key, row: dict[str, object]) -> dict[str, object]:
        exponents = {"revenue": 1, **(powers if metric in key else {})}
        return {
            column: value * factor ** exponents[column]
            if column in exponents and value is not None
            else value
            for column, value in row.items()
        }

    return {
        name: {key: scaled(key, row) for key, row in table.items()}
        for name, table in tables.items()
    }
