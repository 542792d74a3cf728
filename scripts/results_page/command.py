"""Writes the results pages: one of each experiment, and an index of all.

Exit codes: 0 written, 2 the arguments name nothing that there is, no results can be read, or the
folder can't be written.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from pipeline import cli
from pipeline.errors import PipelineError
from pipeline.published import check_published, open_published
from pipeline.settings import read_settings

from results_page.dbt_docs import make_dbt_docs
from results_page.report import report_folder, what_lies_beside, write_report

HELP = """Write the results of every EXPERIMENT, by id or name, as pages to open in a browser.

Without one, all are written. The folder, by default reports/, is replaced as a whole; of a file
that WAREHOUSE_PATH names it is FILE.report, beside that. Open index.html in it, from disk or from
any web server.
"""


def main(arguments: Sequence[str]) -> int:
    """Write what the arguments ask for; give the exit code."""
    return cli.run("report", arguments, _job)


def _job(arguments: Sequence[str]) -> cli.Outcome:
    wanted, output, has_docs = cli.read(_command, arguments)
    settings = read_settings()
    warehouse_path = settings.warehouse_path
    folder = report_folder(warehouse_path) if output is None else Path(output).absolute()
    check_published(warehouse_path)
    docs = make_dbt_docs(settings, folder) if has_docs else None
    with open_published(warehouse_path) as tables:
        index = write_report(tables, folder, wanted, what_lies_beside(warehouse_path, docs))
    if index is None:
        message = f"There are no experiments in {warehouse_path}. Run scripts/build."
        raise PipelineError(message)
    return cli.Outcome(f"Report {index}", {"report": index})


@click.command("report", cls=cli.Command, help=HELP)
@click.argument("experiments", nargs=-1, metavar="[EXPERIMENT]...")
@click.option("--output", metavar="FOLDER", help="Write to this folder instead.")
@click.option(
    "--docs",
    "has_docs",
    is_flag=True,
    help="Add dbt's documentation of all tables, with their lineage; it takes half a minute.",
)
@cli.json_option
def _command(
    *,
    experiments: tuple[str, ...],
    output: str | None,
    has_docs: bool,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> tuple[tuple[str, ...], str | None, bool]:
    return experiments, output, has_docs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
