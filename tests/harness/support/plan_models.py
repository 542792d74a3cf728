"""The models of plans, compiled once per settings and run on what a baseline says, case by case."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from compiled import bare_project
from engine.compile import Chain, Project
from engine.run import run_models
from engine.warehouse import Rows, Warehouse

TABLES = {
    "dim_metrics": "metric_name varchar, quantile_level double",
    "baseline_estimates": (
        "metric_name varchar, estimator varchar default 'raw', is_headline boolean default true, "
        "is_quantile boolean default false, window_days bigint default 2, "
        "baseline_unit_count bigint, unit_count bigint default 10000, "
        "counted_share double, metric_value double, variance double, unit_skewness double, "
        "effective_share double, tied_share double, status varchar default 'ok', "
        "status_reason varchar"
    ),
    "baseline_days": "entry_days bigint, unit_count bigint",
    "baseline_period": "starts_at timestamp, ends_at timestamp",
}
CHAIN = Chain(("metric_plans", "detectable_lifts"), frozenset(TABLES))
# Names that the project has, so that comparisons can be counted.
TWO_METRICS = ("Purchase conversion rate", "Page views per visitor")
SETTINGS = {
    "plan_baseline_days": 14,
    "plan_metrics": [TWO_METRICS[0]],
    "min_units_per_variation": 1,
}
MANY_DAYS = {1: 10**6, 14: 10**8}


@dataclass(frozen=True)
class Case:
    """What a baseline says of a metric."""

    metric_name: str
    metric_value: float = 1.0
    variance: float = 1.0
    unit_skewness: float = 0.0
    counted_share: float = 1.0
    effective_share: float = 1.0
    tied_share: float | None = None


class PlanModels:
    """The project, parsed once with a plan."""

    def __init__(self, directory: Path) -> None:
        """Parse the project; `directory` takes what dbt writes."""
        root = bare_project(directory / "project")
        self.project = Project(directory / "dbt", Warehouse, root=root, settings=SETTINGS)

    def run(
        self,
        cases: Sequence[Case],
        days: Mapping[int, int] = MANY_DAYS,
        levels: Mapping[str, float] | None = None,
        **settings: object,
    ) -> tuple[Rows, Rows]:
        """Plan cases with these vars; give the rows of metric_plans and of detectable_lifts.

        days: the units by the number of days; levels: of quantiles, by metric.
        """
        levels = levels or {}
        with Warehouse() as database:
            database.create_tables(TABLES)
            database.insert("baseline_estimates", [asdict(case) for case in cases])
            names = [case.metric_name for case in cases]
            database.insert(
                "dim_metrics",
                [{"metric_name": name, "quantile_level": levels.get(name)} for name in names],
            )
            database.insert(
                "baseline_days",
                [{"entry_days": day, "unit_count": count} for day, count in days.items()],
            )
            period = {"starts_at": "2020-09-01", "ends_at": "2020-09-15"}
            database.insert("baseline_period", [period])
            run_models(database, self.project.compiled(CHAIN, **settings))
            return (
                database.rows("select * from metric_plans"),
                database.rows("select * from detectable_lifts"),
            )


def units_of(plans: Rows, test: str) -> dict[str, int]:
    """Give the required units by metric."""
    return {row["metric_name"]: row["required_unit_count"] for row in plans if row["test"] == test}
