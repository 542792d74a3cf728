"""Shows what the published tables say of an experiment.

Exit codes: 0 shown, 2 the arguments name nothing that there is, or no results can be read.
"""

import sys
from collections.abc import Sequence

import click

from pipeline import cli
from pipeline.comparison import Question, document, read_answer
from pipeline.comparison_text import write, write_list
from pipeline.errors import UsageError
from pipeline.published import open_published
from pipeline.readings import list_experiments, read_experiment
from pipeline.settings import read_settings

HELP = """Show what the published tables say of an EXPERIMENT, by id or name; without one, list all.

Of every metric its headline estimator is shown, which verdicts are made from. Money, which the
tables hold in cents, is shown in hundreds of them.
"""


def main(arguments: Sequence[str]) -> int:
    """Show what the arguments ask for; give the exit code."""
    return cli.run("results", arguments, _job)


def _job(arguments: Sequence[str]) -> cli.Outcome:
    question = read_arguments(arguments)
    with open_published(read_settings().warehouse_path) as tables:
        if question.experiment is None:
            listed = [read_experiment(tables, row) for row in list_experiments(tables)]
            documents = [experiment.document() for experiment in listed]
            return cli.Outcome(write_list(listed), {"experiments": documents})
        answer = read_answer(tables, question)
    return cli.Outcome(write(answer), document(answer))


# --- arguments ------------------------------------------------------------------------------------


def read_arguments(arguments: Sequence[str]) -> Question:
    """Read the command's arguments."""
    return cli.read(_command, arguments)


@click.command("results", cls=cli.Command, help=HELP)
@click.argument("experiment", required=False)
@click.option(
    "--metric", "metrics", multiple=True, metavar="NAME", help="Only this metric; again for more."
)
@click.option(
    "--segment",
    metavar="NAME[=VALUE]",
    help="By the values of a segment, such as browser, or of one value alone.",
)
@click.option("--by-day", is_flag=True, help="As of the end of each day.")
@click.option(
    "--baseline",
    metavar="VARIATION",
    help="Compare with this variation, an id or a name, instead of the reference variation.",
)
@click.option(
    "--confidence",
    metavar="LEVEL",
    help="Give intervals of this level, such as .9, instead of the build's.",
)
@cli.json_option
def _command(  # noqa: PLR0913 - the options that there are
    *,
    experiment: str | None,
    metrics: tuple[str, ...],
    segment: str | None,
    by_day: bool,
    baseline: str | None,
    confidence: str | None,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> Question:
    level = None if confidence is None else _level(confidence)
    question = Question(experiment, metrics, segment, by_day, baseline, level)
    _check(question)
    return question


def _check(question: Question) -> None:
    if question.experiment is not None and not question.experiment.strip():
        message = "EXPERIMENT is empty."
        raise UsageError(message)
    is_cut = question.by_day or question.segment is not None
    if question.experiment is None and (question.metrics or is_cut or question.is_switched):
        message = "EXPERIMENT is needed with these options. Without any, experiments are listed."
        raise UsageError(message)
    if question.by_day and question.segment is not None:
        message = "--by-day and --segment don't go together: no table has both."
        raise UsageError(message)
    if question.is_switched and is_cut:
        message = (
            "--baseline and --confidence are for the whole experiment: leave --by-day or"
            " --segment out."
        )
        raise UsageError(message)


def _level(text: str) -> float:
    try:
        level = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        level = 0
    if not 0 < level < 1:
        message = f"--confidence is '{text}', but must be above 0 and below 1, such as .9."
        raise UsageError(message)
    return level


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
