"""Comparing the metrics by day with the oracle, which measures every day anew.

The models add up what each day changed, as deviations from the mean in the end. Sums of differences
lose a little: a number may be off by 1e-9 of itself, or by what 1e-9 of the largest observation
that any unit has on any day makes of it. Beside 1000, 1e-13 is 0.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from oracle.days import Snapshot, by_date, by_days_since_exposure, summarised
from oracle.metrics import Metric
from oracle.pipeline import Pipeline
from oracle.raw import Key, Table

TOLERANCE = 1e-9
BY_DATE = "variation_metrics_by_day"
BY_DAYS_SINCE_EXPOSURE = "variation_metrics_by_exposure_day"
Row = dict[str, object]


class Scale(NamedTuple):
    """How large a metric's observations and denominators are, and how many units there are."""

    numerator: float = 0.0
    denominator: float = 0.0
    unit_count: int = 0

    def floor(self, column: str, row: Row) -> float:
        """Give the size of which a column loses a little, whatever its own."""
        if column == "observation_sum":
            return self.unit_count * self.numerator
        if column == "denominator_sum":
            return self.unit_count * self.denominator
        size = self.numerator
        if row["denominator_sum"] and row["metric_value"] is not None:
            mean = abs(row["denominator_sum"]) / row["unit_count"]
            size = (self.numerator + abs(row["metric_value"]) * self.denominator) / mean
        return size**2 if column == "variance" else size


def scales_of(snapshots: Iterable[Snapshot]) -> dict[Key, Scale]:
    """Give the scale of each experiment's metrics, over all days."""
    found: dict[Key, Scale] = defaultdict(Scale)
    for experiment_id, _, observed in snapshots:
        unit_count = len({row.unit.unit_id for row in observed})
        for row in observed:
            scale = found[experiment_id, row.metric_name]
            found[experiment_id, row.metric_name] = Scale(
                max(scale.numerator, abs(float(row.observation.observation or 0))),
                max(scale.denominator, abs(float(row.observation.denominator or 0))),
                max(scale.unit_count, unit_count),
            )
    return found


def is_close(column: str, expected: Row, actual: Row, scale: Scale) -> bool:
    """Compare a column to nine digits, of itself or of the scale of the data."""
    one, other = expected[column], actual[column]
    if one is None or other is None or column == "unit_count":
        return one == other
    floor = TOLERANCE * scale.floor(column, expected)
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=floor)


def value_differences(name: str, expected: Table, actual: Table, scales: dict) -> list[str]:
    """Say where the rows that are there differ."""
    found = [f"{name}{list(key)} is too many" for key in actual.keys() - expected.keys()]
    for key in actual.keys() & expected.keys():
        found += [
            f"{name}{list(key)}.{column} is {value!r}, not {expected[key][column]!r}"
            for column, value in actual[key].items()
            if not is_close(column, expected[key], actual[key], scales[key[0], key[1]])
        ]
    return found


def gaps(name: str, expected: Table, actual: Table, endless: set[str]) -> list[str]:
    """Say which rows are missing: there is each day up to the last, the same for all metrics.

    endless: the metrics that change every day, and so have every day.
    """
    last_days = {}
    for experiment_id, metric_name, _, day in actual:
        if metric_name not in endless:
            last_days[experiment_id] = max(day, last_days.get(experiment_id, day))
    return [
        f"{name}{list(key)} is missing"
        for key in expected.keys() - actual.keys()
        if key[1] in endless or key[0] not in last_days or key[3] <= last_days[key[0]]
    ]


def changes_after_the_end(name: str, expected: Table, actual: Table) -> list[str]:
    """Say which rows are missing that would not have repeated the last that is there."""
    last_days = {}
    for *group, day in actual:
        last_days[*group] = max(day, last_days.get((*group,), day))
    return [
        f"{name}{list(key)} is missing, and other than on {last_days[key[:3]]}"
        for key in expected.keys() - actual.keys()
        if key[:3] in last_days and expected[key] != expected[*key[:3], last_days[key[:3]]]
    ]


def day_differences(
    pipeline: Pipeline, metrics: Iterable[Metric], actual: dict[str, Table]
) -> list[str]:
    """Say where the tables by day differ from what the oracle expects."""
    metrics = list(metrics)
    endless = {metric.name for metric in metrics if metric.rollup == "daily"}
    dates = list(by_date(pipeline, metrics))
    days = list(by_days_since_exposure(pipeline, metrics))
    scales = scales_of([*dates, *days])
    found = []
    for name, snapshots in ((BY_DATE, dates), (BY_DAYS_SINCE_EXPOSURE, days)):
        expected = summarised(snapshots, pipeline, metrics)
        found += value_differences(name, expected, actual[name], scales)
        found += gaps(name, expected, actual[name], endless)
        if name == BY_DATE:
            found += changes_after_the_end(name, expected, actual[name])
    return sorted(found)
