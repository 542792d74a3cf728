"""A project whose ids, names and settings are all hostile texts, and what is to come of it.

What is to come is counted here in Python from the rows themselves, without the project's SQL.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from conftest import PROJECT_ROOT, copy_project
from hostile_texts import hostile_texts
from metric_files import OBSERVATIONS, list_metrics
from small_exports import T0, Row, decisions, events, write_export

FOLDER_NAME_BYTES = 80
"""Texts up to this size fit into the name of a folder, however they are encoded."""
EXPERIMENTS = (
    "{{ 1/0 }}'; drop table experiment_units; --\u202e[a]*",
    *("a\x1fb", "Exp", "exp", "exp "),
)
VARIATIONS = ("{{ x }}", "{{ X }}", "{{ x }} ", "=cmd()\x1b[2J", "*", "'\u2066\"")
# White space around names is dropped: here is none.
NAMES = (
    'it\'s "{{ 1/0 }}"\x1b[2J\u202e <script>alert(1)</script>',
    *("a\x9b31m\nb,c", "=1+1", "\u0411\x00ß"),
)
ATTRIBUTES = (
    *("{{ 1/0 }}", "it's", "plan\u202e", "PLAN", "[a]?"),
    "'; drop table experiment_units; --",
)
SEGMENT_VALUE_LIMIT = 5
METRIC = "Rate of '{{ 1/0 }}'; --\u202e*"
TEXT = 'say "it\'s" {{ 1/0 }} {% x %} */ --\x1b[2J\n<b>=1+1'
TAG = "'{{1/0}}';--"
NAMED, BIG = EXPERIMENTS[0], EXPERIMENTS[:2]


def literal(text: str) -> str:
    """Write a text in the language of the metric's file, SQL and all."""
    return json.dumps(text, ensure_ascii=False)


def equals(text: str) -> str:
    """Write a filter of events by a name."""
    return literal("event_name = '{}'".format(text.replace("'", "''")))


@dataclass(frozen=True)
class HostileWorld:
    """What is exposed and done: every text is a visitor, a session, an entity and a tag."""

    texts: Sequence[str] = field(default_factory=hostile_texts)

    @cached_property
    def short(self) -> list[str]:
        """Give the texts that may be names of events, of which an export makes folders."""
        return [text for text in self.texts if len(text.encode()) <= FOLDER_NAME_BYTES]

    @cached_property
    def event_names(self) -> list[str]:
        """Give the names of the visitors' events, without the one that folders have for none."""
        names = [text for text in self.short[::4] if text != "__HIVE_DEFAULT_PARTITION__"]
        return [names[number % len(names)] for number in range(len(self.texts))]

    @cached_property
    def filtered(self) -> str:
        """Give the name that the metric counts: one with a quote and a brace in it."""
        return next(name for name in self.event_names if "'" in name and "\u202e" not in name)

    @cached_property
    def excluded(self) -> list[str]:
        """Give the visitors that are not analysed; the file of settings can't hold some."""
        return [text for text in self.texts[::9] if not set(text) & {"\r", "\x00"}][:40]

    @cached_property
    def decisions(self) -> list[Row]:
        """Expose everybody to the first experiments, and some to the others."""
        count, rows = len(self.texts), []
        for place, experiment in enumerate(EXPERIMENTS):
            for number, row in enumerate(decisions(count if experiment in BIG else 60)):
                text = self.texts[number]
                value = self.texts[(number * 7 + place) % count]
                attribute = {
                    "id": text,
                    "name": ATTRIBUTES[number % len(ATTRIBUTES)],
                    "type": "custom",
                    "value": value,
                }
                own = {
                    "uuid": f"d{place}-{number}",
                    "visitor_id": text,
                    "session_id": text,
                    "experiment_id": experiment,
                    "variation_id": VARIATIONS[(number + place) % len(VARIATIONS)],
                    "attributes": [*row["attributes"], attribute],
                    "user_agent": f"Mozilla {value}",
                }
                rows.append({**row, **own})
        return rows

    @cached_property
    def events(self) -> list[Row]:
        """Let every visitor do something an hour after the exposure."""
        (form,) = events(1)
        return [
            {
                **form,
                "uuid": f"e{number}",
                "timestamp": T0 + timedelta(minutes=number, hours=1),
                "process_timestamp": T0 + timedelta(minutes=number, hours=1),
                "visitor_id": text,
                "session_id": text,
                "entity_id": text,
                "event_type": text,
                "event_name": self.event_names[number],
                "tags": [(text, text), ("'; --", self.texts[-number])],
            }
            for number, text in enumerate(self.texts)
        ]

    @cached_property
    def analysed(self) -> list[Row]:
        """Give the decisions of those who are not excluded: one of each unit."""
        excluded = set(self.excluded)
        return [row for row in self.decisions if row["visitor_id"] not in excluded]

    @cached_property
    def unit_counts(self) -> Counter[tuple[str, str]]:
        """Count the units by experiment and variation."""
        return Counter((row["experiment_id"], row["variation_id"]) for row in self.analysed)

    def variation_name(self, number: int) -> str:
        """Name a variation of the first experiment."""
        return f"{NAMES[number % len(NAMES)]} {number}"

    @property
    def settings(self) -> dict[str, list[list[str]]]:
        """Give the lines of the settings' files, without headers."""
        named = [
            [NAMED, NAMES[0], each, self.variation_name(number), str(number == 0).lower(), ""]
            for number, each in enumerate(VARIATIONS)
        ]
        return {
            "variations": named,
            "experiments": [[NAMED, "", "", "", "", "", METRIC, f"{TAG} rest"]],
            "excluded_visitors": [[visitor, TEXT] for visitor in self.excluded],
        }

    @property
    def metrics(self) -> dict[str, str]:
        """Give the files of the metrics."""
        first = f"""{{{{ metric_observations(
            name={literal(METRIC)}, type='conversion', source=ref('experiment_events'),
            where={equals(self.filtered)}, description={literal(TEXT)}, owner={literal(TEXT)},
            tags=[{literal(TAG)}],
        ) }}}}"""
        second = """{{ metric_observations(
            name='Revenue of tags', type='sum', source=ref('experiment_events'), value='revenue',
            where=tag("'; --") ~ " is not null", unit='money', tags=['rest'],
        ) }}"""
        return {"obs_first": first, "obs_second": second}

    @property
    def vars(self) -> dict[str, object]:
        """Give the vars of the build."""
        return {
            "segments": [*ATTRIBUTES[:3], f"{ATTRIBUTES[0]}*browser"],
            "segment_value_limit": SEGMENT_VALUE_LIMIT,
            # A text alone is a template to dbt.
            "analysis_experiment_id": EXPERIMENTS[1],
            "bot_user_agent_patterns": ["%'bot{{%", "[bot]"],
        }


def hostile_project(folder: Path, world: HostileWorld) -> Path:
    """Copy the project with its commands, and give it the world's settings and metrics."""
    project = copy_project(folder)
    shutil.copytree(PROJECT_ROOT / "scripts", project / "scripts")
    shutil.rmtree(project / OBSERVATIONS)
    (project / OBSERVATIONS).mkdir()
    for name, text in world.metrics.items():
        (project / OBSERVATIONS / f"{name}.sql").write_text(text, encoding="utf-8")
    list_metrics(project, list(world.metrics))
    # The tests of internal tables are half of the time that a build takes. One of their files says
    # what the semantic layer counts its days by.
    for internal in ("steps", "checks", "doors", "tables", "call_center"):
        for file in project.glob(f"models/*/**/{internal}/*.yml"):
            if file.stem != "calendar_days":
                file.unlink()
    for name, lines in world.settings.items():
        seed = project / "seeds" / f"{name}.csv"
        header = seed.read_text(encoding="utf-8").splitlines()[0]
        with seed.open("w", encoding="utf-8", newline="") as file:
            # As a spreadsheet does: the lines end otherwise than those within cells.
            csv.writer(file, lineterminator="\r\n").writerows([header.split(","), *lines])
    return project


def build(folder: Path, world: HostileWorld) -> subprocess.CompletedProcess[str]:
    """Build the world with the command of its project, which publishes to the folder."""
    project = hostile_project(folder / "project", world)
    given = write_export(folder / "export", world.decisions, world.events)
    return subprocess.run(
        [sys.executable, "-m", "pipeline.build", "--no-report", "--vars", json.dumps(world.vars)],
        cwd=project,
        env={
            **os.environ,
            **given,
            "EXPOSURES": "",
            "EVENTS": "",
            "PYTHONPATH": str(project / "scripts"),
            "WAREHOUSE_PATH": str(folder / "published.duckdb"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
