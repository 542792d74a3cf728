"""The main job: build and test every model, then publish the results and sum them up.

Exit codes: 0 published, 1 the build failed and nothing was published, 2 it could not start.
"""

import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.dbt_run import LOG_FILE, BuildReport, run_dbt
from pipeline.errors import PipelineError, one_line
from pipeline.publish import keep_state, publish, work_folder
from pipeline.sample import make_sample
from pipeline.settings import SAMPLE_DIR, Settings, read_settings
from pipeline.summary import summarise

# The file's name is the database's name inside it.
DATABASE_NAME = "experiment_metrics.duckdb"
# With one of these a build holds less than everything, and is not published.
SELECTIONS = {
    "--empty",
    "--sample",
    "-s",
    "--select",
    "-m",
    "--models",
    "--exclude",
    "--selector",
    "--resource-type",
    "--resource-types",
    "--exclude-resource-type",
    "--exclude-resource-types",
}
FAILURE_LIMIT = 10


def main(arguments: Sequence[str]) -> int:
    """Run the job with the arguments for `dbt build`; give the exit code."""
    if "--help" in arguments or "-h" in arguments:
        print("usage: scripts/build [arguments of dbt build]; see README.md and dbt build --help")
        return 0
    settings = read_settings()
    try:
        with work_folder(settings.warehouse_path) as folder:
            return _build(settings, folder / DATABASE_NAME, list(arguments))
    except PipelineError as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"build: {one_line(str(error))}; nothing was published.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("build: stopped; nothing was published.", file=sys.stderr)
        return 130


def _build(settings: Settings, database_file: Path, arguments: list[str]) -> int:
    _announce_input(settings)
    is_partial = any(argument.split("=")[0] in SELECTIONS for argument in arguments)
    if is_partial and settings.warehouse_path.is_file():
        # What the selection leaves out is taken as it was published.
        shutil.copyfile(settings.warehouse_path, database_file)
    started_at = time.monotonic()
    report = run_dbt(["build", *arguments], settings.dbt_environment(), database_file)
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if not report.succeeded:
        _explain_failure(report, settings.warehouse_path)
        return 1
    seconds = time.monotonic() - started_at
    print(f"Built {report.model_count} models; {report.test_count} tests passed; {seconds:.1f} s.")
    if is_partial or not report.test_count:
        what = "Only a selection was built" if is_partial else "No test was run"
        print(f"{what}: {settings.warehouse_path} stays as it was.")
        return 0
    publish(database_file, settings.warehouse_path)
    keep_state(settings.warehouse_path)
    print(f"\n{summarise(settings.warehouse_path)}\n\nPublished {settings.warehouse_path}")
    return 0


def _announce_input(settings: Settings) -> None:
    if settings.exposures:
        print(f"Input: exposures {settings.exposures}, events {settings.events or 'none'}")
    elif settings.export_dir is None:
        made = "made" if make_sample() else "found"
        print(f"Input: the sample, {made} in {SAMPLE_DIR}")
    else:
        print(f"Input: {settings.export_dir}")
    if settings.call_data_path is not None:
        print(f"Call records: {settings.call_data_path}")
    sys.stdout.flush()


def _explain_failure(report: BuildReport, warehouse_path: Path) -> None:
    for failure in report.failures[:FAILURE_LIMIT]:
        print(f"build failed: {failure}", file=sys.stderr)
    hidden = len(report.failures) - FAILURE_LIMIT
    if hidden > 0:
        print(f"build failed: ... and {hidden} more, in {LOG_FILE}", file=sys.stderr)
    if report.skipped_count:
        print(f"{report.skipped_count} models and tests after that were skipped.", file=sys.stderr)
    kept = "stays as it was" if warehouse_path.is_file() else "was not made"
    print(f"Nothing was published: {warehouse_path} {kept}. Details: {LOG_FILE}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
