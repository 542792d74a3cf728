"""What each health check finds in experiments that have one ailment each."""

import math
from dataclasses import replace

import pytest
from compiled import CompiledProject
from engine.warehouse import Rows
from health_docs import listed
from health_worlds import AILMENTS, healthy, only, repeated, ward
from oracle.raw import World
from worlds import DAY, T0, call_start

# What isn't ok in an experiment with this ailment; every other check is.
FOUND: dict[str, dict[str, str]] = {
    "healthy": {},
    "sessions": {},
    "few units": {"too_few_units": "warn"},
    "lost units": {"sample_ratio": "fail"},
    "lost browser": {"sample_ratio_by_segment": "warn"},
    "changed split": {"split_change": "fail"},
    "crossed over": {"crossovers": "warn"},
    "tied": {"tied_exposures": "warn"},
    "more bots": {"bot_balance": "warn"},
    "more copies": {"duplicate_balance": "warn"},
    "more rejected": {"rejection_balance": "fail", "unusable_exposures": "fail"},
    "incomplete": {"unusable_exposures": "fail"},
    "unnamed": {"lost_exposures": "warn"},
    "enrolled on": {"lost_exposures": "warn"},
    "more excluded": {"exclusion_balance": "warn"},
    "unplanned": {"sample_ratio": "warn", "sequential_sample_ratio": "warn"},
    "unreferenced": {"reference_variation": "fail"},
    "twice referenced": {"reference_variation": "fail"},
    "one-sided": {
        "variation_count": "fail",
        "reference_variation": "fail",
        "too_few_units": "warn",
        "sample_ratio": "fail",
        "sample_ratio_by_segment": "warn",
    },
    "silent": {"units_without_events": "fail"},
    "paused": {"exposure_gaps": "warn"},
    "restarted": {"restarts": "warn", "exposure_gaps": "warn"},
    "late": {"late_rows": "warn"},
    "ahead": {"future_rows": "warn"},
    "dominated": {"outlier_influence": "warn"},
    "dollars": {"revenue_scale": "fail"},
    "sent twice": {"repeated_events": "warn"},
    "misspelt": {"similar_names": "warn"},
    "dollars later": {"revenue_scale_change": "warn"},
    "overlapping": {"overlapping_experiments": "warn"},
    "unfinished": {
        "restarts": "warn",
        "exposure_gaps": "warn",
        "immature_units": "warn",
        "stale_events": "warn",
    },
    "beside": {
        "overlapping_experiments": "warn",
        "reference_variation": "fail",
        "sample_ratio": "warn",
        "sequential_sample_ratio": "warn",
    },
}
SEGMENT = ("segment_name", "segment_value")
WORST = ["ok", "warn", "fail"]


def health(project: CompiledProject, world: World) -> Rows:
    """Run the checks on a world."""
    with project.built(world, None, ["experiment_health"]) as database:
        return database.rows("select * from experiment_health")


def statuses(rows: Rows, experiment: str) -> dict[str, str]:
    """Give an experiment's worst status of each check."""
    found: dict[str, str] = {}
    for row in rows:
        if row["experiment_id"] == experiment:
            known = found.get(row["check_name"], "ok")
            found[row["check_name"]] = max(known, row["status"], key=WORST.index)
    return found


@pytest.fixture(scope="module")
def rows(health_project: CompiledProject) -> Rows:
    """Run the checks on the ailing experiments."""
    return health(health_project, ward())


@pytest.mark.parametrize("experiment", FOUND)
def test_an_ailment_is_found_and_nothing_else(rows: Rows, experiment: str) -> None:
    """Every check has a status for every experiment; only the ailing ones aren't ok."""
    found = statuses(rows, experiment)
    assert len(found) == len(listed())
    assert {name: status for name, status in found.items() if status != "ok"} == FOUND[experiment]


def test_every_ailment_is_looked_for(rows: Rows) -> None:
    """And every experiment has its rows."""
    assert {*AILMENTS, "healthy", "sessions", "few units", "beside"} == set(FOUND)
    assert {row["experiment_id"] for row in rows} == set(FOUND)


def test_a_healthy_experiment_is_checked_by_every_check(rows: Rows) -> None:
    """But for the covariates, the primary metric and the rejected rows that it does not have."""
    unchecked = {
        row["check_name"]
        for row in rows
        if row["experiment_id"] == "healthy" and row["value"] is None
    }
    assert unchecked == {"pre_exposure_bias", "under_powered", "rejection_balance"}


def test_every_row_says_what_it_found(rows: Rows) -> None:
    """Keys are whole and unique, numbers are finite, and each row has its sentence."""
    keys = [
        tuple(row[column] for column in ("experiment_id", "check_name", *SEGMENT)) for row in rows
    ]
    assert len(set(keys)) == len(keys)
    assert all(None not in key for key in keys)
    for row in rows:
        assert row["message"]
        assert row["value"] is None or math.isfinite(row["value"])


def test_who_is_not_analysed_is_counted(rows: Rows) -> None:
    """By what they lack; a check that can't be made doesn't say that there was nothing to check."""
    said = {(row["experiment_id"], row["check_name"]): row["message"] for row in rows}
    assert said["unnamed", "lost_exposures"].startswith(
        "200 of 600 exposed visitors (33.33%) are not analysed: 200 whose exposures name no"
        " variation,"
    )
    assert said["unnamed", "rejection_balance"].startswith(
        "Not checked: of rows that name their variation, every variation should have 5"
    )
    assert said["enrolled on", "lost_exposures"].startswith(
        "200 of 400 exposed visitors (50.00%) are not analysed: 0 whose exposures name no"
        " variation, 0 exposed only before the experiment began, 200 only after it ended."
    )
    assert said["incomplete", "unusable_exposures"].startswith(
        "10 of 520 exposure rows (1.92%) can not be used: missing_visitor_id 10."
    )


def test_exclusions_are_those_of_the_experiment(health_project: CompiledProject) -> None:
    """Each experiment's own, with its visitors; with its units they are all of its rows."""
    names = ("unnamed", "enrolled on", "incomplete")
    world = only(ward(), *names)
    with health_project.built(
        world, None, ["experiment_exclusions", "dim_experiments"]
    ) as database:
        found = {
            (row["experiment_id"], row["reason"]): (row["row_count"], row["visitor_count"])
            for row in database.rows("select * from experiment_exclusions")
        }
        used = {
            row["experiment_id"]: row["unit_count"]
            for row in database.rows("select * from dim_experiments")
        }
    common = {"bot": (40, 40), "excluded_visitor": (40, 40), "duplicate_id": (40, 40)}
    own = {
        "unnamed": {"missing_variation_id": (200, 200)},
        "enrolled on": {"after_experiment": (200, 200)},
        "incomplete": {"missing_visitor_id": (10, 0)},
    }
    assert found == {
        (name, reason): counts for name in names for reason, counts in (common | own[name]).items()
    }
    for name in names:
        delivered = sum(1 for row in world.decisions if row.experiment_id == name)
        excluded = sum(rows for (experiment, _), (rows, _) in found.items() if experiment == name)
        assert delivered == used[name] + excluded


def test_events_that_belong_to_nobody_are_found(health_project: CompiledProject) -> None:
    """A few of many without a visitor or an id fail, since nobody knows whose they are."""
    world = only(ward(), "healthy")
    events = [
        replace(row, **({"visitor_id": None} if number % 2 else {"uuid": " "}))
        if number % 40 in {7, 8}
        else row
        for number, row in enumerate(world.events)
    ]
    rows = health(health_project, replace(world, events=tuple(events)))
    found = statuses(rows, "healthy")
    assert {name: status for name, status in found.items() if status != "ok"} == {
        "unusable_events": "fail"
    }
    message = next(row["message"] for row in rows if row["check_name"] == "unusable_events")
    assert (
        "20 of 406 event rows during the experiment (4.93%) can not be used: missing_id" in message
    )


def test_outcomes_that_belong_to_nobody_are_found(health_project: CompiledProject) -> None:
    """Other ids in events and calls, days without events, and none at the end."""
    world = ward()
    healthy = {row.visitor_id for row in world.decisions if row.experiment_id == "healthy"}
    quiet = [T0 + day * DAY for day in (2, 4, 5)]
    events = [
        replace(row, visitor_id=f"id {row.visitor_id}")
        for row in world.events
        if row.visitor_id in healthy and row.timestamp not in quiet
    ]
    lonely = replace(
        world,
        decisions=tuple(row for row in world.decisions if row.experiment_id == "healthy"),
        events=tuple(events),
        calls=tuple(replace(row, user_id=f"id {row.user_id}") for row in world.calls),
    )
    found = statuses(health(health_project, lonely), "healthy")
    assert {name: status for name, status in found.items() if status != "ok"} == {
        "event_match_rate": "fail",
        "call_match_rate": "fail",
        "units_without_events": "fail",
        "event_gaps": "warn",
        "stale_events": "warn",
    }


def test_a_day_that_lacks_one_event_is_found(health_project: CompiledProject) -> None:
    """Other events of that day hide it from the check that looks at all of them."""
    world = only(ward(), "healthy")
    viewed = [
        replace(row, uuid=f"{row.uuid} view", event_name="view", revenue=None)
        for row in world.events
        if row.event_name == "purchase" and row.timestamp != T0 + 2 * DAY
    ]
    rows = health(health_project, replace(world, events=(*world.events, *viewed)))
    found = statuses(rows, "healthy")
    assert {name: status for name, status in found.items() if status != "ok"} == {
        "event_name_gaps": "warn"
    }
    message = next(row["message"] for row in rows if row["check_name"] == "event_name_gaps")
    assert "1, of 1 of 3 names. The first is" in message
    assert "on which view should have had some 100 visitors." in message


def test_nothing_is_decided_on_amounts_of_two_scales(health_project: CompiledProject) -> None:
    """Whatever the metrics say; the experiment beside it goes on."""
    world = only(ward(), "dollars", "healthy")
    with health_project.built(world, None, ["experiment_decisions"]) as database:
        decided = database.rows("select * from experiment_decisions")
    found = {row["experiment_id"]: (row["verdict"], row["rule"]) for row in decided}
    assert found["dollars"] == ("invalid", "failing_health_check")
    assert found["healthy"] == ("inconclusive", "no_primary_metric")
    reason = next(row["reason"] for row in decided if row["experiment_id"] == "dollars")
    assert (
        "revenue_scale: The revenue of purchase is typically 1000.00 in a and 10.00 in b: 100.0"
        " times as much." in reason
    )


def test_few_repetitions_in_one_variation_are_found(health_project: CompiledProject) -> None:
    """Less than is remarkable of all, but more than chance does to one variation."""
    ailing = healthy("unequal", units=4000)
    repeated(ailing, {row.visitor_id for row in ailing.of("b")[100:130]})
    world = World(
        decisions=tuple(ailing.decisions),
        events=tuple(ailing.events),
        named_variations=tuple(ailing.variations),
        excluded_visitors=tuple(ailing.excluded),
    )
    row = next(
        row for row in health(health_project, world) if row["check_name"] == "repeated_events"
    )
    assert row["status"] == "warn"
    assert row["message"].startswith(
        "30 of 4030 events (0.74%) are as another one in all but their id. Units have some in 0.00%"
        " to 1.50% of the cases by variation; p < 0.0001."
    )


def test_outcomes_of_sessions_belong_to_their_visitors(health_project: CompiledProject) -> None:
    """No session has a visitor's id; all that is amiss is that nobody does anything on a day."""
    found = statuses(health(health_project, only(ward(), "sessions")), "sessions")
    assert {name: status for name, status in found.items() if status != "ok"} == {
        "event_gaps": "warn"
    }


def test_a_clock_that_is_ahead_is_found_and_not_believed(health_project: CompiledProject) -> None:
    """Events of next year that are here already warn; now is when they were processed."""
    world = ward()
    decisions = tuple(row for row in world.decisions if row.experiment_id == "healthy")
    healthy = {row.visitor_id for row in decisions}
    events = [row for row in world.events if row.visitor_id in healthy]
    ahead = [
        replace(row, uuid=f"{row.uuid} ahead", timestamp=row.timestamp + 365 * DAY)
        for row in events[::10]
    ]
    rows = health(
        health_project, replace(world, decisions=decisions, events=(*events, *ahead), calls=())
    )
    found = statuses(rows, "healthy")
    assert {name: status for name, status in found.items() if status != "ok"} == {
        "future_rows": "warn"
    }
    message = next(row["message"] for row in rows if row["check_name"] == "future_rows")
    assert "40 of 440 events" in message


def test_rows_far_in_the_future_warn_and_move_nothing(health_project: CompiledProject) -> None:
    """A decision, an event and a call of 2031, whose clocks were wrong throughout."""
    world = ward()
    decisions = tuple(row for row in world.decisions if row.experiment_id == "healthy")
    healthy = {row.visitor_id for row in decisions}
    events = tuple(row for row in world.events if row.visitor_id in healthy)
    later = T0 + 4000 * DAY
    moved = {"timestamp": later, "process_timestamp": later + 1000, "uuid": "stray"}
    strays = replace(
        world,
        decisions=(*decisions, replace(decisions[0], **moved)),
        events=(*events, replace(events[0], **moved)),
        calls=(replace(world.calls[0], call_start=call_start(later, is_padded=True)),),
    )
    rows = health(health_project, strays)
    found = statuses(rows, "healthy")
    assert {name: status for name, status in found.items() if status != "ok"} == {
        "future_rows": "warn"
    }
    message = next(row["message"] for row in rows if row["check_name"] == "future_rows")
    assert "all others: 1 exposures, 2 events and calls. Clocks" in message


def test_an_experiment_that_exposed_nobody_has_every_check(health_project: CompiledProject) -> None:
    """It fails where nothing can be compared; numbers are of delivered rows and metrics alone."""
    world = ward()
    held_back = tuple(
        replace(row, is_holdback=True)
        for row in world.decisions
        if row.experiment_id == "healthy" and row.visitor_id is not None
    )
    rows = health(health_project, World(decisions=held_back, settings=world.settings))
    found = statuses(rows, "healthy")
    assert len(found) == len(listed())
    assert {name for name, status in found.items() if status == "fail"} == {
        "variation_count",
        "reference_variation",
    }
    counted = {name for name in listed() if "balance" in name} | {"unusable_exposures"}
    # What is watched is known before anybody comes.
    counted.add("missing_guardrail")
    assert all(row["value"] is None or row["check_name"] in counted for row in rows)


def test_what_the_data_names_stays_data(health_project: CompiledProject) -> None:
    """Quotes, braces and control characters in names change no message's shape."""
    world = ward()
    renamed = replace(
        world,
        decisions=tuple(row for row in world.decisions if row.experiment_id == "healthy"),
        named_variations=tuple(
            replace(row, variation_name=f"{{{{ {row.variation_name} }}}} 'x'\x1b[2J\n{{p}}")
            for row in world.named_variations
            if row.experiment_id == "healthy"
        ),
    )
    message = next(
        row["message"]
        for row in health(health_project, renamed)
        if row["check_name"] == "sample_ratio"
    )
    assert "{{ a }} 'x'?[2J?{p} 200 (200.0)" in message
    assert message.isprintable()
