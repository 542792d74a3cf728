"""The pipeline up to the rows of each unit, run on a world."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from oracle.exposure import Attribution, Unit, as_of, attribute, expose_all, unit_key
from oracle.observing import Exposed
from oracle.raw import Decision, Millis, NamedVariation, World, grouped
from oracle.staging import Split, stage_calls, stage_decisions, stage_events


class Pipeline(NamedTuple):
    """What became of a world's rows."""

    world: World
    now: Millis
    decisions: Split
    events: Split
    calls: Split
    exposed: Split
    unit_events: Attribution
    unit_calls: Attribution

    @property
    def units(self) -> list[Unit]:
        """The exposed units of all experiments."""
        return self.exposed.kept

    def variations(self) -> set[tuple[str, str]]:
        """Name the variations of experiments: by the experiment's id and their own."""
        return known_variations(self.decisions.kept, self.exposed.kept, self.world.named_variations)

    def exposed_units(self) -> list[Exposed]:
        """Give each unit with its rows of each source."""
        rows_of = {
            source: grouped(attribution.of_units, lambda pair: unit_key(pair[0]))
            for source, attribution in (("events", self.unit_events), ("calls", self.unit_calls))
        }
        return [
            Exposed(
                unit,
                {
                    source: [row for _, row in of_unit.get(unit_key(unit), [])]
                    for source, of_unit in rows_of.items()
                },
                self.now,
            )
            for unit in self.units
        ]


def known_variations(
    decisions: list[Decision], units: list[Unit], named: Iterable[NamedVariation]
) -> set[tuple[str, str]]:
    """Name the variations that have units, and those of decided experiments in the seed."""
    decided = {decision.experiment_id for decision in decisions}
    seen = {(unit.experiment_id, unit.variation_id) for unit in units}
    return seen | {
        (row.experiment_id, row.variation_id) for row in named if row.experiment_id in decided
    }


def with_pools(world: World) -> World:
    """Write the name of a pool wherever a world names one of its variations."""
    pool_of = {member: name for name, members in world.settings.pools for member in members}
    decisions = [
        replace(row, variation_id=pool_of.get(row.variation_id, row.variation_id))
        for row in world.decisions
    ]
    named = [
        replace(row, variation_id=pool, variation_name=pool) if pool else row
        for row in world.named_variations
        for pool in [pool_of.get(row.variation_id)]
    ]
    by_key = {(row.experiment_id, row.variation_id): row for row in named}
    return replace(world, decisions=tuple(decisions), named_variations=tuple(by_key.values()))


def with_trimmed_settings(world: World, decisions: list[Decision]) -> World:
    """Take white space around cells of the settings for a slip, unless an id in the data has it."""

    def known(text: str, ids: set[str]) -> str:
        return text if text in ids else text.strip()

    experiments = {row.experiment_id for row in decisions}
    variations = {(row.experiment_id, row.variation_id) for row in decisions}
    visitors = {row.visitor_id for row in decisions}
    lines = grouped(
        (
            (experiment_id, row.variation_id if is_exact else row.variation_id.strip(), row)
            for row in world.named_variations
            for experiment_id in [known(row.experiment_id, experiments)]
            for is_exact in [(experiment_id, row.variation_id) in variations]
        ),
        lambda line: line[:2],
    )
    # Lines that mean one variation are one line; so are the names of one experiment.
    names = grouped((line for key in lines for line in lines[key]), lambda line: line[0])
    return replace(
        world,
        named_variations=tuple(
            NamedVariation(
                experiment_id,
                min(row.experiment_name.strip() for *_, row in names[experiment_id]),
                variation_id,
                min(row.variation_name.strip() for *_, row in same),
                is_reference=any(row.is_reference for *_, row in same),
                traffic_share=same[0][2].traffic_share,
            )
            for (experiment_id, variation_id), same in lines.items()
        ),
        excluded_visitors=tuple(known(name, visitors) for name in world.excluded_visitors),
        session_experiments=tuple(known(name, experiments) for name in world.session_experiments),
    )


def run_pipeline(world: World) -> Pipeline:
    """Stage, expose and attribute the rows of a world."""
    world = with_pools(world)
    decisions, events, calls = stage_decisions(world), stage_events(world), stage_calls(world)
    world = with_trimmed_settings(world, decisions.kept)
    now = as_of(world, decisions.kept, events.kept, calls.kept)
    exposed = expose_all(decisions.kept, world, now)
    return Pipeline(
        world,
        now,
        decisions,
        events,
        calls,
        exposed,
        attribute(events.kept, exposed.kept, world, now),
        attribute(calls.kept, exposed.kept, world, now),
    )
