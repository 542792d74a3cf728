"""The main job: build and test every model, then publish the results and sum them up.

Exit codes: 0 published, 1 it failed and nothing was published, 2 it could not start.
"""

import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from fetching.local_files import check_data_folder
from fetching.manifest import held_still
from results_page.report import report_folder, what_lies_beside, write_report

from pipeline import cli
from pipeline.dbt_options import KNOWN, DbtOptions, read_dbt_options
from pipeline.dbt_run import NEEDED_OPTIONS, BuildReport, log_file, run_dbt
from pipeline.errors import PipelineError, UnreadableResultsError, one_line
from pipeline.input_files import check_links
from pipeline.notice import Notice, published_experiments
from pipeline.notify import Notifier, notify_options, read_notifier, told_of_failure
from pipeline.progress import shown_progress
from pipeline.publish import publish, seal, without_writers, work_folder
from pipeline.published import open_tables
from pipeline.sample import make_sample
from pipeline.settings import SAMPLE_DIR, Settings, read_settings
from pipeline.state import keep_state
from pipeline.summary import EXPERIMENT_LIMIT, Summary, summarise, summarise_metrics

# The file's name is the database's name inside it.
DATABASE_NAME = "experiment_metrics.duckdb"
RESULTS_MODEL = "experiment_results"
FAILURE_LIMIT = 10
NAMES_LIMIT = 10
COULD_NOT_START = Notice(
    "build", "failed", 2, failures=["It could not start, or was broken off: its log says why."]
)
HELP = """Build every model, test the data, publish the results, and sum them up.

Without input of your own the sample is built. Where a selection of models is given, they are built
on a copy of what was published, their numbers are shown, and nothing is published.

Exit codes: 0 built, 1 the build failed, 2 it could not start, 130 stopped; but for 0, what was
published stays as it was.
"""


class _BuildCommand(cli.Command):
    """A command whose help names dbt's options beside its own."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what is passed on, and what the environment sets."""
        super().format_epilog(ctx, formatter)
        with formatter.section("Options of dbt build, which are passed on, as its others are"):
            formatter.write_dl(KNOWN)
        with formatter.section("Environment"):
            formatter.write_dl(
                [
                    ("OPTIMIZELY_DATA_DIR", "The export; without it, the sample."),
                    (
                        "EXPOSURES, EVENTS",
                        "CSV or Parquet files, or tables, in place of the export.",
                    ),
                    ("CALL_DATA_PATH", "A CSV of call records; without it, seeds/call_data.csv."),
                    ("WAREHOUSE_PATH", "Where to publish: warehouse/experiment_metrics.duckdb."),
                    ("NOTIFY", "Whom to notify, as --notify has it."),
                    (
                        "DUCKDB_MEMORY_LIMIT",
                        "Memory for DuckDB, such as 4GB; without it, 60 % of all.",
                    ),
                ]
            )


@dataclass(frozen=True)
class Asked:
    """What the arguments ask for."""

    options: DbtOptions
    as_json: bool
    is_reported: bool
    """Whether the results are written as pages, too."""
    notifier: Notifier

    @property
    def limit(self) -> int | None:
        """Tell how many experiments to show: people see the largest, programs all."""
        return None if self.as_json else EXPERIMENT_LIMIT


@dataclass(frozen=True)
class Job:
    """A build that is to be run."""

    asked: Asked
    settings: Settings
    database_file: Path


def main(arguments: Sequence[str]) -> int:
    """Run the job with the arguments for `dbt build`; give the exit code."""
    failing = cli.Failing(stopped="stopped; nothing was published.")
    return cli.run("build", arguments, _job, failing)


@click.command(
    "build", cls=_BuildCommand, help=HELP, context_settings={"ignore_unknown_options": True}
)
@cli.json_option
@click.option(
    "--unit-tests",
    is_flag=True,
    help="Run dbt's unit tests as well, which test the project's SQL and not your data.",
)
@click.option(
    "--no-report", is_flag=True, help="Write no pages of the results; scripts/report writes them."
)
@notify_options
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF DBT BUILD]")
def _command(  # noqa: PLR0913 - an option each
    *,
    as_json: bool,
    unit_tests: bool,
    no_report: bool,
    notify: str | None,
    notify_format: str,
    dbt_arguments: tuple[str, ...],
) -> Asked:
    options = read_dbt_options(dbt_arguments, NEEDED_OPTIONS, unit_tests=unit_tests)
    return Asked(options, as_json, not no_report, read_notifier(notify, notify_format))


def _job(arguments: Sequence[str]) -> cli.Outcome:
    asked = cli.read(_command, arguments)
    with told_of_failure(asked.notifier, lambda _: COULD_NOT_START):
        settings = read_settings()
        try:
            with work_folder(settings.warehouse_path) as folder, held_still(settings.export_folder):
                return _build(Job(asked, settings, folder / DATABASE_NAME))
        except OSError as error:
            message = f"{one_line(str(error))}; nothing was published."
            raise PipelineError(message) from error


def _build(job: Job) -> cli.Outcome:
    _announce_input(job.settings)
    warehouse_path = job.settings.warehouse_path
    with without_writers(warehouse_path):
        # Whoever writes to it now is told before the work, not after it.
        pass
    if job.asked.options.is_partial and warehouse_path.is_file():
        # What the selection leaves out is taken as it was published.
        shutil.copyfile(warehouse_path, job.database_file)
    found = _check_input(job.settings)
    cli.warn(found)
    started_at = time.monotonic()
    with shown_progress() as listener:
        report = run_dbt(
            ["build", *job.asked.options.arguments],
            job.settings.dbt_environment(),
            job.database_file,
            listener,
        )
    seconds = time.monotonic() - started_at
    cli.warn(report.warnings)
    report.warnings.extend(found)
    if not report.succeeded:
        return _failed(job, report, seconds)
    built = f"Built {len(report.models)} models; {report.test_count} tests passed; {seconds:.1f} s."
    if job.asked.options.is_partial or not report.test_count:
        return _kept(job, report, built, seconds)
    return _published(job, report, built, seconds)


def _published(job: Job, report: BuildReport, built: str, seconds: float) -> cli.Outcome:
    warehouse_path = job.settings.warehouse_path
    try:
        seal(job.database_file, report.relations)
        with open_tables(job.database_file) as tables:
            summary = summarise(tables, job.asked.limit)
        # From here on there is nothing left to stop, and what is said of it must be true.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        warnings = publish(job.database_file, warehouse_path)
        if job.asked.options.manifest is not None:
            warnings += keep_state(job.asked.options.manifest, report.invocation_id, warehouse_path)
    except (PipelineError, OSError) as error:
        report.failures.append(one_line(str(error)))
        report.failed.append("It was built and tested, but could not be published.")
        return _failed(job, report, seconds)
    index, told = report_on(warehouse_path) if job.asked.is_reported else (None, [])
    warnings += [*told, *_notify_of_results(job)]
    report.warnings.extend(warnings)
    cli.warn(warnings)
    reported = f"Report {index}\n" if index else ""
    text = f"{built}\n\n{summary.text()}\n\n{reported}Published {warehouse_path}"
    document = _document(job, report, "published", seconds, summary)
    return cli.Outcome(text, {**document, "report": index})


def _failed(job: Job, report: BuildReport, seconds: float) -> cli.Outcome:
    told = report.failed[:FAILURE_LIMIT]
    if hidden := len(report.failed) - len(told):
        told.append(f"... and {hidden} more")
    warnings = job.asked.notifier.tell(Notice("build", "failed", 1, failures=told))
    report.warnings.extend(warnings)
    cli.warn(warnings)
    _explain_failure(report, job.settings.warehouse_path)
    return cli.Outcome("", _document(job, report, "failed", seconds), code=1)


def _notify_of_results(job: Job) -> list[str]:
    """Tell the verdicts of what is published, which stays so whatever becomes of the notice."""
    if not job.asked.notifier.is_anybody:
        return []
    try:
        with open_tables(job.settings.warehouse_path) as tables:
            experiments = published_experiments(tables)
    except UnreadableResultsError as error:
        return [f"nobody was notified: {one_line(str(error))}"]
    return job.asked.notifier.tell(Notice("build", "published", 0, experiments))


def report_on(warehouse_path: Path) -> tuple[Path | None, list[str]]:
    """Write the pages of what is published, which stays so whatever becomes of them."""
    try:
        with open_tables(warehouse_path) as tables:
            folder, beside = report_folder(warehouse_path), what_lies_beside(warehouse_path)
            return write_report(tables, folder, beside=beside), []
    except Exception as error:  # noqa: BLE001 - the numbers are published and right
        said = one_line(str(error) or type(error).__name__)
        return None, [f"published, but no pages were written of it: {said}"]


def _kept(job: Job, report: BuildReport, built: str, seconds: float) -> cli.Outcome:
    """Show what a build made that is not published."""
    warnings = job.asked.notifier.tell(Notice("build", "not published", 0))
    report.warnings.extend(warnings)
    cli.warn(warnings)
    what = "Only a selection was built" if report.test_count else "No test was run"
    kept = f"{what}: {job.settings.warehouse_path} stays as it was."
    if RESULTS_MODEL not in report.models:
        names = ", ".join(report.models[:NAMES_LIMIT])
        more = ", ..." if len(report.models) > NAMES_LIMIT else ""
        shown = f"\nBuilt: {names}{more}. For numbers, select {RESULTS_MODEL} too: obs_x+."
        text = f"{built}{shown if names else ''}\n{kept}"
        return cli.Outcome(text, _document(job, report, "not published", seconds))
    with open_tables(job.database_file) as tables:
        summary = summarise_metrics(tables, report.models, job.asked.limit)
    text = f"{built}\n\n{summary.text()}\n\n{kept}"
    return cli.Outcome(text, _document(job, report, "not published", seconds, summary))


def _document(
    job: Job, report: BuildReport, status: str, seconds: float, summary: Summary | None = None
) -> dict[str, Any]:
    return {
        "status": status,
        "warehouse_path": job.settings.warehouse_path,
        "input": job.settings.exposures or job.settings.export_dir or SAMPLE_DIR,
        "events": job.settings.events or None,
        "call_data_path": job.settings.call_data_path or None,
        "seconds": round(seconds, 1),
        "models": report.models,
        "test_count": report.test_count,
        "skipped_count": report.skipped_count,
        "failures": report.failures,
        "warnings": report.warnings,
        **(summary.document() if summary else {}),
    }


def _announce_input(settings: Settings) -> None:
    if settings.exposures:
        print(f"Input: exposures {settings.exposures}, events {settings.events or 'none'}")
    elif not settings.export_dir:
        made = "made" if make_sample() else "found"
        print(f"Input: the sample, {made} in {SAMPLE_DIR}")
    else:
        print(f"Input: {settings.export_dir}")
    if settings.events and not settings.exposures:
        print(f"Events in place of the input's: {settings.events}")
    if settings.call_data_path:
        print(f"Call records: {settings.call_data_path}")
    sys.stdout.flush()


def _check_input(settings: Settings) -> list[str]:
    """Refuse an export whose parts would be passed over or changed; give warnings."""
    folder = settings.export_folder
    if settings.exposures or folder is None:
        return []
    check_links(folder)
    return check_data_folder(folder)


def _explain_failure(report: BuildReport, warehouse_path: Path) -> None:
    for failure in report.failures[:FAILURE_LIMIT]:
        print(f"build failed: {failure}", file=sys.stderr)
    hidden = len(report.failures) - FAILURE_LIMIT
    if hidden > 0:
        print(f"build failed: ... and {hidden} more, in {log_file()}", file=sys.stderr)
    if report.skipped_count:
        print(f"{report.skipped_count} models and tests after that were skipped.", file=sys.stderr)
    kept = "stays as it was" if warehouse_path.is_file() else "was not made"
    print(f"Nothing was published: {warehouse_path} {kept}. Details: {log_file()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
