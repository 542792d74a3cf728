"""Writes an experiment's results for people to read: variation by variation, metric by metric."""

from collections.abc import Callable, Sequence
from functools import partial

from rich.console import RenderableType

from pipeline.choosing import label
from pipeline.comparison import Answer
from pipeline.published import Row
from pipeline.readings import Cut, Experiment
from pipeline.screen import indented, lay_out, line, table
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

NOT_A_PROBLEM = {"ok", "reference"}

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
    columns: list[Column] = [("metric", _metric), ("in", unit_text)]
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
    return value_text(row[column], row)


def _lift(row: Row) -> str:
    """Write the relative lift; where the reference is 0, the absolute one."""
    if row["relative_lift"] is not None:
        return percent_text(row["relative_lift"])
    return difference_text(row["absolute_lift"], row)


def _interval(row: Row) -> str:
    if row["relative_lift"] is not None:
        low, high = (percent_text(row[f"relative_lift_ci_{end}"]) for end in ("low", "high"))
    else:
        low, high = (
            difference_text(row[f"absolute_lift_ci_{end}"], row) for end in ("low", "high")
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
