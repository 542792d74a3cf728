"""Runs dbt in this process and tells what failed, a line each."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import UnreadableResultsError, one_line
from pipeline.input_files import InputWatch
from pipeline.metric_problems import metric_problem
from pipeline.published import open_tables
from pipeline.settings import PROJECT_ROOT

PASSED = {"success", "pass", "no-op"}
STORED = {"model", "seed", "snapshot"}
METRIC_TAG = "metric"
# Such as "Compilation Error in model obs_carts (models/observations/obs_carts.sql)".
HEADING = re.compile(r"[\w ]+Error in (?P<kind>\w+) .*\((?P<file>.+)\)$", re.MULTILINE)
UNKNOWN_METRIC = re.compile(r"_metrics\.sql.* depends on a node named '([^']+)' which")
# DuckDB's word where SQL leaves the folders that profiles/duckdb_access.py opens to it.
OUTSIDE = re.compile(
    r'Cannot access (?:file|directory) "(?P<path>[^"]*)" - file system operations are disabled'
    r"|File (?P<address>\S+) requires the extension"
)
# DuckDB's word where S3 fails it, before the line of SQL that it was reading for.
BROKEN_READ = re.compile(r"(?:HTTP|IO) Error: (?P<problem>.+?)(?: LINE \d+: .*)?$")
# DuckDB's word where memory, and the disk that it may use in its place, are not enough.
OUT_OF_MEMORY = re.compile(r"Out of Memory Error: (?P<what>failed to offload|)")
NO_MEMORY = (
    "more memory is needed than DuckDB may use. Set DUCKDB_MEMORY_LIMIT to more, such as 8GB, or"
    " unset it for 60 % of the machine's."
)
NO_DISK = (
    "more is needed than the memory that DuckDB may use, and the disk of the published file has no"
    " room for the rest. Make room there, or set DUCKDB_MEMORY_LIMIT to more."
)
S3_READ = ("s3://", "HTTP GET", "HTTP HEAD")
# What dbt says after a problem: where its SQL is, and through which macros it came.
TRAILS = ("compiled code at", "> in macro", "> called by")
NEEDED_OPTIONS = (
    "--profiles-dir",
    str(PROJECT_ROOT / "profiles"),
    # With partial parsing, dbt keeps unit tests that are no longer there, and fails on them.
    "--no-partial-parse",
    "--log-level",
    "none",
    "--log-level-file",
    "debug",
)


@dataclass
class BuildReport:
    """What one dbt run did."""

    succeeded: bool
    failures: list[str] = field(default_factory=list)
    """A line for each thing that went wrong; empty where the run succeeded."""
    failed: list[str] = field(default_factory=list)
    """What went wrong, without a word of the data: for those who are told of it elsewhere."""
    warnings: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    """The tables and views that were made, with their schemas."""
    invocation_id: str = ""
    """What dbt calls this run in the files that it writes."""
    test_count: int = 0
    skipped_count: int = 0


def log_file() -> Path:
    """Give the file of dbt's own log."""
    return PROJECT_ROOT / os.environ.get("DBT_LOG_PATH", "logs") / "dbt.log"


def run_dbt(
    command: Sequence[str],
    environment: dict[str, str],
    database_file: Path,
    listener: Callable[[Any], None],
) -> BuildReport:
    """Run a dbt command against a DuckDB file; the listener is told dbt's events."""
    # These take seconds, which --help need not wait for.
    from dbt.cli.main import dbtRunner  # noqa: PLC0415
    from dbt_common.invocation import get_invocation_id  # noqa: PLC0415

    os.environ.update(environment, DBT_DUCKDB_PATH=str(database_file))
    os.chdir(PROJECT_ROOT)
    watch = InputWatch()
    with _as_command(command):
        outcome = dbtRunner(callbacks=[listener, watch.take]).invoke(list(command))
    _release_database()
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    report = report_of(outcome, watch, database_file)
    report.invocation_id = get_invocation_id()
    return report


@contextmanager
def _as_command(command: Sequence[str]) -> Iterator[None]:
    """Have dbt log its own arguments, and not ours, in which there may be a secret address."""
    own = sys.argv
    sys.argv = ["dbt", *command]
    try:
        yield
    finally:
        sys.argv = own


def report_of(outcome: Any, watch: InputWatch, database_file: Path) -> BuildReport:  # noqa: ANN401
    """Word what dbt did, and what was said of its input meanwhile."""
    if outcome.exception is not None:
        report = BuildReport(
            succeeded=False,
            failures=[_exception_line(outcome.exception)],
            failed=["dbt stopped before it built anything."],
        )
    else:
        report = _report(outcome.result, database_file, succeeded=outcome.success)
    report.warnings = [*watch.warnings, *report.warnings]
    report.failures = said_once(watch.explained(report.failures))
    return report


def said_once(failures: list[str]) -> list[str]:
    """Say what is short once, though it made several models fail."""
    short = [line for line in failures if line.endswith((NO_MEMORY, NO_DISK))]
    return [*short[:1], *(line for line in failures if line not in short)]


def _release_database() -> None:
    """Let go of the DuckDB file, which the adapter would hold until this process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

    DuckDBConnectionManager.close_all_connections()


def _report(result: Any, database_file: Path, *, succeeded: bool) -> BuildReport:  # noqa: ANN401
    report = BuildReport(succeeded=succeeded)
    for node_result in getattr(result, "results", []):
        node, status = node_result.node, str(node_result.status)
        kind = str(node.resource_type)
        if kind == "model":
            report.models.append(node.name)
        if kind in STORED and status in PASSED and node.database == database_file.stem:
            report.relations.append(f"{node.schema}.{node.alias}")
        report.test_count += kind in {"test", "unit_test"}
        if status == "skipped":
            report.skipped_count += 1
        elif status == "warn":
            report.warnings.append(_failure_line(node, node_result, database_file))
        elif status not in PASSED:
            report.failures.append(_failure_line(node, node_result, database_file))
            report.failed.append(_failed_node(node, node_result))
    if not succeeded and not report.failures:
        report.failures.append(f"dbt failed without naming a model; see {log_file()}")
        report.failed.append("dbt failed without naming a model.")
    return report


def _failure_line(node: Any, node_result: Any, database_file: Path) -> str:  # noqa: ANN401
    """Word one node's failure: what it checks, what was found, where it is defined."""
    if _is_broken(node, node_result):
        problem = _without_heading(node_result.message)
        if METRIC_TAG in node.tags:
            # A metric depends on all that its window may need, and reads some of it.
            parents = [name.split(".")[-1] for name in node.depends_on_nodes]
            read = node.compiled_code or ""
            sources = [name for name in parents if f'"{name}"' in read]
            problem = metric_problem(problem, sources, database_file)
        return one_line(f"{node.original_file_path}: {problem}")
    meaning = _meaning(node)
    example = _first_failing_row(node.compiled_code, database_file)
    rows = f"{node_result.failures} row(s)" + (f", the first: {example}" if example else "")
    return one_line(f"{meaning} [{rows}; {node.original_file_path}]")


def _failed_node(node: Any, node_result: Any) -> str:  # noqa: ANN401
    """Name what failed, with nothing that a message may quote."""
    if _is_broken(node, node_result):
        return one_line(f"{node.original_file_path}: the {node.resource_type} could not be run.")
    rows = f"{node_result.failures} row(s); {node.original_file_path}"
    return one_line(f"{_meaning(node)} [{rows}]")


def _is_broken(node: Any, node_result: Any) -> bool:  # noqa: ANN401
    """Tell whether a node could not be run, rather than found something."""
    return str(node.resource_type) != "test" or str(node_result.status) == "error"


def _meaning(test: Any) -> str:  # noqa: ANN401
    return test.description or f"The test {test.name} failed."


def _first_failing_row(query: str | None, database_file: Path) -> str:
    """Show a row that the test found, as name=value pairs; empty where it can't be had."""
    try:
        with open_tables(database_file) as tables:
            rows = tables.query(f"select * from ({query}) limit 1")  # noqa: S608 - dbt's own SQL
    except UnreadableResultsError:
        return ""
    return ", ".join(f"{name}={value}" for row in rows for name, value in row.items())


def _exception_line(exception: BaseException) -> str:
    """Word what stopped dbt, with the file that its heading names, unless that is a hook's."""
    problem = _without_heading(getattr(exception, "msg", None) or str(exception))
    if unknown := UNKNOWN_METRIC.search(problem):
        return one_line(
            f"dbt_project.yml: the var metrics lists '{unknown[1]}', but there is no "
            f"models/observations/{unknown[1]}.sql. Correct the name."
        )
    heading = HEADING.match(str(exception))
    if heading and heading["kind"] != "operation" and heading["file"] not in problem:
        return one_line(f"{heading['file']}: {problem}")
    return one_line(problem)


def _without_heading(message: str | None) -> str:
    """Drop dbt's heading ("Runtime Error in model …"), whose file is named anyway, and trails."""
    lines = [line.strip() for line in (message or "no message").strip().splitlines()]
    headed = len(lines) > 1 and "Error in " in lines[0]
    problem = " ".join(line for line in lines[headed:] if not line.startswith(TRAILS))
    if outside := OUTSIDE.search(problem):
        place = outside["path"] or outside["address"]
        # There may be a password in an address.
        shown = f"An address of {place.split(':')[0]}:" if "://" in place else place
        return (
            f"{shown} is outside what a build may reach, which is the project's folder and what"
            " OPTIMIZELY_DATA_DIR, EXPOSURES, EVENTS and CALL_DATA_PATH name. Name input by one of"
            " these."
        )
    if short := OUT_OF_MEMORY.search(problem):
        return NO_DISK if short["what"] else NO_MEMORY
    broken = BROKEN_READ.search(problem)
    if broken and any(word in problem for word in S3_READ):
        return f"reading from S3 broke off: {broken['problem']}. Build again once it answers."
    return problem
