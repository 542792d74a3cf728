"""Shows what the published tables say of an experiment.

Exit codes: 0 shown, 2 the arguments name nothing that there is, or no results can be read.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import click
from rich.console import RenderableType

from pipeline import cli
from pipeline.choosing import choose, choose_names, label, there_are
from pipeline.errors import UsageError
from pipeline.published import PublishedTables, Row, open_tables
from pipeline.readings import (
    Cut,
    Experiment,
    list_experiments,
    read_experiment,
    read_intervals,
    read_results,
)
from pipeline.screen import indented, lay_out, line, table
from pipeline.settings import read_settings
from pipeline.words import (
    MISSING,
    count_text,
    difference_text,
    level_text,
    metric_text,
    p_value_text,
    percent_text,
    probability_text,
    time_text,
    unit_text,
    value_text,
)

HELP = """Show what the published tables say of an EXPERIMENT, by id or name; without one, list all.

Of every metric its headline estimator is shown, which verdicts are made from. Money, which the
tables hold in cents, is shown in hundreds of them.
"""
NOT_A_PROBLEM = {"ok", "reference"}


@dataclass(frozen=True)
class Question:
    """What is asked for."""

    experiment: str | None
    metrics: tuple[str, ...]
    segment: str | None
    by_day: bool
    baseline: str | None
    level: float | None

    @property
    def is_switched(self) -> bool:
        """Tell whether another baseline or level than the build's is asked for."""
        return self.baseline is not None or self.level is not None

    @property
    def cut(self) -> Cut:
        """Tell how the units are to be cut."""
        if self.by_day:
            return Cut.DAY
        return Cut.WHOLE if self.segment is None else Cut.SEGMENT


@dataclass(frozen=True)
class Answer:
    """Results of an experiment, and what they are made with."""

    experiment: Experiment
    reference: Row | None
    level: float | None
    results: list[Row]
    question: Question


def main(arguments: Sequence[str]) -> int:
    """Show what the arguments ask for; give the exit code."""
    return cli.run("results", arguments, _job)


def _job(arguments: Sequence[str]) -> cli.Outcome:
    question = read_arguments(arguments)
    with open_tables(read_settings().warehouse_path) as tables:
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


# --- reading --------------------------------------------------------------------------------------


def read_answer(tables: PublishedTables, question: Question) -> Answer:
    """Read what is asked for."""
    listed = list_experiments(tables)
    experiment = read_experiment(tables, choose("experiment", question.experiment or "", listed))
    reference, level = experiment.reference, experiment.level
    if question.is_switched:
        reference, level = _switched(experiment, question)
        results = read_intervals(tables, experiment, reference, level)
    else:
        results = read_results(tables, experiment, question.cut)
    if question.metrics:
        choose_names("metric", question.metrics, sorted({row["metric_name"] for row in results}))
        results = [row for row in results if row["metric_name"] in question.metrics]
    if question.segment is not None:
        results = _of_segment(results, question.segment)
    return Answer(experiment, reference, level, results, question)


def _switched(experiment: Experiment, question: Question) -> tuple[Row, float]:
    """Find the baseline and the level; of what is not given, the build's."""
    if question.baseline is not None:
        baseline = choose("variation", question.baseline, experiment.variations)
    elif experiment.reference is not None:
        baseline = experiment.reference
    else:
        message = "The experiment has no reference variation. Name one with --baseline."
        raise UsageError(message)
    level = question.level or experiment.level
    if level is None:
        message = "The published tables don't name the level of their intervals. Give --confidence."
        raise UsageError(message)
    return baseline, level


def _of_segment(results: list[Row], segment: str) -> list[Row]:
    name, is_valued, value = segment.partition("=")
    choose_names("segment", [name], sorted({row["segment_name"] for row in results}))
    found = [row for row in results if row["segment_name"] == name]
    if not is_valued:
        return found
    values = sorted({row["segment_value"] for row in found})
    if value not in values:
        message = f"There is no {name} '{value}'. {there_are(values)}"
        raise UsageError(message)
    return [row for row in found if row["segment_value"] == value]


# --- writing --------------------------------------------------------------------------------------


Column = tuple[str, Callable[[Row], str]]


def write_list(experiments: Sequence[Experiment]) -> str:
    """List experiments with the verdicts about their variations."""
    header = ["experiment", "id", "verdicts", "units", "as of"]
    rows = [
        [
            experiment.name,
            experiment.id,
            ", ".join(f"{row['variation_name']}: {row['verdict']}" for row in experiment.decisions)
            or MISSING,
            count_text(experiment.row["unit_count"]),
            time_text(experiment.row["as_of_at"]),
        ]
        for experiment in experiments
    ]
    return lay_out(table(header, rows, texts=3)) if rows else "There is no experiment."


def write(answer: Answer) -> str:
    """Write an answer for people to read: the experiment, then variation by variation."""
    compared = _compared_variations(answer)
    blocks = [lay_out(*_head(answer))]
    blocks += [lay_out(*_variation(answer, row)) for row in compared]
    if not compared:
        blocks.append("There is nothing to show.")
    return "\n\n".join(blocks)


def _compared_variations(answer: Answer) -> list[Row]:
    measured = {row["variation_id"] for row in answer.results}
    reference = answer.reference["id"] if answer.reference else None
    return [
        row
        for row in answer.experiment.variations
        if row["id"] in measured and row["id"] != reference
    ]


def _head(answer: Answer) -> list[RenderableType]:
    row = answer.experiment.row
    level = f", intervals of {level_text(answer.level)}" if answer.level else ""
    against = f"compared with {label(answer.reference)}" if answer.reference else "not compared"
    title = (
        f"{label(row)}: {count_text(row['unit_count'])} units as of {time_text(row['as_of_at'])}"
    )
    lines = [line(title), indented(f"{against}{level}")]
    if answer.question.is_switched:
        lines.append(indented("verdicts are not shown: they stand for the build's own settings"))
    return lines


def _variation(answer: Answer, variation: Row) -> list[RenderableType]:
    rows = [row for row in answer.results if row["variation_id"] == variation["id"]]
    columns = _columns(answer, variation)
    body = [[write_cell(row) for _, write_cell in columns] for row in rows]
    decision = None if answer.question.is_switched else answer.experiment.decision(variation["id"])
    blocks: list[RenderableType] = [line(_title(variation, decision))]
    if decision is not None:
        blocks += [indented(decision["reason"]), indented(_planned_end(decision))]
    blocks.append(table([header for header, _ in columns], body, texts=_text_count(answer)))
    return blocks + [indented(note) for note in _notes(rows)]


def _title(variation: Row, decision: Row | None) -> str:
    title = f"{label(variation)}: {count_text(variation['unit_count'])} units"
    return title if decision is None else f"{title}; {decision['verdict']} ({decision['rule']})"


def _planned_end(decision: Row) -> str:
    until, days = decision["planned_until_at"], decision["days_to_planned_end"]
    if until is None or days is None:
        return "planned end: none"
    left = f"{days:,} days left" if days else "reached"
    return f"planned end: {until:%Y-%m-%d}, {left}"


def _text_count(answer: Answer) -> int:
    return 2 if answer.question.cut is Cut.WHOLE else 3


def _columns(answer: Answer, variation: Row) -> list[Column]:
    cut = answer.question.cut
    value = partial(_value, "metric_value")
    columns: list[Column] = [("metric", _metric), ("in", lambda row: unit_text(row["unit"]))]
    if cut is Cut.SEGMENT:
        name = answer.results[0]["segment_name"]
        columns.append((name, lambda row: row["segment_value"]))
    if cut is Cut.DAY:
        columns.append(("as of the end of", lambda row: str(row["as_of_date"])))
    if cut is not Cut.WHOLE:
        columns.append(("units", lambda row: count_text(row["unit_count"])))
    if answer.reference is not None:
        columns.append((answer.reference["name"], partial(_value, "reference_metric_value")))
    columns += [
        (variation["name"], value),
        ("lift", _lift),
        (f"{level_text(answer.level)} interval".strip(), _interval),
        ("p", lambda row: p_value_text(row["p_value"])),
        ("adjusted p", lambda row: p_value_text(row["adjusted_p_value"])),
    ]
    if not answer.question.is_switched:
        columns.append(("chance to win", lambda row: probability_text(row["chance_to_win"])))
        columns.append(("days to power", lambda row: count_text(row["days_to_target"])))
    return columns


def _metric(row: Row) -> str:
    role = ", primary" if row["is_primary"] else ", guardrail" if row["is_guardrail"] else ""
    return f"{metric_text(row)}{role}"


def _value(column: str, row: Row) -> str:
    return value_text(row[column], row["unit"])


def _lift(row: Row) -> str:
    """Write the relative lift; where the reference is 0, the absolute one."""
    if row["relative_lift"] is not None:
        return percent_text(row["relative_lift"])
    return difference_text(row["absolute_lift"], row["unit"])


def _interval(row: Row) -> str:
    if row["relative_lift"] is not None:
        low, high = (percent_text(row[f"relative_lift_ci_{end}"]) for end in ("low", "high"))
    else:
        low, high = (
            difference_text(row[f"absolute_lift_ci_{end}"], row["unit"]) for end in ("low", "high")
        )
    return MISSING if MISSING in {low, high} else f"{low} to {high}"


def _notes(rows: Sequence[Row]) -> list[str]:
    """Say why numbers are missing, once for all days or segments of a metric."""
    places: dict[str, list[str]] = {}
    for row in rows:
        if row["status"] not in NOT_A_PROBLEM:
            note = f"{row['metric_name']}: {row['status']}. {row['status_reason']}"
            places.setdefault(note, []).append(_place(row))
    return [f"{note}{_range(found)}" for note, found in places.items()]


def _place(row: Row) -> str:
    return str(row.get("segment_value") or row.get("as_of_date") or "")


def _range(places: list[str]) -> str:
    if not places[0]:
        return ""
    if len(places) == 1:
        return f" ({places[0]})"
    return f" ({places[0]} to {places[-1]}, {len(places)} rows)"


def document(answer: Answer) -> dict[str, Any]:
    """Give an answer as a document for programs; money is in cents, as in the tables."""
    reference = answer.reference
    return {
        "experiment": answer.experiment.document(),
        "reference_variation_id": reference["id"] if reference else None,
        "reference_variation_name": reference["name"] if reference else None,
        "confidence_level": answer.level,
        "results": answer.results,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
