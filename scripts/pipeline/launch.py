"""What was published about an experiment's launch, and what follows from it.

The rules are those of experiment_decisions; this only reads what they gave, and refuses it where
the tables do not fit together.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path

from pipeline.choosing import choose, label
from pipeline.errors import UnreadableResultsError, UsageError
from pipeline.published import PublishedTables, Row, open_published
from pipeline.readings import confidence_level
from pipeline.words import time_text


class Exit(IntEnum):
    """What the exit codes mean."""

    SHIP = 0
    USAGE = 2
    UNREADABLE = 3
    DO_NOT_SHIP = 10
    INCONCLUSIVE = 11
    INVALID = 12


CODES = {
    "ship": Exit.SHIP,
    "do_not_ship": Exit.DO_NOT_SHIP,
    "inconclusive": Exit.INCONCLUSIVE,
    "invalid": Exit.INVALID,
}
PASSING_CHECKS = {"ok", "warn"}
# Of several variations: an invalid experiment first; then one that may be shipped is enough.
PRECEDENCE = (Exit.INVALID, Exit.SHIP, Exit.INCONCLUSIVE, Exit.DO_NOT_SHIP)


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
    level: float | None
    decisions: list[Row]
    guardrails: list[Row]
    checks: list[Row]

    def guardrails_of(self, decision: Row) -> list[Row]:
        """Give the guardrails of a decision's variation."""
        return [row for row in self.guardrails if row["variation_id"] == decision["variation_id"]]


# --- reading --------------------------------------------------------------------------------------


def read_answer(warehouse_path: Path, question: Question) -> Answer:
    """Read what was published about the experiment and, if one is named, the variation."""
    with open_published(warehouse_path) as tables:
        return _read(tables, question)


def _read(tables: PublishedTables, question: Question) -> Answer:
    experiments = tables.query(
        "select experiment_id as id, experiment_name as name, as_of_at from dim_experiments"
        " order by id"
    )
    experiment = choose("experiment", question.experiment, experiments)
    of_experiment = [experiment["id"]]
    variations = tables.query(
        "select variation_id as id, variation_name as name from dim_variations"
        " where experiment_id = ? order by id",
        of_experiment,
    )
    decisions = tables.query(
        "select variation_id, variation_name, reference_variation_id, verdict, rule, reason,"
        " primary_metric, absolute_lift, relative_lift, relative_lift_ci_low,"
        " relative_lift_ci_high, adjusted_p_value, guardrail_count, check_count"
        " from experiment_decisions where experiment_id = ? order by variation_name, variation_id",
        of_experiment,
    )
    guardrails = tables.query(
        "select variation_id, metric_name, conclusion, explanation from guardrail_conclusions"
        " where experiment_id = ? order by place, metric_name",
        of_experiment,
    )
    checks = tables.query(
        "select check_name, segment_name, segment_value, status, message from experiment_health"
        " where experiment_id = ? order by status, check_name, segment_name, segment_value",
        of_experiment,
    )
    check_consistency(decisions)
    if question.variation is not None:
        decisions = _of_variation(decisions, choose("variation", question.variation, variations))
    names = {row["id"]: row["name"] for row in variations}
    answer = Answer(
        experiment=experiment,
        level=confidence_level(tables, experiment["id"]),
        decisions=[
            {**row, "reference_variation_name": names.get(row["reference_variation_id"])}
            for row in decisions
        ],
        guardrails=guardrails,
        checks=checks,
    )
    for row in decisions:
        if row["verdict"] == "ship":
            check_one_build(answer, row)
    return answer


def _of_variation(decisions: list[Row], wanted: Row) -> list[Row]:
    found = [row for row in decisions if row["variation_id"] == wanted["id"]]
    if not found:
        message = f"{label(wanted)} is the variation that the others are compared with."
        raise UsageError(message)
    return found


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
    guardrails = answer.guardrails_of(decision)
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
        f"The results are as of {time_text(as_of)}, and now it is {time_text(now)}: more than"
        f" {max_age.total_seconds() / 3600:g} hours apart. They say ship: "
    )
    outdated = {"verdict": "inconclusive", "rule": "results_too_old"}
    decisions = [
        {**row, **outdated, "reason": f"{reason}{row['reason']}"}
        if row["verdict"] == "ship"
        else row
        for row in answer.decisions
    ]
    return replace(answer, decisions=decisions)


def overall(answer: Answer) -> int:
    """Give the exit code; an experiment with nothing to compare is invalid."""
    codes = {CODES[row["verdict"]] for row in answer.decisions} or {Exit.INVALID}
    return next(code for code in PRECEDENCE if code in codes)
