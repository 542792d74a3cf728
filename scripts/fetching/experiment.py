"""What Optimizely's API says of an experiment, in the words of the settings."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pipeline.errors import PipelineError
from pipeline.words import count_text

from fetching.csv_file import LINE_END

WHOLE_WEIGHT = 10_000
"""What the weights of an experiment's variations add up to."""
ENDED = ("archived", "concluded", "paused")
"""Statuses of experiments that expose nobody any more."""
STOPPED = ("archived", "paused")
"""Statuses of variations that are shown to nobody any more."""
MANUAL = (None, "", "manual")
"""How traffic is split where no algorithm moves it."""
WEIGHT = re.compile(r"[0-9]{1,5}([.][0-9]{1,6})?")
YEARS = range(1990, 2100)
"""When an experiment may be; what stands for no time lies before."""
DAY_LENGTH = len("2024-01-31")


@dataclass(frozen=True)
class Variation:
    """One variation, as the API has it."""

    id: str
    name: str
    share: str
    """Its share of the traffic; empty where that says nothing of how the units were split."""
    is_shown: bool
    """Whether visitors get to see it, by its status and weight of today."""


@dataclass(frozen=True)
class Experiment:
    """One experiment, as the API has it."""

    id: str
    name: str
    variations: Sequence[Variation]
    starts_at: str
    ends_at: str
    notes: Sequence[str]
    """What a person should know of it."""

    def wanted(self, exported: AbstractSet[str]) -> list[Variation]:
        """Give the variations that visitors see or the data have; the first is the reference."""
        return [one for one in self.variations if one.is_shown or one.id in exported]


def read_experiment(document: Mapping[str, Any], experiment_id: str) -> Experiment:
    """Read the API's answer to who asks for an experiment."""
    variations = document.get("variations")
    if id_text(document.get("id")) != experiment_id or not isinstance(variations, list):
        message = (
            f"Optimizely's answer to who asks for experiment {experiment_id} is none: it has"
            " another id, or no list of variations. Run this again, and check OPTIMIZELY_API_URL if"
            " it is set."
        )
        raise PipelineError(message)
    notes: list[str] = []
    found = _variations(variations, is_manual=_splits_by_hand(document, notes), notes=notes)
    return Experiment(
        id=experiment_id,
        name=_name(document),
        variations=found,
        starts_at=_time(document, "earliest", notes),
        ends_at=_time(document, "latest", notes) if document.get("status") in ENDED else "",
        notes=notes,
    )


def id_text(value: object) -> str:
    """Write an id as the export does; empty where it is none."""
    is_id = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return str(value) if is_id else ""


def time_of(cell: str) -> datetime | None:
    """Give the time that a cell of the settings means, or an answer of the API; UTC."""
    try:
        found = datetime.fromisoformat(cell.strip())
    except ValueError:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _variations(
    documents: Sequence[object], *, is_manual: bool, notes: list[str]
) -> list[Variation]:
    fields = _fields_by_id(documents, notes)
    weights = {variation_id: _weight(field.get("weight")) for variation_id, field in fields.items()}
    stopped = {
        variation_id
        for variation_id, field in fields.items()
        if field.get("status") in STOPPED or field.get("archived") is True
    }
    if len(stopped) == len(fields):
        # They were stopped together, with the experiment: its split is what it was.
        stopped = set()
    notes += [
        f"Variation {variation_id} has no weight of 0 to {count_text(WHOLE_WEIGHT)}."
        for variation_id, weight in weights.items()
        if weight is None
    ]
    total = sum(weight or 0 for weight in weights.values())
    if fields and is_manual and total != WHOLE_WEIGHT:
        notes.append(
            f"The weights add up to {total:,f} of {count_text(WHOLE_WEIGHT)}: what the shares add"
            " up to counts as the whole."
        )
    found = []
    for variation_id, weight in weights.items():
        is_shown = variation_id not in stopped and weight != 0
        share = _share(weight) if is_manual and is_shown and weight else ""
        found.append(Variation(variation_id, _name(fields[variation_id]), share, is_shown))
    return found


def _fields_by_id(documents: Sequence[object], notes: list[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        fields = document if isinstance(document, Mapping) else {}
        variation_id = id_text(fields.get("variation_id"))
        if variation_id.strip() and variation_id.isprintable() and variation_id not in found:
            found[variation_id] = fields
        else:
            notes.append("Optimizely lists a variation without an id, or one twice: left out.")
    return found


def _name(document: Mapping[str, Any]) -> str:
    """Give the key, which code goes by, or else the name."""
    for field in ("key", "name"):
        value = document.get(field)
        if isinstance(value, str) and value.strip():
            # JSON can hold halves of characters, which no file can.
            text = value.strip().encode("utf-8", "replace").decode("utf-8")
            return LINE_END.sub("\n", text)
    return ""


def _weight(value: object) -> Decimal | None:
    if isinstance(value, bool) or not WEIGHT.fullmatch(str(value)):
        return None
    weight = Decimal(str(value))
    return weight if weight <= WHOLE_WEIGHT else None


def _share(weight: Decimal) -> str:
    return f"{(weight / WHOLE_WEIGHT).normalize():f}"


def _splits_by_hand(document: Mapping[str, Any], notes: list[str]) -> bool:
    policy = document.get("allocation_policy")
    if policy in MANUAL:
        return True
    notes.append("Optimizely moves its traffic while it runs, so no shares are taken.")
    return False


def _time(document: Mapping[str, Any], field: str, notes: list[str]) -> str:
    """Write a time as the settings have it; a day stays one."""
    value = document.get(field)
    if value is None or value == "":
        return ""
    at = time_of(value) if isinstance(value, str) else None
    if at is None or at.year not in YEARS:
        notes.append(f"Its time '{field}' can't be read: {value}. The cell stays as it is.")
        return ""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        return value.strip()
    return at.replace(tzinfo=None).isoformat(sep=" ")
