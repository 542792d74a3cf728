"""The public tables of a world."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oracle.exposure import Unit, unit_key
from oracle.metric_tables import (
    NOT_SET,
    fct_metric_observations,
    observe_all,
    summaries,
    summaries_by_segment,
    variation_moments,
    with_caps,
)
from oracle.metrics import Metric
from oracle.pipeline import run_pipeline
from oracle.raw import Event, Key, NamedVariation, Table, World, grouped
from oracle.shop import SHOP_METRICS
from oracle.staging import StagedCall

SOURCES = ("decisions", "events", "calls")


@dataclass(frozen=True)
class Expected:
    """The public tables, each from its key to its other columns; the key is named beside it.

    Calls have no id that could be foretold: identical ones are numbered.
    """

    experiment_units: Table  # experiment_id, unit_id
    experiment_unit_attributes: Table  # experiment_id, unit_id, attribute_name
    unit_events: Table  # experiment_id, unit_id, event_id
    unit_calls: Table  # experiment_id, unit_id, occurred_at, call_duration_min, number
    experiment_events: Table  # experiment_id, unit_id, event_id
    experiment_calls: Table  # experiment_id, unit_id, occurred_at, call_duration_min, number
    fct_metric_observations: Table  # experiment_id, metric_name, unit_id
    variation_moments: Table  # experiment_id, metric_name, variation_id, is_capped
    variation_metrics: Table  # experiment_id, metric_name, variation_id
    variation_metrics_by_segment: Table  # … variation_id, segment_name, segment_value
    variation_event_counts: Table  # experiment_id, variation_id, event_name
    excluded_rows: Table  # source_name, reason
    source_row_counts: Table  # source_name


class Names:
    """Names from the seed; the id where it has none."""

    def __init__(self, named: Iterable[NamedVariation]) -> None:
        """Read the seed's rows."""
        named = list(named)
        self._experiments = {row.experiment_id: row.experiment_name for row in named}
        self._variations = {
            (row.experiment_id, row.variation_id): row.variation_name for row in named
        }

    def of(self, experiment_id: str, variation_id: str) -> dict[str, object]:
        """Name an experiment and one of its variations (variation ids may be shared)."""
        return {
            "experiment_name": self._experiments.get(experiment_id, experiment_id),
            "variation_name": self._variations.get((experiment_id, variation_id), variation_id),
        }


def experiment_units(units: list[Unit], names: Names) -> Table:
    """One row per exposed unit of an experiment."""
    return {
        unit_key(unit): {
            **names.of(unit.experiment_id, unit.variation_id),
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "window_ends_at": unit.window_ends_at,
            "is_crossover": unit.is_crossover,
            "exposure_id": unit.exposure_id,
        }
        for unit in units
    }


def experiment_unit_attributes(units: list[Unit]) -> Table:
    """One row per unit and attribute."""
    return {
        (*unit_key(unit), name): {"attribute_value": value}
        for unit in units
        for name, value in unit.attributes.items()
    }


def event_table(pairs: list[tuple[Unit, Event]]) -> Table:
    """One row per unit and event."""
    return {
        (*unit_key(unit), event.uuid.lower()): {
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "occurred_at": event.timestamp,
            "event_name": event.event_name,
            "entity_id": event.entity_id,
            "event_type": event.event_type,
            "revenue": event.revenue,
            "value": event.value,
            "quantity": event.quantity,
            "is_in_window": unit.has_in_window(event.timestamp),
        }
        for unit, event in pairs
    }


def call_table(pairs: list[tuple[Unit, StagedCall]]) -> Table:
    """One row per unit and call; identical calls are told apart by their number."""
    table: Table = {}
    seen: Counter[Key] = Counter()
    for unit, call in pairs:
        key = (*unit_key(unit), call.timestamp, call.duration)
        seen[key] += 1
        table[(*key, seen[key])] = {
            "variation_id": unit.variation_id,
            "exposed_at": unit.exposed_at,
            "is_in_window": unit.has_in_window(call.timestamp),
        }
    return table


def with_names(table: Table, names: Names) -> Table:
    """Name experiment and variation in a table that both are in the key of."""
    return {key: {**names.of(key[0], key[2]), **row} for key, row in table.items()}


def variation_event_counts(pairs: list[tuple[Unit, Event]], names: Names) -> Table:
    """One row per experiment, variation and event name that occurred inside a window."""
    groups = grouped(
        pairs,
        lambda pair: (
            pair[0].experiment_id,
            pair[0].variation_id,
            NOT_SET if pair[1].event_name is None else pair[1].event_name,
        ),
    )
    return {
        key: {
            **names.of(key[0], key[1]),
            "event_count": len(members),
            "unit_count": len({unit.unit_id for unit, _ in members}),
        }
        for key, members in groups.items()
    }


def excluded_rows(excluded: Mapping[str, Counter[str]]) -> Table:
    """One row per source and reason that left a row out."""
    return {
        (source, reason): {"row_count": row_count}
        for source, reasons in excluded.items()
        for reason, row_count in reasons.items()
        if row_count > 0
    }


def source_row_counts(
    raw: Mapping[str, int], used: Mapping[str, int], excluded: Mapping[str, Counter[str]]
) -> Table:
    """One row per source: every raw row is used or left out."""
    return {
        (source,): {
            "raw_row_count": raw[source],
            "used_row_count": used[source],
            "excluded_row_count": excluded[source].total(),
        }
        for source in SOURCES
    }


def evaluate(world: World, metrics: Iterable[Metric] = SHOP_METRICS) -> Expected:
    """Run the whole pipeline on a world."""
    metrics = list(metrics)
    pipeline = run_pipeline(world)
    names = Names(pipeline.world.named_variations)
    units, unit_events, unit_calls = pipeline.units, pipeline.unit_events, pipeline.unit_calls
    observed = with_caps(observe_all(pipeline.exposed_units(), metrics))
    excluded = {
        "decisions": pipeline.decisions.excluded + pipeline.exposed.excluded,
        "events": pipeline.events.excluded + unit_events.excluded,
        "calls": pipeline.calls.excluded + unit_calls.excluded,
    }
    raw = {source: len(getattr(world, source)) for source in SOURCES}
    used = {
        "decisions": len(units),
        "events": unit_events.used_row_count,
        "calls": unit_calls.used_row_count,
    }
    return Expected(
        experiment_units=experiment_units(units, names),
        experiment_unit_attributes=experiment_unit_attributes(units),
        unit_events=event_table(unit_events.of_units),
        unit_calls=call_table(unit_calls.of_units),
        experiment_events=event_table(unit_events.in_window),
        experiment_calls=call_table(unit_calls.in_window),
        fct_metric_observations=fct_metric_observations(observed),
        variation_moments=variation_moments(observed),
        variation_metrics=with_names(summaries(observed, pipeline.variations(), metrics), names),
        variation_metrics_by_segment=with_names(
            summaries_by_segment(observed, units, world.settings), names
        ),
        variation_event_counts=variation_event_counts(unit_events.in_window, names),
        excluded_rows=excluded_rows(excluded),
        source_row_counts=source_row_counts(raw, used, excluded),
    )
