"""What a notification says: verdicts, and the health checks that fail or warn, as one document.

Programs read its fields, which docs/notifications.md describes; people read its text. It has
nothing but what pages of results show: of what failed it names the test or file, and quotes no row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.choosing import label
from pipeline.errors import one_line
from pipeline.published import PublishedTables, Row
from pipeline.words import time_text

SCHEMA_VERSION = 1
"""Goes up where a field goes or changes its meaning, not where one is added."""
TEXT_LIMIT = 4000
"""Characters of a text, above which Slack recommends no message to be."""
VERDICT_COLUMNS = ("variation_id", "variation_name", "verdict", "rule", "reason")
CHECK_COLUMNS = ("check_name", "segment_name", "segment_value", "status", "message")


@dataclass(frozen=True)
class Notice:
    """What came of a command."""

    command: str
    status: str
    """Of a build: published, not published, failed; of a question: its verdict, or failed."""
    exit_code: int
    experiments: Sequence[Row] = ()
    """As `experiment_notice` gives them."""
    failures: Sequence[str] = field(default_factory=tuple)

    def document(self) -> dict[str, Any]:
        """Give it for programs, with the text for people in it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "command": self.command,
            "status": self.status,
            "exit_code": self.exit_code,
            "failures": list(self.failures),
            "experiments": list(self.experiments),
            "text": self.text(),
        }

    def slack(self) -> dict[str, Any]:
        """Give it for an incoming webhook of Slack: names can't mention people or make links."""
        escaped = self.text().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return {"text": escaped}

    def text(self) -> str:
        """Tell it in lines, as many as a message may have."""
        head = f"{self.command}: {self.status}"
        lines = [head, *self.failures]
        for experiment in self.experiments:
            lines += _experiment_lines(experiment)
        return _as_far_as_it_goes([one_line(line) for line in lines])


def experiment_notice(experiment: Row, decisions: Sequence[Row], checks: Sequence[Row]) -> Row:
    """Give what is told of an experiment: each verdict, and what fails or warns."""
    return {
        "experiment_id": experiment["id"],
        "experiment_name": experiment["name"],
        "as_of_at": experiment["as_of_at"],
        "verdicts": [_chosen(row, VERDICT_COLUMNS) for row in decisions],
        "checks": [_chosen(row, CHECK_COLUMNS) for row in checks if row["status"] != "ok"],
    }


def published_experiments(tables: PublishedTables) -> list[Row]:
    """Give what is told of each published experiment."""
    experiments = tables.query(
        "select experiment_id as id, experiment_name as name, as_of_at from dim_experiments"
        " order by id"
    )
    decisions = _by_experiment(
        tables.query(
            f"select experiment_id, {', '.join(VERDICT_COLUMNS)} from experiment_decisions"  # noqa: S608 - our own names
            " order by variation_name, variation_id"
        )
    )
    checks = _by_experiment(
        tables.query(
            f"select experiment_id, {', '.join(CHECK_COLUMNS)} from experiment_health"  # noqa: S608 - our own names
            " order by status, check_name, segment_name, segment_value"
        )
    )
    return [
        experiment_notice(row, decisions.get(row["id"], []), checks.get(row["id"], []))
        for row in experiments
    ]


def _by_experiment(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["experiment_id"], []).append(row)
    return found


def _chosen(row: Mapping[str, Any], columns: Sequence[str]) -> Row:
    return {column: row[column] for column in columns}


def _experiment_lines(experiment: Row) -> list[str]:
    named = {"id": experiment["experiment_id"], "name": experiment["experiment_name"]}
    lines = [f"{label(named)}, as of {time_text(experiment['as_of_at'])}"]
    lines += [
        f"- {row['variation_name']}: {row['verdict']}. {row['reason']}"
        for row in experiment["verdicts"]
    ]
    for row in experiment["checks"]:
        segment = "" if row["segment_value"] == "(all)" else f", {row['segment_value']}"
        lines.append(f"- {row['status']}: {row['check_name']}{segment}: {row['message']}")
    return lines


def _as_far_as_it_goes(lines: Sequence[str]) -> str:
    """Join lines; where they are too many, say how many are left out."""
    text = "\n".join(lines)
    count = len(lines)
    while len(text) > TEXT_LIMIT:
        count -= 1
        text = "\n".join([*lines[:count], f"... and {len(lines) - count} more lines"])
    return text
