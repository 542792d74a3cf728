"""The tables that metrics make: observations, and summaries of variations and of segments."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from oracle.exposure import Unit
from oracle.metrics import Metric, parts_of
from oracle.observing import Exposed, Observation, observe
from oracle.raw import Key, Settings, Table, grouped
from oracle.staging import is_missing
from oracle.summaries import bounds_of, capped, moments, rounded, summary

NOT_SET = "(not set)"
OTHER = "(other)"


class Observed(NamedTuple):
    """One unit's observation of one metric, as it is and, if the metric has a cap, capped."""

    unit: Unit
    metric: Metric
    metric_name: str
    observation: Observation
    capped: Observation | None = None

    @property
    def group(self) -> Key:
        """Key of `variation_metrics`."""
        return (self.unit.experiment_id, self.metric_name, self.unit.variation_id)


def observe_all(exposed: Iterable[Exposed], metrics: Iterable[Metric]) -> list[Observed]:
    """Observe every metric on every unit, whether it did anything or not; without caps."""
    metrics = list(metrics)
    return [
        Observed(each.unit, metric, name, observation)
        for each in exposed
        for metric in metrics
        for name, observation in observe(metric, each).items()
    ]


def with_caps(observed: Iterable[Observed]) -> list[Observed]:
    """Add the capped observations; the bounds are of an experiment, all variations together."""
    found: list[Observed] = []
    groups = grouped(observed, lambda row: (row.unit.experiment_id, row.metric_name))
    for rows in groups.values():
        metric = rows[0].metric
        if not metric.has_cap:
            found += rows
            continue
        observations = [row.observation for row in rows]
        bounds, below = (
            bounds_of(metric.cap_of(measure), observations, measure)
            for measure in ("observation", "denominator")
        )
        found += [row._replace(capped=capped(row.observation, bounds, below)) for row in rows]
    return found


def names_of(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Name the metrics that definitions make."""
    found = {}
    for metric in metrics:
        for part in parts_of(metric):
            if part.type != "funnel":
                found[part.name] = metric
                continue
            for number, step in enumerate(part.steps):
                found[f"{part.name}: {step.name}"] = metric
                if number > 0:
                    before = part.steps[number - 1]
                    found[f"{part.name}: {before.name} to {step.name}"] = metric
    return found


def fct_metric_observations(observed: Iterable[Observed]) -> Table:
    """One row per unit and metric."""
    return {
        (row.unit.experiment_id, row.metric_name, row.unit.unit_id): {
            "variation_id": row.unit.variation_id,
            "exposed_at": row.unit.exposed_at,
            "observation": rounded(row.observation.observation),
            "denominator": rounded(row.observation.denominator),
            "capped_observation": rounded(row.capped.observation) if row.capped else None,
            "covariate": rounded(row.observation.covariate),
            "covariate_denominator": rounded(row.observation.covariate_denominator),
            "capped_covariate": rounded(row.capped.covariate) if row.capped else None,
            "capped_denominator": rounded(row.capped.denominator) if row.capped else None,
            "capped_covariate_denominator": (
                rounded(row.capped.covariate_denominator) if row.capped else None
            ),
            "is_mature": row.observation.is_mature,
        }
        for row in observed
    }


def summaries(
    observed: Iterable[Observed], variations: Iterable[tuple[str, str]], metrics: Iterable[Metric]
) -> Table:
    """One row per experiment, metric and variation, whether it has units or not."""
    groups = grouped(observed, lambda row: row.group)
    metrics_by_name = names_of(metrics)
    return {
        (experiment_id, name, variation_id): summary(
            metric,
            [row.observation for row in groups.get((experiment_id, name, variation_id), [])],
        )
        for experiment_id, variation_id in variations
        for name, metric in metrics_by_name.items()
    }


def variation_moments(observed: Iterable[Observed]) -> Table:
    """One row per experiment, metric, variation that has units, and whether it is capped."""
    table: Table = {}
    for group, rows in grouped(observed, lambda row: row.group).items():
        if rows[0].metric.is_quantile:
            continue
        table[*group, False] = moments([row.observation for row in rows])
        if rows[0].capped is not None:
            table[*group, True] = moments([row.capped for row in rows])
    return table


# --- segments -----------------------------------------------------------------------------------


def value_of_segment(unit: Unit, segment: str) -> str:
    """Give a unit's value of an attribute, or of several that are crossed."""
    values = [unit.attributes.get(name.strip()) for name in segment.split("*")]
    return " * ".join(NOT_SET if is_missing(value) else value for value in values)


def frequent_values(units: Iterable[Unit], segment: str, limit: int) -> dict[str, set[str]]:
    """Give each experiment's most frequent values; of two as frequent the smaller goes first."""
    found = {}
    for experiment_id, members in grouped(units, lambda unit: unit.experiment_id).items():
        counts = Counter(value_of_segment(unit, segment) for unit in members)
        ordered = sorted(counts, key=lambda value: (-counts[value], value))
        found[experiment_id] = set(ordered[:limit])
    return found


def summaries_by_segment(
    observed: Iterable[Observed], units: Iterable[Unit], settings: Settings
) -> Table:
    """One row per experiment, metric, variation and segment value that has units."""
    table: Table = {}
    observed = list(observed)
    for segment in settings.segments:
        frequent = frequent_values(units, segment, settings.segment_value_limit)

        def value_of(unit: Unit, name: str = segment, kept: dict = frequent) -> str:
            value = value_of_segment(unit, name)
            return value if value in kept[unit.experiment_id] else OTHER

        groups = grouped(observed, lambda row, of=value_of: (*row.group, of(row.unit)))
        for (*group, value), rows in groups.items():
            table[*group, segment, value] = summary(
                rows[0].metric, [row.observation for row in rows]
            )
    return table
