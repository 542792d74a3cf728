"""Tells whether a variation of an experiment may be launched, by the published results.

Exit codes, of which only 0 is a yes: 0 ship, 10 do not ship, 11 inconclusive, 12 invalid, 2 the
arguments are wrong or name nothing that there is, 3 no results can be read, or they contradict each
other. The rules are those of experiment_decisions; this only reads what they gave.
"""

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

import duckdb

from pipeline.errors import PipelineError, one_line
from pipeline.settings import read_settings

USAGE = "Usage: scripts/check_launch [--max-age-hours N] EXPERIMENT [VARIATION]"
LISTED_LIMIT = 20
SMALLEST_P = 0.0001

Row = dict[str, Any]


class Exit(IntEnum):
    """What the exit codes mean."""

    SHIP = 0
    USAGE = 2
    UNREADABLE = 3
    DO_NOT_SHIP = 10
    INCONCLUSIVE = 11
    INVALID = 12
    STOPPED = 130


CODES = {
    "ship": Exit.SHIP,
    "do_not_ship": Exit.DO_NOT_SHIP,
    "inconclusive": Exit.INCONCLUSIVE,
    "invalid": Exit.INVALID,
}
PASSING_CHECKS = {"ok", "warn"}
# Of several variations: an invalid experiment first; then one that may be shipped is enough.
PRECEDENCE = (Exit.INVALID, Exit.SHIP, Exit.INCONCLUSIVE, Exit.DO_NOT_SHIP)


class UsageError(PipelineError):
    """Arguments that are wrong, or name nothing that there is."""


class UnreadableResultsError(PipelineError):
    """No published results, or none that can be read."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        text = f"{message}. {USAGE}"
        raise UsageError(text)


@dataclass(frozen=True)
class Question:
    """What is asked for."""

    experiment: str
    variation: str | None
    max_age: timedelta | None


@dataclass(frozen=True)
class Answer:
    """What was published about an experiment: a row per variation, guardrail and check."""

    experiment: Row
    decisions: list[Row]
    guardrails: list[Row]
    checks: list[Row]


def main(arguments: Sequence[str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Answer the question that the arguments ask; give the exit code."""
    if "--help" in arguments or "-h" in arguments:
        print(f"{USAGE}; see docs/launch_decisions.md.")
        return Exit.USAGE
    try:
        question = read_arguments(arguments)
        answer = read_answer(read_settings().warehouse_path, question)
        if question.max_age is not None:
            answer = outdate(answer, question.max_age, now())
        text = write(answer)
        code = overall(answer)
    except UsageError as problem:
        return _refuse(problem, Exit.USAGE)
    except KeyboardInterrupt:
        return _refuse("stopped", Exit.STOPPED)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with the file, it says nothing
        return _refuse(problem, Exit.UNREADABLE)
    _print(text)
    return code


def _refuse(problem: object, code: Exit) -> int:
    print(f"check_launch: {one_line(str(problem))}", file=sys.stderr)
    return code


def _print(text: str) -> None:
    """Print, whatever the terminal can show and whether or not anybody reads to the end."""
    try:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        print(text, flush=True)
    except (OSError, AttributeError):
        sys.stdout = None  # type: ignore[assignment]


def read_arguments(arguments: Sequence[str]) -> Question:
    """Read the command's arguments."""
    parser = _Parser(prog="check_launch", add_help=False, allow_abbrev=False)
    parser.add_argument("experiment", metavar="EXPERIMENT")
    parser.add_argument("variation", metavar="VARIATION", nargs="?")
    parser.add_argument("--max-age-hours", metavar="N")
    given = parser.parse_args(arguments)
    # An unset variable of a script must not ask about something else.
    for name in ("experiment", "variation"):
        if getattr(given, name) is not None and not getattr(given, name).strip():
            parser.error(f"{name.upper()} is empty")
    max_age = None
    if given.max_age_hours is not None:
        try:
            hours = float(given.max_age_hours)
            max_age = timedelta(hours=hours)
        except (ValueError, OverflowError):
            hours = math.nan
        if max_age is None or not hours > 0:
            parser.error(f"--max-age-hours is '{given.max_age_hours}', but must be above 0")
    return Question(given.experiment, given.variation, max_age)


# --- reading --------------------------------------------------------------------------------------


def read_answer(warehouse_path: Path, question: Question) -> Answer:
    """Read what was published about the experiment and, if one is named, the variation."""
    if not warehouse_path.is_file():
        message = (
            f"There are no results at {warehouse_path}. Run scripts/build first, or set"
            " WAREHOUSE_PATH to a published file."
        )
        raise UnreadableResultsError(message)
    try:
        with duckdb.connect(str(warehouse_path), read_only=True) as connection:
            return _read(connection, question)
    except duckdb.Error as error:
        message = f"The results at {warehouse_path} can't be read: {error}"
        raise UnreadableResultsError(message) from error


def _read(connection: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    experiments = _rows(
        connection,
        "select experiment_id as id, experiment_name as name, as_of_at from dim_experiments"
        " order by id",
    )
    experiment = choose("experiment", question.experiment, experiments)
    of_experiment = [experiment["id"]]
    variations = _rows(
        connection,
        "select variation_id as id, variation_name as name from dim_variations"
        " where experiment_id = ? order by id",
        of_experiment,
    )
    decisions = _rows(
        connection,
        "select variation_id, variation_name, reference_variation_id, verdict, rule, reason,"
        " primary_metric, absolute_lift, relative_lift, relative_lift_ci_low,"
        " relative_lift_ci_high, adjusted_p_value, guardrail_count, check_count"
        " from experiment_decisions where experiment_id = ? order by variation_name, variation_id",
        of_experiment,
    )
    guardrails = _rows(
        connection,
        "select variation_id, metric_name, conclusion, explanation from guardrail_conclusions"
        " where experiment_id = ? order by place, metric_name",
        of_experiment,
    )
    checks = _rows(
        connection,
        "select check_name, segment_name, segment_value, status, message from experiment_health"
        " where experiment_id = ? order by status, check_name, segment_name, segment_value",
        of_experiment,
    )
    check_consistency(decisions)
    if question.variation is not None:
        wanted = choose("variation", question.variation, variations)
        decisions = [row for row in decisions if row["variation_id"] == wanted["id"]]
        if not decisions:
            message = f"{_label(wanted)} is the variation that the others are compared with."
            raise UsageError(message)
    answer = Answer(experiment, decisions, guardrails, checks)
    for row in decisions:
        if row["verdict"] == "ship":
            check_one_build(answer, row)
    return answer


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[str] = ()
) -> list[Row]:
    result = connection.execute(query, list(values))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def choose(kind: str, wanted: str, candidates: list[Row]) -> Row:
    """Find what an id or a name means; an id goes before a name."""
    by_id = [row for row in candidates if row["id"] == wanted]
    found = by_id or [row for row in candidates if row["name"] == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(row["id"] for row in found)
        message = f"'{wanted}' is the name of several {kind}s: {ids}. Give the id."
        raise UsageError(message)
    listed = ", ".join(_label(row) for row in candidates[:LISTED_LIMIT])
    more = f", and {len(candidates) - LISTED_LIMIT} more" if len(candidates) > LISTED_LIMIT else ""
    message = f"There is no {kind} '{wanted}'. There are: {listed or 'none'}{more}."
    raise UsageError(message)


def _label(row: Row) -> str:
    return row["id"] if row["name"] == row["id"] else f"{row['name']} ({row['id']})"


def check_consistency(decisions: list[Row]) -> None:
    """Refuse decisions that the build would not have published."""
    unknown = [row["verdict"] for row in decisions if row["verdict"] not in CODES]
    if unknown:
        message = f"experiment_decisions has the verdict '{unknown[0]}', which is none of its own."
        raise UnreadableResultsError(message)
    if len({row["variation_id"] for row in decisions}) < len(decisions):
        message = "experiment_decisions has several rows of one variation."
        raise UnreadableResultsError(message)


def check_one_build(answer: Answer, decision: Row) -> None:
    """Refuse to ship by a decision that other checks or guardrails have led to than there are."""
    variation = decision["variation_name"]
    guardrails = [
        row for row in answer.guardrails if row["variation_id"] == decision["variation_id"]
    ]
    counted = [
        (f"{len(answer.checks)} health checks", len(answer.checks), decision["check_count"]),
        (
            f"{len(guardrails)} guardrails of {variation}",
            len(guardrails),
            decision["guardrail_count"],
        ),
    ]
    problems = [
        f"there are {found}, and not {expected}"
        for found, count, expected in counted
        if count != expected
    ]
    problems += [
        f"{row['check_name']} is {row['status'] or 'null'}"
        for row in answer.checks
        if row["status"] not in PASSING_CHECKS
    ]
    problems += [
        f"{row['metric_name']} of {variation} is {row['conclusion'] or 'null'}"
        for row in guardrails
        if row["conclusion"] != "acceptable"
    ]
    if not answer.checks:
        problems.append("there is no health check")
    if problems:
        message = (
            f"The tables are not of one build: experiment_decisions says ship, but {problems[0]}."
            " Run scripts/build."
        )
        raise UnreadableResultsError(message)


# --- judging --------------------------------------------------------------------------------------


def outdate(answer: Answer, max_age: timedelta, now: datetime) -> Answer:
    """Take back what would be shipped by results that are too old, or of the future."""
    as_of = answer.experiment["as_of_at"]
    if as_of is not None and abs(now - as_of.replace(tzinfo=UTC)) <= max_age:
        return answer
    reason = (
        f"The results are as of {_time(as_of)}, and now it is {_time(now)}: more than"
        f" {max_age.total_seconds() / 3600:g} hours apart. They say ship: "
    )
    decisions = [
        {
            **row,
            "verdict": "inconclusive",
            "rule": "results_too_old",
            "reason": f"{reason}{row['reason']}",
        }
        if row["verdict"] == "ship"
        else row
        for row in answer.decisions
    ]
    return Answer(answer.experiment, decisions, answer.guardrails, answer.checks)


def overall(answer: Answer) -> int:
    """Give the exit code; an experiment with nothing to compare is invalid."""
    codes = {CODES[row["verdict"]] for row in answer.decisions} or {Exit.INVALID}
    return next(code for code in PRECEDENCE if code in codes)


# --- writing --------------------------------------------------------------------------------------


def write(answer: Answer) -> str:
    """Write an answer as lines for people to read; what came from the data stays in its line."""
    experiment = answer.experiment
    blocks = [
        [("experiment", _label(experiment)), ("as of", _time(experiment["as_of_at"]))],
        *(_variation(row, answer.guardrails) for row in answer.decisions),
        [("checks", line) for line in _checks(answer)],
    ]
    if not answer.decisions:
        blocks[0].append(("verdict", "invalid: no variation to compare with another"))
    return "\n\n".join("\n".join(_lines(block)) for block in blocks)


def _lines(block: list[tuple[str, str]]) -> list[str]:
    """Align a block; a label that repeats is left out."""
    labels = [label for label, _ in block]
    return [
        f"{'' if label in labels[:number] else label:<12}{one_line(text)}"
        for number, (label, text) in enumerate(block)
    ]


def _variation(row: Row, guardrails: list[Row]) -> list[tuple[str, str]]:
    label = _label({"id": row["variation_id"], "name": row["variation_name"]})
    watched = [
        ("guardrails", f"{guardrail['conclusion']}: {guardrail['explanation']}")
        for guardrail in guardrails
        if guardrail["variation_id"] == row["variation_id"]
    ]
    return [
        ("variation", label),
        ("verdict", f"{row['verdict']} ({row['rule']})"),
        ("reason", str(row["reason"])),
        ("primary", _primary(row)),
        *(watched or [("guardrails", "none")]),
    ]


def _primary(row: Row) -> str:
    name = row["primary_metric"] or "none"
    if row["adjusted_p_value"] is None:
        return name
    p_value = row["adjusted_p_value"]
    shown = f"< {SMALLEST_P}" if p_value < SMALLEST_P else f"= {p_value:.4f}"
    lift, low, high = (
        row[column] for column in ("relative_lift", "relative_lift_ci_low", "relative_lift_ci_high")
    )
    text = f"{row['absolute_lift']:+g}" if lift is None else f"{lift:+.2%}"
    interval = "" if low is None or high is None else f" ({low:+.2%} to {high:+.2%})"
    return f"{name}: {text}{interval}, adjusted p {shown}"


def _checks(answer: Answer) -> list[str]:
    lines = []
    for row in answer.checks:
        segment = "" if row["segment_value"] == "(all)" else f", {row['segment_value']}"
        if row["status"] != "ok":
            lines.append(f"{row['status']}: {row['check_name']}{segment}: {row['message']}")
    return lines or ["no warning" if answer.decisions else "none"]


def _time(at: datetime | None) -> str:
    return "no time" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
