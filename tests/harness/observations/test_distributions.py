"""The bins of a metric's distribution hold every unit once, whatever the values."""

import math
import random
from collections import Counter

import pandas as pd
import pytest
from engine.compile import Chain
from engine.run import run_models
from engine.warehouse import Rows, Warehouse
from statistics_models import StatisticsModels, results

TABLES = {
    "observed_values": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, observed_value double,"
        " is_default boolean, unit_count bigint"
    ),
    "dim_variations": (
        "experiment_id varchar, experiment_name varchar, variation_id varchar,"
        " variation_name varchar"
    ),
}
SCALES = [1e-300, 1e-20, 1e-3, 1, 1, 1e3, 1e15, 1e100, 1e299]
OFFSETS = [0, 0, 0, 1, 1e6, 1e15, -1e15]
METRICS = 120
MOST_BINS = 20
Unit = tuple[str, float | None]


def drawn_values(draw: random.Random) -> list[Unit]:
    """Draw what the units of two variations have: few values or many, tiny or giant, or none."""
    scale, offset = draw.choice(SCALES), draw.choice(OFFSETS)
    shape = draw.choice(
        [
            draw.random,
            lambda: draw.gauss(0, 1),
            lambda: math.floor(draw.expovariate(0.2)),
            lambda: draw.lognormvariate(0, 3),
            lambda: draw.choice([0.1, 0.2, 0.3]) * draw.randint(1, 30),
        ]
    )
    return [
        (draw.choice("ab"), draw.choice([0.0, 0.0, None] + [shape() * scale + offset] * 7))
        for _ in range(draw.choice([1, 15, 36, 39, 150, 1200]))
    ]


@pytest.fixture(scope="module")
def units() -> dict[str, list[Unit]]:
    """Draw the values of every metric; those of the even ones have the default 0."""
    draw = random.Random(20201012)  # noqa: S311 - not for secrets
    return {f"m{number}": drawn_values(draw) for number in range(METRICS)}


def default_of(metric: str) -> float | None:
    """Give the default of a metric, if it has one."""
    return None if int(metric[1:]) % 2 else 0.0


@pytest.fixture(scope="module")
def distributions(
    statistics_models: StatisticsModels, units: dict[str, list[Unit]]
) -> dict[str, Rows]:
    """Give the rows of each metric, by the project's SQL."""
    rows = [
        {
            "experiment_id": "e",
            "metric_name": metric,
            "variation_id": variation,
            "observed_value": value,
            "is_default": value is not None and value == default_of(metric),
            "unit_count": count,
        }
        for metric, drawn in units.items()
        for (variation, value), count in Counter(drawn).items()
    ]
    with Warehouse() as database:
        database.create_tables(TABLES)
        database.insert_frame("observed_values", pd.DataFrame(rows, dtype=object))
        database.insert(
            "dim_variations", [{"experiment_id": "e", "variation_id": name} for name in "ab"]
        )
        chain = Chain(("variation_metric_distributions",), frozenset(TABLES))
        run_models(database, statistics_models.project.compiled(chain))
        found: dict[str, Rows] = {metric: [] for metric in units}
        for row in results(database, "variation_metric_distributions"):
            found[row["metric_name"]].append(row)
    return found


def holds(row: dict, value: float | None, default: float | None) -> bool:
    """Tell whether a bin is that of a value, by what docs/metrics.md says of it."""
    low, high = row["lower_bound"], row["upper_bound"]
    if value is None or row["bin_kind"] == "undefined":
        return value is None and row["bin_kind"] == "undefined"
    if value == default or row["bin_kind"] == "default":
        return value == default and row["bin_kind"] == "default"
    if row["bin_kind"] == "value":
        return value == low == high
    return (low is None or value >= low) and (high is None or value < high)


def test_every_unit_is_in_the_bin_that_holds_its_value(
    distributions: dict[str, Rows], units: dict[str, list[Unit]]
) -> None:
    """In one and no other; the counts are those of a plain reading, in every variation."""
    for metric, drawn in units.items():
        for variation in "ab":
            bins = [row for row in distributions[metric] if row["variation_id"] == variation]
            own = Counter(value for name, value in drawn if name == variation)
            found = {
                value: [row["bin_number"] for row in bins if holds(row, value, default_of(metric))]
                for value in own
            }
            assert {len(numbers) for numbers in found.values()} <= {1}, metric
            counts = Counter({row["bin_number"]: 0 for row in bins})
            for value, count in own.items():
                counts[found[value][0]] += count
            assert counts == {row["bin_number"]: row["unit_count"] for row in bins}, metric


def test_bins_are_few_and_the_same_for_all(distributions: dict[str, Rows]) -> None:
    """One range begins where the one before ends, and nothing is as fine as the values."""
    kinds = Counter()
    for metric, rows in distributions.items():
        bins = {
            variation: [
                (row["bin_number"], row["bin_kind"], row["lower_bound"], row["upper_bound"])
                for row in sorted(rows, key=lambda row: row["bin_number"])
                if row["variation_id"] == variation
            ]
            for variation in "ab"
        }
        assert bins["a"] == bins["b"], metric
        assert len(bins["a"]) <= MOST_BINS, metric
        ranges = [(low, high) for _, kind, low, high in bins["a"] if kind == "range"]
        assert [high for _, high in ranges[:-1]] == [low for low, _ in ranges[1:]], metric
        kinds.update(kind for _, kind, *_ in bins["a"])
    assert min(kinds[kind] for kind in ("default", "value", "range", "undefined")) >= 10
