"""The metrics as of the end of each day, by measuring everything anew for every day.

The units are those that the whole data know: what left a unit out later leaves it out from the
start. Of a quantile there is the number of units alone, and there are no caps.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from oracle.metric_tables import Observed, names_of, observe_all, summaries
from oracle.metrics import Metric
from oracle.observing import Exposed, utc_date
from oracle.pipeline import Pipeline
from oracle.raw import DAY, Millis, Table, grouped

ONE_DAY = timedelta(days=1)


class Snapshot(NamedTuple):
    """What was observed in an experiment by a day: a date, or a number of days since exposure."""

    experiment_id: str
    day: date | int
    observed: list[Observed]


def end_of_date(day: date) -> Millis:
    """Name the last millisecond of a UTC date."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(midnight.timestamp()) * 1000 + DAY - 1


def at_end_of(day: date, exposed: Exposed) -> Exposed:
    """Give what is known of a unit at the end of a date; of the last date, by now."""
    return exposed.as_it_was(min(end_of_date(day), exposed.as_of))


def by_date(pipeline: Pipeline, metrics: Iterable[Metric]) -> Iterator[Snapshot]:
    """Observe the units that are exposed by each date, from the first exposure on."""
    experiments = grouped(pipeline.exposed_units(), lambda each: each.unit.experiment_id)
    for experiment_id, units in experiments.items():
        day = min(utc_date(each.unit.exposed_at) for each in units)
        while day <= utc_date(pipeline.now):
            then = [each for each in units if utc_date(each.unit.exposed_at) <= day]
            observed = observe_all([at_end_of(day, each) for each in then], metrics)
            yield Snapshot(experiment_id, day, observed)
            day += ONE_DAY


def by_days_since_exposure(pipeline: Pipeline, metrics: Iterable[Metric]) -> Iterator[Snapshot]:
    """Observe each unit so many days after its own date of exposure, if it has seen that day."""
    experiments = grouped(pipeline.exposed_units(), lambda each: each.unit.experiment_id)
    for experiment_id, units in experiments.items():
        number = 0
        while True:
            days = [(each, utc_date(each.unit.exposed_at) + number * ONE_DAY) for each in units]
            then = [at_end_of(day, each) for each, day in days if day <= utc_date(pipeline.now)]
            if not then:
                break
            yield Snapshot(experiment_id, number, observe_all(then, metrics))
            number += 1


def summarised(
    snapshots: Iterable[Snapshot], pipeline: Pipeline, metrics: Iterable[Metric]
) -> Table:
    """One row per experiment, metric, variation and day: `variation_metrics` as of then."""
    metrics = list(metrics)
    quantiles = {name for name, metric in names_of(metrics).items() if metric.is_quantile}
    table: Table = {}
    for experiment_id, day, observed in snapshots:
        variations = [pair for pair in pipeline.variations() if pair[0] == experiment_id]
        for key, row in summaries(observed, variations, metrics).items():
            unvalued = {**dict.fromkeys(row), "unit_count": row["unit_count"]}
            table[*key, day] = unvalued if key[1] in quantiles else row
    return table
