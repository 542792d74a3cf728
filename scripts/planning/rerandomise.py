"""Deals the units of an experiment out anew, many times, and runs the models of results on each.

What units did is taken as it was published. From there on all is the project's own SQL, with the
settings of that build: to it, a re-randomisation is an experiment of two variations.
"""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from calibration.chain import INPUTS, STEPS
from engine.compile import Chain, Model, Project
from engine.run import run_models
from engine.warehouse import Warehouse
from pipeline.published import PublishedTables

DAYS = "variation_moments_by_day"
# Caps are of all variations together, so that they are the same however units are dealt out.
GIVEN = frozenset({*INPUTS, DAYS, "metric_caps"})
CHAIN = Chain(("experiment_results",), GIVEN)
# Of observations that are held at once, of all re-randomisations that are run together.
MOST_ROWS = 2_000_000

SEEDS = """
    create table seeds as
    select number, 'seed ' || number as experiment_id from range({first}, {last}) as seeds (number)
"""
# By the hash of unit and seed, so that anyone can deal out the same.
ASSIGNMENTS = """
    create table assignments as
    select
        seeds.experiment_id,
        units.unit_id as unit,
        units.unit_number as unit_id,
        case
            when md5_number_lower(units.unit_id || ':' || seeds.number) / 18446744073709551616.0
                < {share}
                then 'variation'
            else 'reference'
        end as variation_id
    from units
    cross join seeds
"""
TABLES = {
    "filled_observations": """
        select
            assignments.experiment_id, assignments.variation_id, assignments.unit_id,
            metric_name, exposed_at, is_mature, observation, denominator, covariate,
            covariate_denominator
        from observations
        inner join assignments on observations.unit = assignments.unit
    """,
    "observed_metrics": """
        select
            assignments.experiment_id, assignments.variation_id, assignments.unit_id,
            metric_name, row_kind, observed_date, observation, denominator, is_latest
        from event_values
        inner join assignments on event_values.unit = assignments.unit
    """,
    "used_metrics": """
        select experiment_id, metric_name, false as is_primary from dim_metrics cross join seeds
    """,
    "metric_caps": "select caps.*, experiment_id from caps cross join seeds",
    "dim_variations": """
        select
            experiment_id, experiment_id as experiment_name, variation_id,
            variation_id as variation_name, variation_id = 'reference' as is_reference_variation,
            cast(null as double) as traffic_share, count(*) as unit_count
        from assignments
        group by all
    """,
    "dim_experiments": """
        select
            seeds.experiment_id, seeds.experiment_id as experiment_name, first_exposed_at,
            last_exposed_at, as_of_at
        from times
        cross join seeds
    """,
}
RESULTS = """
    select metric_name, estimator, is_headline, p_value, sequential_p_value, status, status_reason
    from experiment_results
    where variation_id = 'variation'
"""


def published_settings(tables: PublishedTables) -> dict[str, object]:
    """Give the vars that published results were made with."""
    rows = tables.query("select setting_name, setting_value from analysis_settings")
    return {row["setting_name"]: json.loads(row["setting_value"]) for row in rows}


def compiled_models(directory: Path, settings: dict[str, object]) -> list[Model]:
    """Compile the models of results with these vars; `directory` takes what dbt writes."""
    return Project(directory, Warehouse).compiled(CHAIN, **settings)


@contextmanager
def past_units(
    warehouse_path: Path, experiment_id: str, metrics: list[str]
) -> Iterator[tuple[Warehouse, int]]:
    """Give a database with what the units of an experiment did, and the number of observations."""
    with Warehouse() as database:
        quoted = str(warehouse_path).replace("'", "''")
        database.execute(f"attach '{quoted}' as published (read_only)")
        of_experiment = [experiment_id, metrics]
        database.execute(
            "create table units as select unit_id, row_number() over (order by unit_id) as"
            " unit_number from published.main.experiment_units where experiment_id = ?",
            [experiment_id],
        )
        for table, query in {
            "observations": "select *, unit_id as unit from"
            " published.main_internal.filled_observations",
            "event_values": "select *, unit_id as unit from"
            " published.main_internal.observed_metrics",
            "caps": "select * exclude (experiment_id) from published.main_internal.metric_caps",
        }.items():
            only = " and row_kind = 'event_value'" if table == "event_values" else ""
            database.execute(
                f"create table {table} as {query}"
                f" where experiment_id = ? and list_contains(?, metric_name){only}",
                of_experiment,
            )
        database.execute(
            "create table times as select first_exposed_at, last_exposed_at, as_of_at"
            " from published.main.dim_experiments where experiment_id = ?",
            [experiment_id],
        )
        database.execute(
            "create table dim_metrics as select * from published.main.dim_metrics"
            " where list_contains(?, metric_name)",
            [metrics],
        )
        database.execute("detach published")
        database.create_tables(
            {name: {**INPUTS, **STEPS}[name] for name in GIVEN - {*TABLES, "dim_metrics"}}
        )
        (count,) = database.execute("select count(*) from observations").fetchone()
        yield database, count


def rerandomised(  # noqa: PLR0913 - what a run is made of
    database: Warehouse,
    models: list[Model],
    *,
    row_count: int,
    runs: int,
    share: float,
    told: Callable[[int], None],
) -> pd.DataFrame:
    """Run the models on so many re-randomisations; give their comparisons.

    share: of the units that the variation gets. told: is told how many runs are done.
    """
    at_once = max(1, min(runs, MOST_ROWS // max(row_count, 1)))
    found = []
    for first in range(0, runs, at_once):
        last = min(first + at_once, runs)
        for table in ("seeds", "assignments"):
            database.execute(f"drop table if exists {table}")
        database.execute(SEEDS.format(first=first, last=last))
        database.execute(ASSIGNMENTS.format(share=share))
        for name, query in TABLES.items():
            database.create_table_as(name, query)
        run_models(database, models)
        found.append(database.frame(RESULTS))
        told(last)
    return pd.concat(found, ignore_index=True)


def least_runs(alpha: float) -> int:
    """Give how many runs it takes to judge a rate: those in which ten errors are expected."""
    return math.ceil(10 / alpha)
