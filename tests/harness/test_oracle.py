"""The models against the oracle, and against themselves, on hundreds of small hostile worlds.

First a handful of pinned worlds that show the rules; then the property that models and oracle agree
on every public table; then metamorphic properties, which need no oracle: what may not change a
result does not. `HYPOTHESIS_PROFILE=nightly` draws many more worlds. A failure names the smallest
world that fails.
"""

import math
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from statistics import variance

import pytest
from compiled import PUBLIC_TABLES, CompiledProject, WorldError, dbt_vars
from conftest import copy_project
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from metric_cases import keep_metrics
from oracle import (
    HOUR,
    METRICS,
    Attribute,
    Call,
    Decision,
    Event,
    Key,
    Millis,
    NamedVariation,
    Settings,
    Table,
    World,
    decision_rejection,
    evaluate,
    event_rejection,
    is_missing_visitor,
    read_call_start,
    stage_calls,
    stage_decisions,
    stage_events,
)
from worlds import (
    BOT_PATTERNS,
    CHROME,
    DAY,
    ELECTRONICS,
    SAFARI,
    T0,
    Layout,
    Row,
    call_start,
    layouts,
    minimal,
    shown,
    worlds,
)

COMMON = settings(
    deadline=None,
    database=None,
    # Failing worlds are shrunk by `minimal`, and shown by the failure itself.
    phases=[Phase.explicit, Phase.generate],
    verbosity=Verbosity.quiet,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("default", COMMON, max_examples=60, derandomize=True)
settings.register_profile("nightly", COMMON, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
# A metamorphic property runs the models twice.
FEWER = max(1, settings().max_examples // 3)

DEFAULTS = Settings(bot_patterns=BOT_PATTERNS)
SEED_CALLS = "crossovers excluded, short window, three segments, calls from the seed"
AS_OF = "as of a day in the middle"
VARIANTS: dict[str, Settings] = {
    "defaults": DEFAULTS,
    SEED_CALLS: Settings(
        window_hours=1.5,
        crossover_policy="exclude",
        segments=("browser", "plan", "no such segment"),
        bot_patterns=BOT_PATTERNS,
    ),
    AS_OF: Settings(as_of=T0 + 2 * DAY + HOUR, bot_patterns=BOT_PATTERNS),
}
Projects = Callable[[str], CompiledProject]


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """Compile the project at most once per variant of the settings."""
    copy = copy_project(tmp_path_factory.mktemp("shop") / "project")
    keep_metrics(copy, ["obs_" + name.lower().replace(" ", "_") for name in METRICS])

    @cache
    def project(variant: str) -> CompiledProject:
        return CompiledProject(
            tmp_path_factory.mktemp("compiled"),
            vars=dbt_vars(VARIANTS[variant]),
            project=copy,
            has_call_csv=variant != SEED_CALLS,
        )

    return project


@pytest.fixture(scope="session")
def project(projects: Projects) -> CompiledProject:
    """Compile the project with the default settings."""
    return projects("defaults")


# --- comparing ----------------------------------------------------------------------------------


def is_same(expected: object, actual: object) -> bool:
    """Compare keys, texts and integers exactly, fractions to nine digits."""
    if isinstance(expected, float) and isinstance(actual, float):
        return math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-9)
    return expected == actual


def table_differences(name: str, expected: Table, actual: Table) -> list[str]:
    """Say where two tables differ."""
    found = [f"{name}{list(key)} is missing" for key in expected.keys() - actual.keys()]
    found += [f"{name}{list(key)} is too many" for key in actual.keys() - expected.keys()]
    for key in expected.keys() & actual.keys():
        found += [
            f"{name}{list(key)}.{column} is {actual[key][column]!r}, not {expected[key][column]!r}"
            for column in PUBLIC_TABLES[name].columns
            if not is_same(expected[key][column], actual[key][column])
        ]
    return sorted(found)


def differences(expected: dict[str, Table], actual: dict[str, Table]) -> list[str]:
    """Say where the expected tables differ from the actual ones."""
    return [
        difference
        for name in expected
        for difference in table_differences(name, expected[name], actual[name])
    ]


def assert_none(world: World, check: Callable[[World], list[str]]) -> None:
    """Fail where a check finds differences in a world; name the smallest world that has any."""

    def found(world: World) -> list[str]:
        try:
            return check(world)
        except WorldError as error:
            return [str(error)]

    if found(world):
        smallest = minimal(world, lambda smaller: bool(found(smaller)))
        lines = "\n".join(f"  {difference}" for difference in found(smallest))
        pytest.fail(f"In this world\n{shown(smallest)}\nthere are differences\n{lines}")


def oracle_tables(world: World) -> dict[str, Table]:
    """Evaluate a world; give the tables by name, with the columns that are compared."""
    expected = evaluate(world)
    return {
        name: {
            key: {column: row[column] for column in spec.columns}
            for key, row in getattr(expected, name).items()
        }
        for name, spec in PUBLIC_TABLES.items()
    }


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


# --- pinned worlds ------------------------------------------------------------------------------

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


def test_both_ends_of_the_window_are_inside(project: CompiledProject) -> None:
    """One millisecond beyond either end is outside; calls have the same window."""
    edges = (-1, 0, WINDOW, WINDOW + 1)
    world = World(
        decisions=(decision("d", 0, "ann"),),
        events=tuple(event(f"e{number}", at) for number, at in enumerate(edges)),
        calls=tuple(
            Call("ann", call_start(T0 + at, is_padded=False), "1")
            for at in (-1000, 0, WINDOW, WINDOW + 1000)
        ),
    )
    tables = checked_run(project, world)
    assert {key[2] for key in tables["experiment_events"]} == {"e1", "e2"}
    assert {key[2] - T0 for key in tables["experiment_calls"]} == {0, WINDOW}
    assert reasons(tables, "events") == {"before_exposure": 1, "after_window": 1}
    assert reasons(tables, "calls") == {"before_exposure": 1, "after_window": 1}


def test_a_tie_between_variations_makes_no_unit(project: CompiledProject) -> None:
    """Which came first can't be known; in one variation it doesn't matter."""
    world = World(
        decisions=(
            decision("d1", 0, "ann", "a"),
            decision("d2", 0, "ann", "b"),
            decision("d3", 0, "bob", "a", process_timestamp=None),
            decision("d4", 0, "bob", "a", process_timestamp=T0 + 9),
            decision("D5", 0, "cat", "a"),
            decision("d6", 1, "cat", "b"),
        ),
        events=(event("e", 5),),
    )
    tables = checked_run(project, world)
    units = {key[1]: row for key, row in tables["experiment_units"].items()}
    assert {unit: row["decision_id"] for unit, row in units.items()} == {"bob": "d4", "cat": "d5"}
    assert units["cat"]["is_crossover"]
    assert reasons(tables, "decisions") == {"tied_exposure": 2, "repeat_decision": 2}
    assert reasons(tables, "events") == {"not_exposed": 1}


def test_one_row_per_uuid_survives(project: CompiledProject) -> None:
    """The smallest row wins, whatever the case of its uuid; a rejected row is no rival."""
    world = World(
        decisions=(
            decision("AB", 0, "undefined", "z"),
            decision("ab", 2, "ann", "b"),
            decision("Ab", 1, "ann", "a"),
        ),
        events=(event("e", 3, revenue=9), event("E", 3, revenue=5), event("e", 3, revenue=None)),
    )
    tables = checked_run(project, world)
    assert tables["experiment_units"]["exp", "ann"]["variation_id"] == "a"
    assert tables["experiment_events"]["exp", "ann", "e"]["revenue"] == 5
    assert reasons(tables, "decisions") == {"missing_visitor_id": 1, "duplicate_uuid": 1}
    assert reasons(tables, "events") == {"duplicate_uuid": 2}


# The columns of the winner's order, each with a smaller and a larger value; None comes last.
DECISION_ORDER = [
    ("timestamp", T0, T0 + 1),
    ("process_timestamp", T0, T0 + 1),
    ("process_timestamp", T0, None),
    ("visitor_id", "A", "a"),
    ("experiment_id", "Exp", "exp"),
    ("variation_id", "A", "a"),
    ("is_holdback", False, True),
    ("user_agent", None, "Googlebot/2.1"),
    ("session_id", "1", "2"),
    ("session_id", "1", None),
    ("attributes", (CHROME,), (SAFARI,)),
    ("attributes", (CHROME,), None),
]
EVENT_ORDER = [
    ("timestamp", T0, T0 + 1),
    ("process_timestamp", T0, T0 + 1),
    ("process_timestamp", T0, None),
    ("visitor_id", "A", "a"),
    ("event_name", "Purchase", "purchase"),
    ("event_name", "purchase", None),
    ("entity_id", "1", "2"),
    ("entity_id", "1", None),
    ("event_type", "A", "a"),
    ("event_type", "a", None),
    ("revenue", -1, 1),
    ("revenue", 1, None),
    ("value", 9.5, 10.5),
    ("value", 9.5, None),
    ("quantity", 9, 10),
    ("quantity", 9, None),
    ("user_agent", None, "Googlebot/2.1"),
    ("tags", (("category", "books"),), (ELECTRONICS,)),
    ("tags", (("category", "books"),), None),
]
Order = list[tuple[str, object, object]]


def rivals(row: Row, order: Order) -> list[Row]:
    """Make two rows of one uuid per column of an order.

    The first is smaller in that column and larger in every later one; it must win.
    """
    pairs = []
    for number, (column, smaller, larger) in enumerate(order):
        later = [each for each in order[number + 1 :] if each[0] != column]
        uuid = f"{row.uuid}{number}"
        first = {column: smaller, **{name: large for name, _, large in later}}
        second = {column: larger, **{name: small for name, small, _ in later}}
        pairs += [replace(row, uuid=uuid, **second), replace(row, uuid=uuid, **first)]
    return pairs


def test_twins_are_ordered_column_by_column(project: CompiledProject) -> None:
    """A column decides only where all columns before it are equal."""
    decisions = [
        row if row.visitor_id != "A" else replace(row, visitor_id=f"A{number // 2}")
        for number, row in enumerate(rivals(decision("d", 0, "A"), DECISION_ORDER))
    ]
    world = World(
        decisions=(*decisions, decision("first", 0, "a"), decision("also", 0, "A")),
        events=tuple(rivals(event("e", 0, "A", revenue=5), EVENT_ORDER)),
    )
    tables = checked_run(project, world)
    assert reasons(tables, "decisions")["duplicate_uuid"] == len(DECISION_ORDER)
    assert reasons(tables, "events")["duplicate_uuid"] == len(EVENT_ORDER)


def with_flaws(row: Row, flaws: list[tuple[str, object]], prefix: str = "") -> list[Row]:
    """Make a row per flaw that has this flaw and every later one."""
    rows = []
    for number in range(len(flaws)):
        flawed = {"uuid": f"{prefix}{number}", **dict(flaws[number:])}
        rows.append(replace(row, **flawed))
    return rows


def test_a_row_is_counted_once_by_its_first_reason(projects: Projects) -> None:
    """Rows with one flaw less at a time: each reason counts exactly one row."""
    now = VARIANTS[AS_OF].as_of
    ids = [("uuid", None), ("visitor_id", "undefined"), ("timestamp", None)]
    choices = [("experiment_id", " "), ("variation_id", ""), ("is_holdback", None)]
    bot, staff, late = ("user_agent", "Googlebot"), ("visitor_id", "staff"), ("timestamp", now + 1)
    late_start = call_start(now + HOUR, is_padded=False)
    world = World(
        decisions=(
            decision("d", 0, "ann"),
            *with_flaws(decision("", 0, "ann"), ids + choices, "raw"),
            *with_flaws(
                decision("", 1, "ann"), [("is_holdback", True), bot, staff, late], "staged"
            ),
        ),
        events=(
            *with_flaws(event("", 0), ids, "raw"),
            *with_flaws(event("", 0), [bot, staff, late], "staged"),
            event("not exposed", 0, "stranger"),
        ),
        calls=(
            Call(" ", "soon", "long"),
            Call("staff", "soon", "long"),
            Call("staff", late_start, "long"),
            Call("staff", late_start, "1"),
            Call("stranger", late_start, "1"),
            Call("stranger", "9/14/2020 12:00:00", "1"),
        ),
        excluded_visitors=("staff",),
    )
    tables = checked_run(projects(AS_OF), world, VARIANTS[AS_OF])
    counted = {key: row["row_count"] for key, row in tables["excluded_rows"].items()}
    assert set(counted.values()) == {1}
    assert len(counted) == len(world.decisions) + len(world.events) + len(world.calls) - 1


def test_a_visitor_in_two_experiments_counts_in_both(project: CompiledProject) -> None:
    """Each experiment has its own window; the event is used once in the row counts."""
    world = World(
        decisions=(decision("d1", 0, "ann"), Decision("d2", T0 + HOUR, "ann", "other", "a")),
        events=(event("e1", HOUR), event("e2", 0), event("e3", WINDOW + HOUR)),
        named_variations=(NamedVariation("other", "The other one", "a", "control"),),
    )
    tables = checked_run(project, world)
    assert set(tables["experiment_events"]) == {
        ("exp", "ann", "e1"),
        ("other", "ann", "e1"),
        ("exp", "ann", "e2"),
        ("other", "ann", "e3"),
    }
    assert tables["source_row_counts"]["events",]["used_row_count"] == 3
    assert tables["experiment_units"]["exp", "ann"]["variation_name"] == "a"
    assert tables["experiment_units"]["other", "ann"]["variation_name"] == "control"


def test_segments_are_the_attributes_at_first_exposure(project: CompiledProject) -> None:
    """Web attributes have no name: the type names the segment. Repeats: the smallest value."""
    world = World(
        decisions=(
            decision("d1", 0, "ann", attributes=(Attribute(None, "browser", "opera"),)),
            decision("d2", 1, "ann", attributes=(Attribute("browser", "custom", "chrome"),)),
            decision(
                "d3",
                0,
                "bob",
                attributes=(
                    Attribute("browser", "custom", "safari"),
                    Attribute("browser", "custom", "chrome"),
                ),
            ),
            decision("d4", 0, "cat", attributes=None),
        ),
    )
    tables = checked_run(project, world)
    assert {key[4] for key in tables["variation_metrics_by_segment"]} == {
        "opera",
        "chrome",
        "(not set)",
    }


@pytest.mark.parametrize("blank", ["\t \n\r", "\x0b\x0c", "\u00a0", "\u3000\u2003"])
def test_blank_is_nothing_but_whitespace(project: CompiledProject, blank: str) -> None:
    """Whitespace is what Unicode says it is: an id that nobody can see names nobody."""
    world = World(
        decisions=(decision("d1", 0, blank), decision("d2", 0, "ann", blank)),
        events=(event("e1", 0, blank), event(blank, 0)),
        calls=(Call(blank, "9/14/2020 12:00:00", "1"),),
    )
    tables = checked_run(project, world)
    assert reasons(tables, "decisions") == {"missing_visitor_id": 1, "missing_variation_id": 1}
    assert reasons(tables, "events") == {"missing_visitor_id": 1, "missing_uuid": 1}
    assert reasons(tables, "calls") == {"missing_visitor_id": 1}


def test_nothing_comes_of_nothing(project: CompiledProject) -> None:
    """Empty files give empty tables, and counts of zero."""
    tables = checked_run(project, World())
    assert tables["source_row_counts"]["decisions",]["raw_row_count"] == 0
    assert not tables["experiment_units"]


def spending(revenues: dict[str, list[int]]) -> World:
    """Make a world of one electronics purchase per visitor: the revenues per variation."""
    purchases = [(variation, cents) for variation, row in revenues.items() for cents in row]
    return World(
        decisions=tuple(
            decision(f"d{number}", 0, f"user {number}", variation)
            for number, (variation, _) in enumerate(purchases)
        ),
        events=tuple(
            event(f"e{number}", 0, f"user {number}", revenue=cents, tags=(ELECTRONICS,))
            for number, (_, cents) in enumerate(purchases)
        ),
    )


@pytest.mark.parametrize(
    "revenues",
    [
        pytest.param({"a": [10**9, 10**9 + 1, 10**9 + 2]}, id="large mean"),
        pytest.param({"a": [0, 0, 1], "b": [10**12]}, id="outlier in the other variation"),
    ],
)
def test_variance_keeps_its_digits(
    project: CompiledProject, revenues: dict[str, list[int]]
) -> None:
    """No sum of squares near 1e18 holds a variance of 1, and no centre far away a variance of ⅓."""
    tables = checked_run(project, spending(revenues))
    row = tables["variation_metrics"]["exp", "Electronics revenue per visitor", "a"]
    assert row["variance"] == pytest.approx(variance(revenues["a"]), rel=1e-9)


# --- models and oracle --------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
@given(data=st.data(), layout=layouts())
def test_models_agree_with_the_oracle(
    variant: str, projects: Projects, data: st.DataObject, layout: Layout
) -> None:
    """Every public table is what the oracle says, whatever the rows and however they lie."""

    def check(world: World) -> list[str]:
        return differences(oracle_tables(world), projects(variant).run(world, layout))

    assert_none(data.draw(worlds(VARIANTS[variant])), check)


# --- metamorphic properties ---------------------------------------------------------------------

Numbers = list[int]
numbers = st.lists(st.integers(0, 99), max_size=10)


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
    """Rows that come once more raise the count of duplicates, and nothing else."""

    def check(world: World) -> list[str]:
        decisions = [row for row in world.decisions if decision_rejection(row) is None]
        events = [row for row in world.events if event_rejection(row) is None]
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
        key = (source, "duplicate_uuid")
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
    moments = chosen(sorted({row.timestamp for row in staged}), when)
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
    """Other ids, in the same order: it settles which of two rows with one uuid wins."""

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
