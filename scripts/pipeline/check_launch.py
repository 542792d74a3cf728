"""Tells whether a variation of an experiment may be launched, by the published results.

Exit codes, of which only 0 is a yes: 0 ship, 10 do not ship, 11 inconclusive, 12 invalid, 2 the
arguments are wrong or name nothing that there is, 3 no results can be read, or they contradict each
other.
"""

import math
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from pipeline import cli
from pipeline.choosing import label, named_in_full
from pipeline.errors import UsageError
from pipeline.launch import CODES, Answer, Exit, Question, outdate, overall, read_answer
from pipeline.notice import Notice, experiment_notice
from pipeline.notify import Notifier, notify_options, read_notifier, told_of_failure
from pipeline.published import Row
from pipeline.screen import labelled, lay_out
from pipeline.settings import read_settings
from pipeline.words import level_text, p_value_text, percent_text, time_text

HELP = """Tell whether a VARIATION of an EXPERIMENT may be launched, by the published results.

Both are ids or names. Without VARIATION all variations are shown, and one that may be shipped is
enough, unless another is invalid.

Exit codes, of which only 0 is a yes: 0 ship, 10 do not ship, 11 inconclusive, 12 invalid, 2 wrong
arguments, 3 no results that can be read. See docs/launch_decisions.md.
"""


def main(arguments: Sequence[str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Answer the question that the arguments ask; give the exit code."""

    def job(given: Sequence[str]) -> cli.Outcome:
        question, notifier = read_arguments(given)
        with told_of_failure(notifier, no_answer):
            answer = read_answer(read_settings().warehouse_path, question)
        if question.max_age is not None:
            answer = outdate(answer, question.max_age, now())
        cli.warn(notifier.tell(notice(answer)))
        return cli.Outcome(write(answer), document(answer), overall(answer))

    return cli.run("check_launch", arguments, job, cli.Failing(Exit.USAGE, Exit.UNREADABLE))


# --- arguments ------------------------------------------------------------------------------------


def read_arguments(arguments: Sequence[str]) -> tuple[Question, Notifier]:
    """Read the command's arguments: what is asked, and whom to notify of the answer."""
    return cli.read(_command, arguments)


@click.command("check_launch", cls=cli.Command, help=HELP)
@click.argument("experiment")
@click.argument("variation", required=False)
@click.option(
    "--max-age-hours",
    metavar="N",
    help="Ship nothing by results whose as-of time is more than N hours from now.",
)
@notify_options
@cli.json_option
def _command(  # noqa: PLR0913 - an option each
    *,
    experiment: str,
    variation: str | None,
    max_age_hours: str | None,
    notify: str | None,
    notify_format: str,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> tuple[Question, Notifier]:
    # An unset variable of a script must not ask about something else.
    for name, given in (("EXPERIMENT", experiment), ("VARIATION", variation)):
        if given is not None and not given.strip():
            message = f"{name} is empty."
            raise UsageError(message)
    question = Question(experiment, variation, _max_age(max_age_hours))
    return question, read_notifier(notify, notify_format)


def _max_age(hours: str | None) -> timedelta | None:
    if hours is None:
        return None
    try:
        number = float(hours)
        age = timedelta(hours=number)
    except (ValueError, OverflowError):
        number, age = math.nan, timedelta()
    if not number > 0:
        message = f"--max-age-hours is '{hours}', but must be above 0."
        raise UsageError(message)
    return age


# --- writing --------------------------------------------------------------------------------------


def write(answer: Answer) -> str:
    """Write an answer as lines for people to read; what came from the data stays in its line."""
    experiment = answer.experiment
    head = [("experiment", label(experiment)), ("as of", time_text(experiment["as_of_at"]))]
    if not answer.decisions:
        head.append(("verdict", "invalid: no variation to compare with another"))
    blocks = [
        head,
        *(_variation(row, answer) for row in answer.decisions),
        [("checks", line) for line in _checks(answer)],
    ]
    return "\n\n".join(lay_out(labelled(block)) for block in blocks)


def _variation(row: Row, answer: Answer) -> list[tuple[str, str]]:
    watched = [
        ("guardrails", f"{guardrail['conclusion']}: {guardrail['explanation']}")
        for guardrail in answer.guardrails_of(row)
    ]
    return [
        ("variation", label({"id": row["variation_id"], "name": row["variation_name"]})),
        *_reference(row, answer),
        ("verdict", f"{row['verdict']} ({row['rule']})"),
        ("reason", str(row["reason"])),
        ("primary", _primary(row)),
        *(watched or [("guardrails", "none")]),
    ]


def _reference(row: Row, answer: Answer) -> list[tuple[str, str]]:
    reference = {"id": row["reference_variation_id"], "name": row["reference_variation_name"]}
    if reference["name"] is None:
        return []
    level = f", intervals of {level_text(answer.level)}" if answer.level else ""
    return [("reference", f"{label(reference)}{level}")]


def _primary(row: Row) -> str:
    name = row["primary_metric"] or "none"
    if row["adjusted_p_value"] is None:
        return name
    shown = p_value_text(row["adjusted_p_value"])
    lift, low, high = (
        row[column] for column in ("relative_lift", "relative_lift_ci_low", "relative_lift_ci_high")
    )
    text = f"{row['absolute_lift']:+g}" if lift is None else percent_text(lift)
    is_bounded = low is not None and high is not None
    interval = f" ({percent_text(low)} to {percent_text(high)})" if is_bounded else ""
    sign = "" if shown.startswith("<") else "= "
    return f"{name}: {text}{interval}, adjusted p {sign}{shown}"


def _checks(answer: Answer) -> list[str]:
    lines = []
    for row in answer.checks:
        segment = "" if row["segment_value"] == "(all)" else f", {row['segment_value']}"
        if row["status"] != "ok":
            lines.append(f"{row['status']}: {row['check_name']}{segment}: {row['message']}")
    return lines or ["no warning" if answer.decisions else "none"]


def notice(answer: Answer) -> Notice:
    """Give an answer as it is told to others."""
    experiment = experiment_notice(answer.experiment, answer.decisions, answer.checks)
    return Notice("check_launch", _verdict(answer), int(overall(answer)), [experiment])


def no_answer(error: Exception) -> Notice:
    """Tell others that there is none, and not the names that were asked for."""
    code = Exit.USAGE if isinstance(error, UsageError) else Exit.UNREADABLE
    failure = "There is no answer, which is no yes: its log says why."
    return Notice("check_launch", "failed", int(code), failures=[failure])


def _verdict(answer: Answer) -> str:
    """Name the verdict of all variations that were asked for."""
    code = overall(answer)
    return next(verdict for verdict, its_code in CODES.items() if its_code == code)


def document(answer: Answer) -> dict[str, Any]:
    """Give an answer as a document for programs."""
    return {
        "verdict": _verdict(answer),
        "exit_code": int(overall(answer)),
        "experiment": named_in_full("experiment", answer.experiment),
        "confidence_level": answer.level,
        "variations": [
            {**row, "guardrails": answer.guardrails_of(row)} for row in answer.decisions
        ],
        "checks": answer.checks,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
