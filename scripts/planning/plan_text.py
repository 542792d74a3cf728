"""Writes a plan for people to read."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pipeline.published import Row
from pipeline.screen import indented, lay_out, line, table
from pipeline.words import MISSING, count_text, unit_text, value_text

from planning.plan_tables import BEYOND, SHOWN_DAYS
from planning.question import Question


def write(question: Question, plans: Sequence[Row], lifts: Sequence[Row], path: Path) -> str:
    """Write the head, what it takes, what can be seen, and why numbers are missing."""
    first = plans[0]
    shares = " / ".join(f"{100 * share:.4g}" for share in question.shares)
    fixed = next(row for row in plans if row["test"] == "fixed")
    sequential = next(row for row in plans if row["test"] == "sequential")
    levels = _share(fixed["comparison_alpha"])
    if sequential["comparison_alpha"] != fixed["comparison_alpha"]:
        levels += f" for each comparison, {_share(sequential['comparison_alpha'])} sequentially"
    head = [
        line(
            f"{len(question.shares)} variations, {shares}: a lift of"
            f" {_share(first['relative_lift'])} is to be seen with a power of"
            f" {_share(first['target_power'])},"
            f" at the level {levels}"
        ),
        indented(
            f"from {question.baseline_days} days, {first['baseline_starts_at']:%Y-%m-%d %H:%M} to"
            f" {first['baseline_ends_at']:%Y-%m-%d %H:%M} UTC, in which"
            f" {count_text(first['baseline_unit_count'])} units came"
        ),
    ]
    blocks = [
        lay_out(*head),
        lay_out(line("What it takes, all variations together"), _needs(plans)),
        lay_out(line("Which lift can be seen in so many days"), _seen(question, lifts)),
    ]
    if notes := dict.fromkeys(_notes(plans)):
        blocks.append(lay_out(*(indented(note) for note in notes)))
    return "\n\n".join([*blocks, f"Tables metric_plans, detectable_lifts: {path}"])


def _needs(plans: Sequence[Row]) -> object:
    header = ["metric", "estimator", "in", "value", "units", "days"]
    header += ["units, sequential", "days, sequential"]
    rows = []
    for _, pair in groupby(plans, key=lambda row: (row["metric_name"], row["estimator"])):
        fixed, sequential = pair
        rows.append(
            [
                fixed["metric_name"],
                _estimator(fixed),
                unit_text(fixed),
                value_text(fixed["metric_value"], fixed),
                *(_units(fixed), _days(fixed), _units(sequential), _days(sequential)),
            ]
        )
    return table(header, rows, texts=3)


def _estimator(row: Row) -> str:
    """Name the estimator, and mark the one to read."""
    return row["estimator"] + ("*" if row["is_headline"] else "")


def _units(row: Row) -> str:
    guard = "" if row["units_rule"] in {None, "power"} else f" ({row['units_rule']})"
    return f"{count_text(row['required_unit_count'])}{guard}"


def _days(row: Row) -> str:
    if row["required_days"] is None and row["least_required_days"] is not None:
        return f"> {row['least_required_days']:,}"
    return count_text(row["required_days"])


def _seen(question: Question, lifts: Sequence[Row]) -> object:
    longest = max((row["experiment_days"] or 0 for row in lifts), default=0)
    shown = [question.days] if question.days else [day for day in SHOWN_DAYS if day <= longest]
    header = ["metric", "estimator", "test", *(f"{day} days" for day in shown)]
    rows = [
        [*key, *(_lift_by(list(group), day) for day in shown)] for key, group in _grouped(lifts)
    ]
    return table(header, rows, texts=3)


def _grouped(lifts: Sequence[Row]) -> list[tuple[tuple[str, str, str], list[Row]]]:
    def key(row: Row) -> tuple[str, str, str]:
        return row["metric_name"], _estimator(row), row["test"]

    return [(name, list(rows)) for name, rows in groupby(lifts, key=key)]


def _lift_by(rows: Sequence[Row], day: int) -> str:
    """Write the lift that an experiment of exactly so many days can show."""
    found = next((row for row in rows if row["experiment_days"] == day), None)
    lift = None if found is None else found["relative_minimum_detectable_effect"]
    return MISSING if lift is None else f"{lift:.2%}"


def _notes(plans: Sequence[Row]) -> Iterator[str]:
    """Say why numbers are missing; what lies beyond the baseline once for all."""
    if any(row["status"] == BEYOND for row in plans):
        yield (
            "> beyond the days of the baseline: at the pace of its last 7 days it takes so many,"
            " and more where ever fewer come for the first time. A longer baseline says more."
        )
    for row in plans:
        if row["status"] in {"ok", BEYOND}:
            continue
        estimator = "" if row["estimator"] == "raw" else f" ({row['estimator']})"
        test = f", {row['test']}" if row["status"] == "out_of_reach" else ""
        yield f"{row['metric_name']}{estimator}{test}: {row['status']}. {row['status_reason']}"


def _share(share: float) -> str:
    return f"{100 * share:.4g}%"
