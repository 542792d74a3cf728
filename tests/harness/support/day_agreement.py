"""Comparing the metrics by day with the oracle, which measures every day anew."""

from collections.abc import Iterable

from agreement import differences
from oracle.days import by_date, by_days_since_exposure, summarised
from oracle.metrics import Metric
from oracle.pipeline import Pipeline
from oracle.raw import Table


def day_differences(
    pipeline: Pipeline, metrics: Iterable[Metric], actual: dict[str, Table]
) -> list[str]:
    """Say where the tables by day differ from what the oracle expects of every day until now.

    metrics: one of them is a share of days, or days end with the last change.
    """
    metrics = list(metrics)
    snapshots = {
        "variation_metrics_by_day": by_date(pipeline, metrics),
        "variation_metrics_by_exposure_day": by_days_since_exposure(pipeline, metrics),
    }
    expected = {name: summarised(days, pipeline, metrics) for name, days in snapshots.items()}
    return differences(expected, actual)
