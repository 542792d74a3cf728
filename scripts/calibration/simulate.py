"""Simulated experiments, as the tables that the models read, and what the models made of them."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from engine.compile import Model
from engine.run import run_models
from engine.warehouse import Warehouse

from calibration.chain import INPUTS, STEPS
from calibration.populations import LIFT, POPULATIONS, Columns, Population, Shares

SEED = 20200914
ROWS_PER_CHUNK = 600_000
EVENTS_PER_UNIT = 3
# Of each variation.
FIRST_DAY_UNITS = 20
# The first is the reference; the second is no different; the third has the lift.
VARIATIONS = ("control", "same", "lifted")
FACTORS = np.array([1, 1, 1 + LIFT])
BEGIN = pd.Timestamp("2020-09-01 12:00:00")
FLAGS = (
    "is_guardrail",
    "is_ratio",
    "has_cap",
    "is_cap_of_non_zero",
    "is_denominator_cap_of_non_zero",
    "has_covariate",
    "is_quantile",
    "is_event_quantile",
    "is_mature_only",
    "can_mature",
    "has_experiment_window",
    "is_per_exposed_day",
    "drops_zero_denominator",
)
Tables = dict[str, list[pa.Table]]
ODDS = {"even": (1 / 3, 1 / 3, 1 / 3), "uneven": (9 / 11, 1 / 11, 1 / 11)}


@dataclass(frozen=True)
class Plan:
    """A simulation: how many experiments of how many units of which population."""

    population: str
    experiments: int
    units: int
    shares: Shares = ODDS["even"]
    metrics: int = 1
    days: int = 1
    is_few: bool = False
    """Too few units for the delta method: what is made by it is measured, and not judged."""

    def chunks(self) -> Iterator[tuple[np.random.Generator, int]]:
        """Give a generator of random numbers and a number of experiments, chunk by chunk."""
        events = EVENTS_PER_UNIT if POPULATIONS[self.population].is_event else 1
        size = max(1, ROWS_PER_CHUNK // (self.units * self.metrics * events))
        name = zlib.crc32(repr((self.population, self.units, self.shares, self.days)).encode())
        for number, start in enumerate(range(0, self.experiments, size)):
            random = np.random.default_rng([SEED, name, number])
            yield random, min(size, self.experiments - start)


def labels(codes: np.ndarray, names: Sequence[str]) -> pa.Array:
    """Give names by their codes, without writing each of them out."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names))


def metric_names(count: int) -> list[str]:
    """Name the metrics of an experiment."""
    return [f"metric {number}" for number in range(count)]


def experiment_names(count: int) -> list[str]:
    """Name the experiments of a chunk."""
    return [f"e{number}" for number in range(count)]


def draw_variations(random: np.random.Generator, count: int, shares: Shares) -> np.ndarray:
    """Assign units to variations at random, so that their counts differ as they do in life."""
    return np.searchsorted(np.cumsum(shares)[:-1], random.random(count), side="right")


def dimensions(plan: Plan, population: Population, count: int) -> Tables:
    """Give the tables of a chunk's experiments, variations and metrics."""
    experiments = pd.DataFrame({"experiment_id": experiment_names(count)})
    days = plan.days - 1
    experiments["first_exposed_at"] = BEGIN
    experiments["last_exposed_at"] = experiments["as_of_at"] = BEGIN + pd.Timedelta(days=days)
    used = [name for name, share in zip(VARIATIONS, plan.shares, strict=True) if share > 0]
    variations = pd.DataFrame({"variation_id": used, "variation_name": used})
    variations["is_reference_variation"] = variations["variation_id"] == VARIATIONS[0]
    variations = experiments[["experiment_id"]].merge(variations, how="cross")
    variations["experiment_name"] = variations["experiment_id"]
    metrics = pd.DataFrame({"metric_name": metric_names(plan.metrics)})
    defaults = {**dict.fromkeys(FLAGS, False), "direction": "increase", "default_value": 0.0}
    metrics = metrics.assign(**{**defaults, **population.metric})
    uses = experiments[["experiment_id"]].merge(metrics[["metric_name"]], how="cross")
    frames = {
        "dim_experiments": experiments,
        "dim_variations": variations,
        "dim_metrics": metrics,
        "used_metrics": uses.assign(is_primary=False),
        "analysis_clock": experiments[["as_of_at"]].head(1),
    }
    return {name: [pa.Table.from_pandas(frame)] for name, frame in frames.items()}


def unit_tables(plan: Plan, random: np.random.Generator, count: int) -> Tables:
    """Draw the units of a chunk's experiments, each with one observation per metric."""
    population = POPULATIONS[plan.population]
    tables = dimensions(plan, population, count)
    total = count * plan.units
    variation = draw_variations(random, total, plan.shares)
    keys = {
        "experiment_id": labels(np.repeat(np.arange(count), plan.units), experiment_names(count)),
        "variation_id": labels(variation, VARIATIONS),
        "unit_id": pa.array(np.arange(total)),
    }
    tables["filled_observations"], tables["observed_metrics"] = [], []
    for name in metric_names(plan.metrics):
        keys["metric_name"] = labels(np.zeros(total), [name])
        columns = population.draw(random, FACTORS[variation])
        if population.is_event:
            tables["observed_metrics"].append(_events(keys, columns))
            columns = {"observation": np.zeros(total)}
        tables["filled_observations"].append(pa.table({**keys, **columns}))
    return tables


def _events(keys: Mapping[str, pa.Array], columns: Columns) -> pa.Table:
    unit = pa.array(columns["unit"])
    return pa.table(
        {
            **{name: column.take(unit) for name, column in keys.items()},
            "observation": columns["observation"],
            "row_kind": labels(np.zeros(len(unit)), ["event_value"]),
        }
    )


def day_tables(plan: Plan, random: np.random.Generator, count: int) -> Tables:
    """Draw units that come day by day, the first day's number apart, and do all on that day."""
    population = POPULATIONS[plan.population]
    first_day = FIRST_DAY_UNITS * len(VARIATIONS)
    tables = dimensions(plan, population, count)
    later = (plan.units - first_day) // (plan.days - 1)
    per_experiment = np.repeat(np.arange(plan.days), [first_day] + [later] * (plan.days - 1))
    total = count * len(per_experiment)
    variation = draw_variations(random, total, plan.shares)
    experiment = np.repeat(np.arange(count), len(per_experiment))
    keys = {
        "experiment_id": labels(experiment, experiment_names(count)),
        "variation_id": labels(variation, VARIATIONS),
        "unit_id": pa.array(np.arange(total)),
    }
    day = np.tile(per_experiment, count).astype("timedelta64[D]")
    exposed_at = BEGIN.to_datetime64().astype("datetime64[us]") + day
    tables["experiment_units"] = [pa.table({**keys, "exposed_at": exposed_at})]
    (name,) = metric_names(plan.metrics)
    observed = pa.table(
        {
            **keys,
            "metric_name": labels(np.zeros(total), [name]),
            "row_kind": labels(np.zeros(total), ["observation"]),
            "is_latest": np.ones(total, dtype=bool),
            "observed_date": exposed_at.astype("datetime64[D]"),
            **population.draw(random, FACTORS[variation]),
        }
    )
    tables["observed_metrics"] = [observed]
    return tables


def run(models: Sequence[Model], tables: Tables, query: str) -> pd.DataFrame:
    """Run the models on these tables, and give what a query says of what they made."""
    made = {model.name for model in models}
    given = {name: columns for name, columns in {**INPUTS, **STEPS}.items() if name not in made}
    with Warehouse() as database:
        database.create_tables(given)
        for name in given:
            for rows in tables.get(name, ()):
                database.insert_frame(name, rows)
        run_models(database, models)
        return database.frame(query)
