"""The models of the statistics, compiled once per settings and run on observations of a test's own.

Everything from the observations to experiment_results is the project's SQL; only the tables that
these models read are the test's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from calibration.chain import STEPS
from engine.compile import Chain, Project
from engine.run import run_models
from engine.warehouse import Rows, Warehouse

INPUTS = {
    "fct_metric_observations": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, unit_id varchar, "
        "observation double, denominator double, capped_observation double, covariate double, "
        "covariate_denominator double, capped_covariate double, capped_denominator double, "
        "capped_covariate_denominator double"
    ),
    "quantile_values": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, slice_type varchar, "
        "segment_name varchar, segment_value varchar, as_of_date date, unit_id varchar, "
        "observed_value double"
    ),
    "variation_moments_by_day": STEPS["variation_moments_by_day"],
    "dim_metrics": (
        "metric_name varchar, direction varchar, is_guardrail boolean, "
        "non_inferiority_margin double, is_ratio boolean, has_cap boolean, has_covariate boolean, "
        "is_quantile boolean, quantile_level double, is_event_quantile boolean"
    ),
    "used_metrics": "experiment_id varchar, metric_name varchar, is_primary boolean",
    "dim_variations": (
        "experiment_id varchar, experiment_name varchar, variation_id varchar, "
        "variation_name varchar, is_reference_variation boolean"
    ),
    "unit_segments": (
        "experiment_id varchar, unit_id varchar, segment_name varchar, segment_value varchar"
    ),
    "dim_experiments": (
        "experiment_id varchar, first_exposed_at timestamp, last_exposed_at timestamp, "
        "as_of_at timestamp"
    ),
}
CHAIN = Chain(
    (
        "experiment_results",
        "experiment_results_by_segment",
        "experiment_results_by_day",
        "experiment_result_intervals",
    ),
    frozenset(INPUTS),
)
BEGIN = pd.Timestamp("2020-09-01 12:00:00")
MEASURES = (
    "observation",
    "denominator",
    "capped_observation",
    "covariate",
    "covariate_denominator",
)
FLAGS = (
    "is_guardrail",
    "is_ratio",
    "has_cap",
    "has_covariate",
    "is_quantile",
    "is_event_quantile",
)


@dataclass
class Arm:
    """What the units of one variation did: an array per column of the observations."""

    observation: np.ndarray
    denominator: np.ndarray | None = None
    capped_observation: np.ndarray | None = None
    covariate: np.ndarray | None = None
    covariate_denominator: np.ndarray | None = None
    # Of quantile metrics: the unit of each value.
    unit: np.ndarray | None = None


@dataclass
class Test:
    """One experiment with one metric, or several that share its name as a prefix."""

    __test__ = False  # no test of pytest's

    name: str
    arms: Mapping[str, Arm]
    metric: Mapping[str, object] = field(default_factory=dict)
    references: tuple[str, ...] = ("control",)
    moments: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    # In place of the p-values that the models compute, one metric each.
    p_values: tuple[float, ...] = ()
    days: int = 10

    def metric_names(self) -> list[str]:
        """Name the metrics: as the experiment, with a number where there are several."""
        if not self.p_values:
            return [self.name]
        return [f"{self.name} {number}" for number in range(len(self.p_values))]


class StatisticsModels:
    """The project, parsed once; its models of the statistics, compiled for any settings."""

    def __init__(self, directory: Path) -> None:
        """Parse the project; `directory` takes what dbt writes."""
        self.project = Project(directory, Warehouse)

    def run(self, tests: list[Test], **settings: object) -> Warehouse:
        """Run the models on these tests; give the database that they made."""
        database = self.project.warehouse()
        database.create_tables(INPUTS)
        for table, frames in _tables(tests).items():
            if any(len(frame) for frame in frames):
                database.insert_frame(table, pd.concat([frame for frame in frames if len(frame)]))
        self._run(database, tests, settings)
        return database

    def split(self, database: Warehouse) -> None:
        """Run the models again, with days: "all, day 2" is "all" as of its third day."""
        database.execute("""
            insert into variation_moments_by_day by name
            select
                * exclude (slice_type, segment_name, segment_value, as_of_date)
                replace (
                    split_part(experiment_id, ', day ', 1) as experiment_id,
                    split_part(metric_name, ', day ', 1) as metric_name
                ),
                'calendar' as day_scale,
                cast(split_part(experiment_id, ', day ', 2) as integer) as day_number
            from variation_moments
            where contains(experiment_id, ', day ') and slice_type = 'experiment'
        """)
        self._run(database, [], {})

    def _run(self, database: Warehouse, tests: list[Test], settings: Mapping[str, object]) -> None:
        for model in self.project.compiled(CHAIN, **settings):
            run_models(database, [model])
            _replace(database, model.name, tests)


def results(database: Warehouse, table: str = "experiment_results") -> Rows:
    """Read a table as a list of dicts."""
    return database.rows(f"select * from {table}")


def treatment_row(database: Warehouse, name: str, estimator: str = "raw") -> dict:
    """Give the row of experiment_results that compares a metric's treatment."""
    (found,) = [
        row
        for row in results(database)
        if (row["metric_name"], row["variation_id"], row["estimator"])
        == (name, "treatment", estimator)
    ]
    return found


def _tables(tests: list[Test]) -> dict[str, list[pd.DataFrame]]:
    """Make the rows of the tables that the models read."""
    frames: dict[str, list[pd.DataFrame]] = {table: [] for table in INPUTS}
    for test in tests:
        end = BEGIN + pd.Timedelta(days=test.days - 1)
        experiment = {"experiment_id": [test.name]}
        dates = {"first_exposed_at": [BEGIN], "last_exposed_at": [end], "as_of_at": [end]}
        frames["dim_experiments"].append(pd.DataFrame({**experiment, **dates}))
        names = sorted({*test.arms, *test.moments})
        variations = pd.DataFrame({"variation_id": names, "variation_name": names})
        variations["is_reference_variation"] = [name in test.references for name in names]
        variations[["experiment_id", "experiment_name"]] = test.name
        frames["dim_variations"].append(variations)
        for metric_name in test.metric_names():
            defaults = {"direction": "increase", **dict.fromkeys(FLAGS, False)}
            metric = {"metric_name": metric_name, **defaults, **test.metric}
            key = {"experiment_id": test.name, "metric_name": metric_name}
            frames["dim_metrics"].append(pd.DataFrame([metric]))
            frames["used_metrics"].append(pd.DataFrame([{**key, "is_primary": False}]))
            for variation, arm in test.arms.items():
                row = {**key, "variation_id": variation}
                if metric["is_quantile"]:
                    frame = _values({**row, **_all_units(test)}, arm)
                    frames["quantile_values"].append(frame)
                else:
                    frames["fct_metric_observations"].append(_observations(row, arm))
    return frames


def _all_units(test: Test) -> dict[str, object]:
    """Give the slice of all units, as of the end."""
    as_of_date = (BEGIN + pd.Timedelta(days=test.days - 1)).date()
    slice_ = {"slice_type": "experiment", "segment_name": "(all)", "segment_value": "(all)"}
    return {**slice_, "as_of_date": as_of_date}


def _unit_ids(key: Mapping[str, object], arm: Arm) -> list[str]:
    units = np.arange(len(arm.observation)) if arm.unit is None else arm.unit
    return [f"{key['variation_id']} {unit}" for unit in units]


def _values(key: Mapping[str, object], arm: Arm) -> pd.DataFrame:
    frame = pd.DataFrame({"unit_id": _unit_ids(key, arm), "observed_value": arm.observation})
    return frame.assign(**key)


def _observations(key: Mapping[str, object], arm: Arm) -> pd.DataFrame:
    frame = pd.DataFrame({"unit_id": _unit_ids(key, arm)})
    for column in MEASURES:
        values = getattr(arm, column)
        frame[column] = np.nan if values is None else values
    for column in ("covariate", "denominator", "covariate_denominator"):
        frame[f"capped_{column}"] = frame[column]
    return frame.assign(**key)


def _replace(database: Warehouse, name: str, tests: list[Test]) -> None:
    """Put a test's own moments and p-values among those of the models."""
    for test in tests:
        key = {"experiment_id": test.name, "metric_name": test.name}
        if name == "variation_moments":
            for variation, moments in test.moments.items():
                row = {**key, "variation_id": variation, "is_capped": False, **_all_units(test)}
                database.insert(name, [{**row, **moments}])
        if name == "lift_tests":
            for metric_name, p_value in zip(test.metric_names(), test.p_values, strict=False):
                database.execute(
                    f"update {name} set p_value = ? where metric_name = ? and p_value is not null",
                    [p_value, metric_name],
                )
