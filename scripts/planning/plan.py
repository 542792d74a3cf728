"""Builds the baseline of a plan, and shows what it says: scripts/plan."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from fetching.manifest import held_still
from pipeline import cli
from pipeline.build import DATABASE_NAME
from pipeline.choosing import choose_names
from pipeline.dbt_run import NEEDED_OPTIONS, run_dbt
from pipeline.errors import PipelineError, UnreadableResultsError, one_line
from pipeline.progress import shown_progress
from pipeline.publish import publish, work_folder
from pipeline.published import Row, check_published, open_tables
from pipeline.sample import make_sample
from pipeline.settings import Settings, read_settings

from planning.plan_tables import LIFTS, PLANS, TABLES, plans_path
from planning.plan_text import write
from planning.question import Question, plan_command

# The models of planning, with the tests of what they give. What leads to them is tested by builds.
PLANNING = ("path:models/staging/planning", "path:models/marts/planning")
SCHEMA = "main"


@dataclass(frozen=True)
class Plan:
    """The rows of a plan."""

    question: Question
    plans: list[Row]
    lifts: list[Row]
    path: Path
    """Where its tables lie."""

    def document(self) -> dict[str, object]:
        """Give the plan as a document for programs."""
        return {
            "plans_path": self.path,
            "plans": self.plans,
            "detectable_lifts": self.lifts,
        }


def main(arguments: Sequence[str]) -> int:
    """Plan what the arguments ask for; give the exit code."""
    return cli.run("plan", arguments, _job, cli.Failing(stopped="stopped; nothing was planned."))


def _job(arguments: Sequence[str]) -> cli.Outcome:
    question = cli.read(plan_command, arguments)
    settings = read_settings()
    try:
        with work_folder(settings.warehouse_path) as folder, held_still(settings.export_folder):
            return _planned(question, settings, folder)
    except OSError as error:
        message = f"{one_line(str(error))}; nothing was planned."
        raise PipelineError(message) from error


def _planned(question: Question, settings: Settings, folder: Path) -> cli.Outcome:
    database_file = folder / DATABASE_NAME
    is_published = settings.warehouse_path.is_file()
    if is_published:
        check_published(settings.warehouse_path)
        _check_metrics(question, settings.warehouse_path)
        shutil.copyfile(settings.warehouse_path, database_file)
    if not (settings.exposures or settings.events or settings.export_dir):
        make_sample()
    with shown_progress("plan") as listener:
        report = run_dbt(
            _dbt_command(question, is_published=is_published),
            settings.dbt_environment(),
            database_file,
            listener,
        )
    if not report.succeeded:
        for failure in report.failures:
            cli.tell("plan", failure)
        message = "nothing was planned."
        return cli.Outcome("", {"error": message, "failures": report.failures}, code=1)
    path = plans_path(settings.warehouse_path)
    _save(database_file, folder / "plans.duckdb", path)
    with open_tables(path) as tables:
        plan = Plan(question, tables.query(PLANS), tables.query(LIFTS), path)
    return cli.Outcome(write(plan.question, plan.plans, plan.lifts, plan.path), plan.document())


def _check_metrics(question: Question, warehouse_path: Path) -> None:
    """Refuse a metric that there is not, before the seconds that dbt takes."""
    with open_tables(warehouse_path) as tables:
        if "metric_name" not in tables.columns("dim_metrics"):
            message = f"{warehouse_path} has no dim_metrics. Run scripts/build first."
            raise UnreadableResultsError(message)
        rows = tables.query("select metric_name from dim_metrics order by metric_name")
    choose_names("metric", question.metrics, [row["metric_name"] for row in rows])


def _dbt_command(question: Question, *, is_published: bool) -> list[str]:
    # On what was published, only what depends on the baseline is made anew.
    only = ",baseline_period+" if is_published else ""
    selected = [*(f"+{table}{only}" for table in TABLES), *PLANNING]
    settings = {**question.settings(), "plan_schema": SCHEMA}
    return [
        "build",
        *NEEDED_OPTIONS,
        *("--select", *selected),
        *("--indirect-selection", "empty", "--exclude-resource-type", "unit_test"),
        *("--vars", json.dumps(settings)),
    ]


def _save(database_file: Path, new: Path, path: Path) -> None:
    """Put the tables of a plan into a file of their own, in place of the last plan's."""
    quoted = str(database_file).replace("'", "''")
    with duckdb.connect(str(new)) as connection:
        connection.execute(f"attach '{quoted}' as built (read_only)")
        for table in TABLES:
            connection.execute(f"create table {table} as from built.{SCHEMA}.{table}")
        connection.execute(
            "create table dim_metrics as select * from built.main.dim_metrics"
            " where metric_name in (select metric_name from metric_plans)"
        )
    for warning in publish(new, path):
        cli.tell("plan", warning)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
