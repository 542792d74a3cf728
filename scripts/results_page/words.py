"""What the page calls things: verdicts, rules, states, statuses, reasons.

Whatever the tables may come to say besides is shown as it stands there, without its underscores.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from results_page.results import State


@dataclass(frozen=True)
class Label:
    """A word with the sign and the tone that go with it."""

    icon: str
    text: str
    tone: str = ""


VERDICTS = {
    "ship": Label("✓", "Ship", "good"),
    "do_not_ship": Label("✕", "Don’t ship", "bad"),
    "inconclusive": Label("–", "Inconclusive", "none"),
    "invalid": Label("!", "Not valid", "warn"),
}
STATES = {
    State.REFERENCE: Label("", "The control"),
    State.BETTER: Label("✓", "Better"),
    State.WORSE: Label("✕", "Worse"),
    State.FLAT: Label("–", "No clear difference"),
    State.EARLY: Label("…", "Too early to say"),
    State.SAFE: Label("✓", "Within margin"),
    State.UNSURE: Label("?", "Harm not ruled out"),
    State.LOW: Label("·", "Too few units"),
    State.MISSING: Label("·", "Not judged"),
    State.HELD: Label("!", "Held back"),
}
STATUSES = {
    "zero_reference": "The control is 0",
    "skewed_lift": "Too skewed to test",
    "zero_variance": "Same value for all",
    "tied_quantile": "Too many ties",
    "too_few_units": "Too few units",
    "zero_denominator": "Denominator is 0",
    "not_by_day": "Not computed by day",
    "out_of_range": "Out of range",
    "empty_variation": "No units",
    "no_reference_variation": "No control",
}
"""Why a number is missing, in three words."""
RULES = {
    "failing_health_check": "a health check fails",
    "no_health_check": "no health check was made",
    "no_reference_variation": "no single variation to compare with",
    "harmed_guardrail": "a guardrail is harmed",
    "worse_primary_metric": "primary metric worse",
    "no_primary_metric": "no primary metric is named",
    "unmeasured_primary_metric": "the primary metric can’t be judged",
    "primary_metric_not_better": "primary metric not better",
    "stale_guardrail": "a guardrail has no recent data",
    "unmeasured_guardrail": "a guardrail can’t be judged",
    "uncertain_guardrail": "harm to a guardrail is not ruled out",
    "too_early": "before the planned end, and not certain at every look",
    "better_after_planned_duration": "better after the planned duration",
    "better_at_every_look": "better however often one looks",
}
EXCLUSIONS = {
    "holdback": "Held back from the experiment",
    "bot": "Bots",
    "excluded_visitor": "Test traffic",
    "repeat_exposure": "Seen again: only the first exposure counts",
    "duplicate_id": "Copies of the same exposure",
    "conflicting_id": "One id, different exposures",
    "before_experiment": "Before the experiment began",
    "after_experiment": "After the experiment ended",
    "after_as_of": "After the time of the data",
    "tied_exposure": "Two variations at the same instant",
    "crossover": "Saw two variations",
    "missing_id": "Without an id",
    "missing_visitor_id": "Without a visitor",
    "missing_timestamp": "Without a time",
    "missing_variation_id": "Without a variation",
    "missing_session_id": "Without a session",
    "missing_holdback_flag": "Held back or not: unknown",
}
ESTIMATORS = {"raw": "As observed", "capped": "Capped", "cuped": "CUPED"}
UNITS_RULES = {
    "min_units_per_variation": "are what health asks for in each variation",
    "lift_skewness_limit": "are needed before a lift so skewed has a p-value",
    "denominators": "are needed for enough of them to have a denominator",
    "quantile_ranks": "are needed for an interval of this quantile",
}
"""What asks for more units than power does."""
NOT_SET = "(not set)"
LONGEST_NAME, ENDING = 80, 20
"""So many characters of a name stand in a sentence, and so many of its end."""
EVERYTHING = "(all)"


def in_words(name: str) -> str:
    """Write a name of the tables as words."""
    return name.replace("_", " ")


def rule(name: str) -> str:
    """Say by which rule a verdict was reached."""
    return RULES.get(name, in_words(name))


def exclusion(reason: str) -> str:
    """Say why exposures are left out."""
    return EXCLUSIONS.get(reason, in_words(reason).capitalize())


def verdict(name: str) -> Label:
    """Give a verdict's word; one that is not known is none to act upon."""
    return VERDICTS.get(name, Label("!", in_words(name).capitalize(), "warn"))


def state(which: State, status: str) -> Label:
    """Say what a row says, or why it says nothing."""
    label = STATES[which]
    if which != State.MISSING:
        return label
    return Label(label.icon, STATUSES.get(status, in_words(status).capitalize()))


def in_sentence(name: str) -> str:
    """Write a name as a sentence can bear it.

    One from right to left doesn't turn what stands beside it, and of a very long one the middle
    is left out: names that are made by a program differ at their ends.
    """
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - ENDING]}…{name[-ENDING:]}"
    is_turned = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in name)
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" if is_turned else name


def listed(names: Sequence[str], most: int = 4) -> str:
    """List names in a sentence, as many as it can bear."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(number: int, one: str, several: str | None = None) -> str:
    """Write a number of things."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
