"""Faults of single rows: ids, times, copies, exposures, amounts."""

import math
from dataclasses import replace
from pathlib import Path

from faults.fault import Fault
from faults.golden import golden_world, purchase, view
from faults.lab import Lab
from faults.worlds_changed import (
    FIRST,
    OTHER,
    REVENUE,
    ailments,
    assert_unaffected,
    exposing,
    left_out,
    sums,
    unit_ids,
    with_decisions,
    with_events,
)
from oracle.raw import Attribute, Event

ORACLE = "pipeline/test_oracle.py"
HEALTH = "health/test_health_worlds.py"
BY_HAND = "pipeline/test_oracle_by_hand.py"


# --- ids ----------------------------------------------------------------------------------------


def visitor_missing(lab: Lab) -> None:
    """Null, blank and undefined are nobody, in either kind of rows; NULL is somebody."""
    nobody = (None, "", "\t", "undefined", "\u00a0", None)
    seen = lab.look(
        replace(
            with_decisions(
                *(exposing(f"x{number}", name) for number, name in enumerate(nobody)),
                exposing("x-null", "NULL"),
            ),
            events=(
                *golden_world().events,
                *(
                    replace(purchase(FIRST, 1), uuid=f"y{number}", visitor_id=name)
                    for number, name in enumerate(nobody)
                ),
            ),
        )
    )
    assert left_out(lab, seen, "decisions") == {"missing_visitor_id": 6}
    assert left_out(lab, seen, "events") == {"missing_visitor_id": 6}
    assert unit_ids(seen) - unit_ids(lab.golden) == {"NULL"}
    assert ailments(lab, seen) == {"unusable_exposures": "fail", "unusable_events": "fail"}
    assert seen.verdicts(FIRST) == {"b": ("invalid", "failing_health_check")}
    # Whose events they are is not known: they may be those of the other experiment's units as well.
    assert ailments(lab, seen, OTHER) == {"unusable_events": "fail"}
    assert seen.numbers(OTHER) == lab.golden.numbers(OTHER)


def ids_alike(lab: Lab) -> None:
    """Each is a visitor of its own, whose events are its own."""
    alike = ("E1-V01", "e1-v01 ", "\u00e9", "e\u0301", "1", "01", "1.0")
    seen = lab.look(
        replace(
            with_decisions(*(exposing(f"x {name}", name) for name in alike)),
            events=(
                *golden_world().events,
                replace(purchase(FIRST, 0), uuid="y", visitor_id="01"),
            ),
        )
    )
    assert unit_ids(seen) - unit_ids(lab.golden) == set(alike)
    bought = seen.of("experiment_events", FIRST, event_id="y")
    assert [row["unit_id"] for row in bought] == ["01"]
    assert ailments(lab, seen)["similar_names"] == "warn"
    assert 'unit "E1-V01" and "e1-v01 "' in seen.message(FIRST, "similar_names")
    assert_unaffected(lab, seen, OTHER)


def copies(lab: Lab) -> None:
    """Every tenth row of the export twice, and one three times: they are only counted."""
    world = golden_world()
    decisions, events = world.decisions[::10], world.events[::10]
    seen = lab.look(
        replace(
            world,
            decisions=(*world.decisions, *decisions, decisions[0]),
            events=(*world.events, *events),
        )
    )
    assert left_out(lab, seen, "decisions") == {"duplicate_id": len(decisions) + 1}
    assert left_out(lab, seen, "events") == {"duplicate_id": len(events)}
    assert_unaffected(lab, seen, FIRST, OTHER)


def copies_in_two_folders(lab: Lab) -> None:
    """Put the rows of one day's folder into another day's as well."""
    copied = ["type=decisions/date=2020-09-14", "type=events/date=2020-09-15"]

    def copy(export: Path) -> None:
        for folder in copied:
            for part in sorted((export / folder).rglob("*.parquet")):
                other = export / folder.replace("date=2020-09-1", "date=2020-10-0") / part.name
                other.parent.mkdir(parents=True, exist_ok=True)
                other.write_bytes(part.read_bytes())

    seen = lab.look(change=copy)
    assert set(left_out(lab, seen, "decisions")) == {"duplicate_id"}
    assert set(left_out(lab, seen, "events")) == {"duplicate_id"}
    assert_unaffected(lab, seen, FIRST, OTHER)


def uuid_in_other_case(lab: Lab) -> None:
    """Write the uuids of copies otherwise: they are copies."""
    world = golden_world()
    seen = lab.look(
        with_decisions(
            *(replace(row, uuid=row.uuid.upper()) for row in world.decisions[:5]),
        )
    )
    assert left_out(lab, seen, "decisions") == {"duplicate_id": 5}
    assert_unaffected(lab, seen, FIRST, OTHER)


def uuid_missing(lab: Lab) -> None:
    """Six rows without an id are six rows, which nobody can tell from copies."""
    seen = lab.look(
        with_decisions(*(exposing(blank, f"n{blank!r}") for blank in (None, "", " ", "\t")))
    )
    assert left_out(lab, seen, "decisions") == {"missing_id": 4}
    assert unit_ids(seen) == unit_ids(lab.golden)
    assert ailments(lab, seen) == {"unusable_exposures": "warn"}
    assert_unaffected(lab, seen, FIRST, OTHER)


# --- exposures ----------------------------------------------------------------------------------


def experiment_missing(lab: Lab) -> None:
    """Name no experiment: it is nobody's exposure."""
    seen = lab.look(
        with_decisions(exposing("x", "x", experiment_id=None), exposing("y", "y", experiment_id=""))
    )
    assert left_out(lab, seen, "decisions") == {"missing_experiment_id": 2}
    assert_unaffected(lab, seen, FIRST, OTHER)


def odd_attributes(lab: Lab) -> None:
    """Give null, blank, repeated and contradicting values, and null lists: a row per unit."""
    odd = (
        None,
        (),
        (None,),
        (Attribute("browser", "custom", None),),
        (Attribute("browser", "custom", " "), Attribute("browser", "custom", "safari")),
        (Attribute("browser", "custom", "opera"), Attribute("browser", "custom", "chrome")),
        (Attribute("browser", "custom", "chrome"),) * 3,
        (Attribute(None, None, "of nothing"), None),
    )
    world = golden_world()
    changed = [
        replace(row, attributes=attributes)
        for row, attributes in zip(world.decisions, odd, strict=False)
    ]
    seen = lab.look(replace(world, decisions=(*changed, *world.decisions[len(odd) :])))
    attributes = {
        row["unit_id"]: row["attribute_value"]
        for row in seen.of("experiment_unit_attributes", FIRST, attribute_name="browser")
    }
    assert [attributes.get(row.visitor_id) for row in changed] == [
        *(None, None, None, None, "safari", "chrome", "chrome", None)
    ]
    assert_unaffected(lab, seen, FIRST, OTHER)


# --- amounts ------------------------------------------------------------------------------------


def negative_revenue(lab: Lab) -> None:
    """Pay back more than was paid."""
    refund = replace(purchase(FIRST, 1), uuid="refund", revenue=-1500)
    seen = lab.look(with_events(refund))
    before = sums(lab.golden, REVENUE)
    assert sums(seen, REVENUE) == {"a": before["a"], "b": before["b"] - 1500}
    assert_unaffected(lab, seen, OTHER)


def not_a_number(lab: Lab) -> None:
    """Count what is no number, or has no end: it poisons nothing."""
    odd = (math.nan, math.inf, -math.inf, 1e300)
    seen = lab.look(
        with_events(
            *(
                replace(view(FIRST, number), uuid=f"odd {value}", value=value)
                for number, value in enumerate(odd)
            ),
            replace(view(OTHER, 0), uuid="even", value=1e50),
        )
    )
    assert left_out(lab, seen, "events") == {"impossible_amount": 4}
    assert seen.numbers(FIRST) == lab.golden.numbers(FIRST)
    assert ailments(lab, seen) == {"unusable_events": "warn"}
    (kept,) = seen.of("experiment_events", OTHER, event_id="even")
    assert kept["value"] == 1e50


def huge_integers(lab: Lab) -> None:
    """As far as whole numbers are exact they count to the last digit; beyond, they are left out."""
    largest = 2**53
    seen = lab.look(
        with_events(
            replace(purchase(FIRST, 0), uuid="most", revenue=largest),
            *(
                replace(purchase(FIRST, 1), uuid=f"beyond {revenue}", revenue=revenue)
                for revenue in (largest + 1, -largest - 1, 2**63 - 1, -(2**63))
            ),
        )
    )
    assert left_out(lab, seen, "events") == {"impossible_amount": 4}
    (kept,) = seen.of("experiment_events", FIRST, event_id="most")
    assert kept["revenue"] == largest
    before = sums(lab.golden, REVENUE)
    assert sums(seen, REVENUE) == {"a": before["a"] + largest, "b": before["b"]}
    assert_unaffected(lab, seen, OTHER)


def null_and_zero(lab: Lab) -> None:
    """Neither changes a sum; both are purchases."""

    def without_revenue(row: Event) -> Event:
        return replace(row, revenue=None) if row.revenue == 0 else row

    zero = [replace(purchase(FIRST, 0), uuid=f"free {number}", revenue=0) for number in range(3)]
    seen, other = (lab.look(with_events(*rows)) for rows in (zero, map(without_revenue, zero)))
    assert sums(seen, REVENUE) == sums(other, REVENUE) == sums(lab.golden, REVENUE)
    for each, revenue in ((seen, 0), (other, None)):
        kept = [each.of("experiment_events", FIRST, event_id=f"free {number}") for number in (0, 2)]
        assert [row["revenue"] for (row,) in kept] == [revenue, revenue]
    assert_unaffected(lab, seen, OTHER)


def odd_characters(lab: Lab) -> None:
    """They come back as they were, and stand in nobody's way."""
    odd = ("o'brien", 'the "quoted"', "line\nbreak\r\n", "tab\tcomma,;|", "\U0001f389\u05d0\u202e")
    seen = lab.look(
        replace(
            with_decisions(
                *(exposing(f"x{number}", name) for number, name in enumerate(odd)),
            ),
            events=(
                *golden_world().events,
                *(
                    replace(purchase(FIRST, 1), uuid=name, visitor_id=name, event_name=name)
                    for name in odd
                ),
            ),
        )
    )
    assert unit_ids(seen) - unit_ids(lab.golden) == set(odd)
    events = [row for row in seen.of("experiment_events", FIRST) if row["unit_id"] in odd]
    assert {(row["unit_id"], row["event_id"], row["event_name"]) for row in events} == {
        (name, name.lower(), name) for name in odd
    }
    assert_unaffected(lab, seen, OTHER)


FAULTS = (
    Fault(
        18,
        "visitor-missing",
        "A row names no visitor: null, blank or `undefined`",
        "it is left out and counted, and beyond one in a thousand the experiment's health fails;"
        " `NULL` is somebody's id",
        check=visitor_missing,
    ),
    Fault(
        19,
        "ids-alike",
        "Ids differ in case, blanks or Unicode alone",
        "they are different visitors, and the health check warns",
        check=ids_alike,
    ),
    Fault(20, "copy", "A row is there twice", "it counts once", check=copies),
    Fault(
        21,
        "conflicting-copies",
        "Two rows of one id contradict each other",
        "none of them is used; the health check fails where they are many, or more in a variation",
        proved_by=(
            f"{ORACLE}::test_no_row_of_a_uuid_with_other_content_survives",
            f"{ORACLE}::test_rows_of_a_uuid_conflict_in_any_column",
            "staging/test_copies.py::test_plain_rows_of_one_id_with_other_content_are_left_out",
        ),
    ),
    Fault(
        22,
        "copies-in-two-folders",
        "A row is there twice, in the folders of two days",
        "it counts once, wherever its copies lie",
        check=copies_in_two_folders,
    ),
    Fault(
        23,
        "uuid-in-other-case",
        "The same uuid in upper and lower case",
        "it is one id",
        check=uuid_in_other_case,
    ),
    Fault(
        24,
        "uuid-missing",
        "Rows have no uuid",
        "they are left out and counted, never merged",
        check=uuid_missing,
    ),
    Fault(
        25,
        "other-unit-of-time",
        "Times are in seconds or microseconds in place of milliseconds",
        "the build stops and names file, column and unit",
        proved_by=(
            "staging/test_times.py::test_an_exports_times_in_another_unit_are_refused",
            "staging/test_times.py::test_plain_times_in_another_unit_name_their_file",
            "staging/test_times.py::test_times_of_ones_own_models_are_refused",
        ),
    ),
    Fault(
        26,
        "future-row",
        "A row is dated after all others",
        "it is left out and counted, and the health check warns",
        proved_by=(
            f"{HEALTH}::test_rows_far_in_the_future_warn_and_move_nothing",
            f"{ORACLE}::test_a_row_far_after_all_others_does_not_move_now",
        ),
    ),
    Fault(
        27,
        "clock-off",
        "A row happened long before or after it was processed",
        "the health check warns; now is when it was processed",
        proved_by=(
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
            f"{HEALTH}::test_a_clock_that_is_ahead_is_found_and_not_believed",
        ),
    ),
    Fault(
        28,
        "tie-in-one-variation",
        "Two exposures at one instant, in one variation",
        "one unit",
        proved_by=(f"{ORACLE}::test_a_tie_between_variations_makes_no_unit",),
    ),
    Fault(
        29,
        "tie-in-two-variations",
        "Two exposures at one instant, in two variations",
        "no unit, and counted; the health check warns",
        proved_by=(
            f"{ORACLE}::test_a_tie_between_variations_makes_no_unit",
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
        ),
    ),
    Fault(
        30,
        "crossover",
        "A visitor sees two variations",
        "the first counts, or none, by `crossover_policy`; the health check counts them and warns",
        proved_by=(
            f"{BY_HAND}::test_first_exposure_ties_and_crossovers",
            f"{ORACLE}::test_models_agree_with_the_oracle",
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
        ),
    ),
    Fault(
        31,
        "outcome-before-exposure",
        "A conversion comes before the exposure",
        "it doesn't count, to the millisecond",
        proved_by=(f"{ORACLE}::test_both_ends_of_the_window_are_inside",),
    ),
    Fault(
        32,
        "edges-of-the-window",
        "A conversion comes at an end of the window",
        "both ends count, to the millisecond",
        proved_by=(f"{ORACLE}::test_both_ends_of_the_window_are_inside",),
    ),
    Fault(
        33,
        "holdback",
        "A visitor was held back, or nobody knows",
        "no exposure, or left out and counted",
        proved_by=(f"{ORACLE}::test_a_row_is_counted_once_by_its_first_reason",),
    ),
    Fault(
        34,
        "bots",
        "Bots come, perhaps to one variation alone",
        "they are left out and counted; the health check warns where the variations differ",
        proved_by=(
            f"{ORACLE}::test_a_row_is_counted_once_by_its_first_reason",
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
        ),
    ),
    Fault(
        35,
        "experiment-missing",
        "An exposure names no experiment",
        "it is left out and counted",
        check=experiment_missing,
    ),
    Fault(
        36,
        "odd-attributes",
        "Attributes are null, repeated or contradict each other",
        "a unit stays one row, with one value of each",
        check=odd_attributes,
    ),
    Fault(37, "negative-revenue", "Refunds", "they are subtracted", check=negative_revenue),
    Fault(
        38,
        "dollars-for-cents",
        "Amounts of one variation are in another unit",
        "the experiment's health fails, and nothing is shipped",
        proved_by=(
            f"{HEALTH}::test_nothing_is_decided_on_amounts_of_two_scales",
            f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",
        ),
    ),
    Fault(
        39,
        "not-a-number",
        "An amount is NaN or infinite",
        "the row is left out and counted; all others count",
        check=not_a_number,
    ),
    Fault(
        40,
        "huge-integers",
        "Whole numbers with more digits than a sum keeps",
        "left out and counted beyond 2^53; up to there every digit counts",
        check=huge_integers,
    ),
    Fault(
        41,
        "null-and-zero",
        "Revenue is null for some and 0 for others",
        "null adds nothing, and is no value of a mean",
        check=null_and_zero,
        proved_by=("observations/test_metric_oracle.py::test_aggregates_ignore_nulls",),
    ),
    Fault(
        42,
        "odd-characters",
        "Ids and names have quotes, line breaks and any script",
        "they come back to the byte",
        check=odd_characters,
        proved_by=("commands/test_export_datasets.py::test_odd_ids_come_back_and_stay_inside",),
    ),
    Fault(
        43,
        "one-visitor-dominates",
        "One visitor spends as much as a great part of all",
        "the health check warns",
        proved_by=(f"{HEALTH}::test_an_ailment_is_found_and_nothing_else",),
    ),
)
