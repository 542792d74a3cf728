"""Changes of the golden world, and what came of them beside it."""

from dataclasses import replace

from faults.golden import EXPERIMENTS, golden_world
from faults.lab import Lab, Rows, Seen
from oracle.raw import Decision, Event, World

FIRST, OTHER = EXPERIMENTS
REVENUE = "Electronics revenue per visitor"


def with_decisions(*more: Decision) -> World:
    """Give the golden world with more decisions."""
    world = golden_world()
    return replace(world, decisions=(*world.decisions, *more))


def with_events(*more: Event) -> World:
    """Give the golden world with more events."""
    world = golden_world()
    return replace(world, events=(*world.events, *more))


def exposing(uuid: str, visitor: str | None, **columns: object) -> Decision:
    """Expose somebody to b of the first experiment, at the time of its first unit."""
    first = golden_world().decisions[0]
    given = {"variation_id": "b", **columns}
    return replace(first, uuid=uuid, visitor_id=visitor, **given)


def assert_unaffected(lab: Lab, seen: Seen, *experiments: str) -> None:
    """Check that units, metrics, results and health of these experiments are the golden ones."""
    for experiment in experiments:
        assert seen.numbers(experiment) == lab.golden.numbers(experiment)
        assert seen.verdicts(experiment) == lab.golden.verdicts(experiment)


def left_out(lab: Lab, seen: Seen, source: str) -> dict[str, int]:
    """Count the rows of a source that are left out and were not in the golden world."""
    golden = lab.golden.reasons(source)
    return {
        reason: count - golden.get(reason, 0)
        for reason, count in seen.reasons(source).items()
        if count != golden.get(reason)
    }


def ailments(lab: Lab, seen: Seen, experiment: str = FIRST) -> dict[str, str]:
    """Give the health checks that are not as they are in the golden world."""
    golden = lab.golden.health(experiment)
    found = seen.health(experiment)
    return {name: status for name, status in found.items() if golden.get(name) != status}


def unit_ids(seen: Seen) -> set[object]:
    """Name the units of the first experiment."""
    return {row["unit_id"] for row in seen.of("experiment_units", FIRST)}


def sums(seen: Seen, metric: str) -> dict[object, object]:
    """Give the sum of a metric by variation of the first experiment."""
    rows: Rows = seen.of("variation_metrics", FIRST, metric_name=metric)
    return {row["variation_id"]: row["observation_sum"] for row in rows}
