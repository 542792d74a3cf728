"""The models against the oracle on small hostile worlds.

First pinned worlds that show the rules; then the property that models and oracle agree on every
public table, whatever the world.
"""

from dataclasses import replace
from statistics import variance

import pytest
from agreement import assert_none, differences, oracle_tables
from compiled import CompiledProject
from hostile_values import CHROME, ELECTRONICS, SAFARI
from hypothesis import given
from hypothesis import strategies as st
from oracle.raw import DAY, HOUR, Attribute, Call, Decision, Event, NamedVariation, World
from pinned import WINDOW, checked_run, decision, event, reasons
from shop_projects import AS_OF, VARIANTS, Projects
from world_files import Layout, layouts
from worlds import T0, call_start, worlds

RawRow = Decision | Event


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
    assert {unit: row["exposure_id"] for unit, row in units.items()} == {"bob": "d4", "cat": "d5"}
    assert units["cat"]["is_crossover"]
    assert reasons(tables, "decisions") == {"tied_exposure": 2, "repeat_exposure": 2}
    assert reasons(tables, "events") == {"not_exposed": 1}


def test_a_session_has_what_its_visitor_does_until_the_next(project: CompiledProject) -> None:
    """The next one begins with its exposure; both may be in different variations."""
    seconds = (-1, 0, 5, 9, 10, 11)
    world = World(
        decisions=(
            decision("d1", 0, "ann", "a", session_id="s1"),
            decision("d2", 10_000, "ann", "b", session_id="s2"),
            decision("d3", 11_000, "ann", "b", session_id=" "),
            decision("d4", 0, "bob", "a"),
        ),
        events=tuple(event(f"e{at}", at * 1000) for at in seconds),
        session_experiments=("exp",),
    )
    tables = checked_run(project, world)
    assert {key[1:]: row["variation_id"] for key, row in tables["experiment_events"].items()} == {
        **{("s1", f"e{at}"): "a" for at in (0, 5, 9)},
        **{("s2", f"e{at}"): "b" for at in (10, 11)},
    }
    assert reasons(tables, "decisions") == {"missing_session_id": 2}
    assert reasons(tables, "events") == {"before_exposure": 1}


def test_one_row_per_uuid_survives(project: CompiledProject) -> None:
    """Whatever the case of its uuid; a rejected row is no rival to its copies."""
    late = {"process_timestamp": T0 + HOUR}
    world = World(
        decisions=(
            decision("AB", 0, "undefined", "z"),
            decision("ab", 1, "ann", "a"),
            replace(decision("Ab", 1, "ann", "a"), **late),
        ),
        events=(event("e", 3, revenue=5), replace(event("E", 3, revenue=5), **late)),
    )
    tables = checked_run(project, world)
    assert tables["experiment_units"]["exp", "ann"]["variation_id"] == "a"
    assert tables["experiment_events"]["exp", "ann", "e"]["revenue"] == 5
    assert reasons(tables, "decisions") == {"missing_visitor_id": 1, "duplicate_id": 1}
    assert reasons(tables, "events") == {"duplicate_id": 1}


def test_no_row_of_a_uuid_with_other_content_survives(project: CompiledProject) -> None:
    """Not even where two of three agree: nothing says who is right. Other exposures still count."""
    world = World(
        decisions=(
            decision("ab", 2, "ann", "b"),
            decision("Ab", 1, "ann", "a"),
            decision("c", 5, "ann", "c"),
        ),
        events=(event("e", 6, revenue=9), event("E", 6, revenue=5), event("e", 6, revenue=9)),
    )
    tables = checked_run(project, world)
    assert tables["experiment_units"]["exp", "ann"]["variation_id"] == "c"
    assert reasons(tables, "decisions") == {"conflicting_id": 2}
    assert reasons(tables, "events") == {"conflicting_id": 3}
    assert tables["source_row_counts"]["events",]["used_row_count"] == 0


# What rows of one uuid in one experiment may say otherwise, each with two values.
DECISION_CONTENT = [
    ("timestamp", T0, T0 + 1),
    ("visitor_id", "A", "a"),
    ("variation_id", "A", "a"),
    ("is_holdback", False, True),
    ("user_agent", None, "Googlebot/2.1"),
    ("session_id", "1", "2"),
    ("session_id", "1", None),
    ("attributes", (CHROME,), (SAFARI,)),
    ("attributes", (CHROME,), None),
]
EVENT_CONTENT = [
    ("timestamp", T0, T0 + 1),
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
Content = list[tuple[str, object, object]]


def rivals(row: RawRow, content: Content) -> list[RawRow]:
    """Make two rows of one uuid for each column, which differ in nothing else."""
    return [
        replace(row, uuid=f"{row.uuid}{number}", **{column: value})
        for number, (column, *values) in enumerate(content)
        for value in values
    ]


def test_rows_of_a_uuid_conflict_in_any_column(project: CompiledProject) -> None:
    """All of their columns count, but when they were processed."""
    world = World(
        decisions=(*rivals(decision("d", 0, "A"), DECISION_CONTENT), decision("first", 0, "A")),
        events=tuple(rivals(event("e", 0, "A", revenue=5), EVENT_CONTENT)),
    )
    tables = checked_run(project, world)
    assert reasons(tables, "decisions") == {"conflicting_id": 2 * len(DECISION_CONTENT)}
    assert reasons(tables, "events") == {"conflicting_id": 2 * len(EVENT_CONTENT)}


def test_a_row_far_after_all_others_does_not_move_now(project: CompiledProject) -> None:
    """It is left out as later than now; up to a month after the others it is now."""
    first = [decision(f"d{number}", 0, f"v{number}") for number in range(4)]
    for gap, is_stray in ((30 * DAY, False), (30 * DAY + 1, True)):
        world = World(decisions=tuple(first), events=(event("e", gap, "v1"),))
        tables = checked_run(project, world)
        reason = "after_as_of" if is_stray else "after_window"
        assert reasons(tables, "events") == {reason: 1}


def test_one_uuid_in_two_experiments_is_a_row_in_each(project: CompiledProject) -> None:
    """A message may carry what several experiments decided."""
    both = [replace(decision("d", 0, "a"), experiment_id=name) for name in ("Exp", "exp")]
    tables = checked_run(project, World(decisions=(*both, both[0])))
    assert reasons(tables, "decisions") == {"duplicate_id": 1}
    assert len(tables["experiment_units"]) == 2


def with_flaws(row: RawRow, flaws: list[tuple[str, object]], prefix: str = "") -> list[RawRow]:
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


def test_a_blank_attribute_is_not_set(project: CompiledProject) -> None:
    """As one that is missing; beside another value it says nothing."""
    values: list[tuple[str | None, ...]] = [("ff",), ("",), (), (None,), (" ",), ("\u3000",)]
    values.append((" ", "ff"))
    world = World(
        decisions=tuple(
            decision(
                f"d{number}",
                0,
                f"visitor {number}",
                attributes=tuple(Attribute("browser", "custom", value) for value in given),
            )
            for number, given in enumerate(values)
        )
    )
    segments = checked_run(project, world)["variation_metrics_by_segment"]
    assert {key[4]: row["unit_count"] for key, row in segments.items()} == {"ff": 2, "(not set)": 5}


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
    assert reasons(tables, "events") == {"missing_visitor_id": 1, "missing_id": 1}
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


@given(world=worlds(), layout=layouts())
def test_models_agree_where_sessions_are_the_units(
    project: CompiledProject, world: World, layout: Layout
) -> None:
    """The same of a world in which every experiment is one of sessions."""
    experiments = {row.experiment_id for row in world.decisions if row.experiment_id}
    world = replace(world, session_experiments=tuple(sorted(experiments)))

    def check(world: World) -> list[str]:
        return differences(oracle_tables(world), project.run(world, layout))

    assert_none(world, check)
