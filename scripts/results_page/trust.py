"""Whether the results may be trusted, and who is counted: checks, facts, the way of units."""

from dataclasses import dataclass, field

from pipeline.published import Row

from results_page import formats, words
from results_page.experiment import FAILED, Experiment, Variation

WARNED = "warn"
LEADING = ("sample_ratio", "pre_exposure_bias", "crossovers", "stale_events")
"""The checks that are shown even where they find nothing."""
NOT_CHECKED = "Not checked"
STALE_CHECK = "stale_events"
SMALLEST_BAR = 0.4
"""The width of a loss that could not be seen otherwise, in percent."""
ICONS = {FAILED: "✕", WARNED: "!", "ok": "✓"}


@dataclass(frozen=True)
class Check:
    """A health check and what it found."""

    name: str
    title: str
    status: str
    finding: str
    advice: str

    @property
    def is_made(self) -> bool:
        """Tell whether there was anything to check."""
        return not self.finding.startswith(NOT_CHECKED)

    @property
    def icon(self) -> str:
        """Give its sign: none passes that was not made."""
        return ICONS.get(self.status, "✕") if self.is_made else "·"


@dataclass(frozen=True)
class Health:
    """The checks of an experiment, by what they found."""

    failed: list[Check]
    warned: list[Check]
    passed: list[Check]

    @property
    def count(self) -> int:
        """Count them all."""
        return len(self.failed) + len(self.warned) + len(self.passed)

    @property
    def leading(self) -> list[Check]:
        """Give those that are shown even where they find nothing."""
        return [check for check in self.passed if check.name in LEADING]

    def named(self, name: str) -> Check | None:
        """Find a check."""
        everything = (*self.failed, *self.warned, *self.passed)
        return next((check for check in everything if check.name == name), None)

    @property
    def label(self) -> words.Label:
        """Sum them up in a word."""
        if self.failed:
            failed = words.counted(len(self.failed), "check")
            return words.Label("✕", f"{failed} failed", "bad")
        if self.warned:
            return words.Label("!", f"{words.counted(len(self.warned), 'thing')} to know", "warn")
        if not self.passed:
            return words.Label("!", "Nothing was checked", "warn")
        return words.Label("✓", "All checks passed", "good")


def health(experiment: Experiment) -> Health:
    """Read an experiment's checks; a status that is not known fails, as verdicts have it."""
    checks = [_check(row) for row in experiment.health]
    known = {WARNED, "ok"}
    return Health(
        [check for check in checks if check.status not in known],
        [check for check in checks if check.status == WARNED],
        [check for check in checks if check.status == "ok"],
    )


def _check(row: Row) -> Check:
    is_whole = row["segment_name"] == words.EVERYTHING
    where = "" if is_whole else f" ({row['segment_name']} {row['segment_value']})"
    return Check(
        row["check_name"],
        (row["title"] or words.in_words(row["check_name"]).capitalize()) + where,
        row["status"],
        row["finding"] or "",
        row["advice"] or "",
    )


# --- facts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One of the four things to know before the numbers."""

    title: str
    label: words.Label
    text: str
    link: tuple[str, str] | None = None
    """Where to read on, and what the link says."""


def trust_fact(found: Health) -> Fact:
    """Say whether the results may be trusted."""
    parts = [
        _said(found.named("sample_ratio"), "split as planned", "split not as planned"),
        _said(
            found.named("pre_exposure_bias"),
            "no difference before exposure",
            "a difference before exposure",
            "difference before exposure not checked",
        ),
    ]
    said = "; ".join(part for part in parts if part)
    text = f"{said[:1].upper()}{said[1:]}." if said else ""
    return Fact(
        "Can it be trusted?", found.label, text, ("health", words.counted(found.count, "check"))
    )


def _said(check: Check | None, good: str, bad: str, unknown: str = "") -> str:
    if check is None or not check.is_made:
        return unknown
    return good if check.status == "ok" else bad


def guardrail_fact(experiment: Experiment) -> Fact:
    """Say whether something that is watched is harmed; nothing to watch is a finding."""
    guardrails = [metric for metric in experiment.metrics if metric.is_guardrail]
    if not guardrails:
        none = words.Label("!", "None defined", "warn")
        return Fact("Guardrails", none, "Nothing in this experiment is watched for harm.")
    names = words.listed([metric.spoken for metric in guardrails], 2)
    margins = {metric.row["non_inferiority_margin"] for metric in guardrails}
    margin = margins.pop() if len(margins) == 1 else None
    by = f" by more than {formats.percent(margin)}" if margin else ""
    return Fact("Guardrails", _guardrail_label(experiment), f"{names} may not get worse{by}.")


def _guardrail_label(experiment: Experiment) -> words.Label:
    found = [row["conclusion"] for row in experiment.conclusions.values()]
    if not found:
        return words.Label("!", "Not judged", "warn")
    if harmed := found.count("harmed"):
        return words.Label("✕", f"{harmed} harmed", "bad")
    if any(conclusion != "acceptable" for conclusion in found):
        return words.Label("?", "Harm not ruled out", "warn")
    return words.Label("✓", "None harmed", "good")


def units_fact(experiment: Experiment) -> Fact:
    """Say how many units there are, and in which variation."""
    parts = [
        f"{variation.spoken} {formats.count(variation.unit_count)}"
        for variation in experiment.variations
    ]
    noun = experiment.unit_nouns[1].capitalize()
    label = words.Label("", formats.count(experiment.unit_count))
    return Fact(noun, label, f"{words.listed(parts)}.", ("flow", "Where they come from"))


@dataclass(frozen=True)
class Progress:
    """How much of the planned duration is over."""

    label: words.Label
    text: str
    done: float
    exposures: float | None
    """Where exposures end, while it runs."""


def progress(experiment: Experiment) -> Progress | None:
    """Say how long it still runs; None where no end is planned."""
    start, end = experiment.started_at, experiment.planned_until_at
    if start is None or end is None or end <= start:
        return None
    span = (end - start).total_seconds()

    def share(seconds: float) -> float:
        return round(100 * min(1, max(0, seconds / span)), 1)

    window = formats.hours(experiment.row["attribution_window_hours"] or 0)
    if not experiment.is_running:
        text = f"{formats.day(end)}. Effects count for {window} after exposure."
        return Progress(words.Label("✓", "Planned end passed"), text, 100, None)
    stop = experiment.exposures_end_at
    last = f"last window ends {formats.day(end)}."
    verb = "ended" if stop and stop <= experiment.as_of_at else "end"
    text = (
        f"Exposures {verb} {formats.day(stop)}; the {last}"
        if experiment.row["ends_at"]
        else f"The {last}"
    )
    return Progress(
        words.Label("", f"{words.counted(experiment.days_left, 'day')} left"),
        text,
        share((experiment.as_of_at - start).total_seconds()),
        share((stop - start).total_seconds()) if stop else None,
    )


# --- who is counted -------------------------------------------------------------------------------


@dataclass(frozen=True)
class FlowStep:
    """A step on the way from exposures to units, with its bar in percent of the first."""

    text: str
    note: str
    count: int
    is_loss: bool
    left: float
    """What remains after it."""
    width: float
    """The bar of what is lost."""


@dataclass(frozen=True)
class Share:
    """What a variation got of the units, and what was planned."""

    variation: Variation
    planned: str
    got: str
    units: str


@dataclass(frozen=True)
class Flow:
    """From every exposure to the units that are analysed."""

    steps: list[FlowStep] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)


def flow(experiment: Experiment) -> Flow:
    """Lay out how exposures become units."""
    losses = [row for row in experiment.exclusions if row["row_count"]]
    total = experiment.unit_count + sum(row["row_count"] for row in losses)
    noun = experiment.unit_nouns[1].capitalize()
    steps = [FlowStep("Exposure records", "as delivered", total, is_loss=False, left=100, width=0)]
    left = total
    for row in losses:
        left -= row["row_count"]
        share = _percent(row["row_count"], total)
        steps.append(
            FlowStep(
                words.exclusion(row["reason"]),
                f"{words.counted(row['visitor_count'], 'visitor')}" if row["visitor_count"] else "",
                row["row_count"],
                is_loss=True,
                left=_percent(left, total),
                width=max(share, SMALLEST_BAR),
            )
        )
    note = "each in the variation of the first exposure"
    remaining = _percent(left, total)
    steps.append(FlowStep(f"{noun} analysed", note, left, is_loss=False, left=remaining, width=0))
    shares = [_share(experiment, variation) for variation in experiment.variations]
    return Flow(steps, shares)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0


def _share(experiment: Experiment, variation: Variation) -> Share:
    whole = experiment.unit_count
    return Share(
        variation,
        formats.percent(variation.share),
        formats.percent(variation.unit_count / whole if whole else None),
        formats.count(variation.unit_count),
    )


def stale_text(found: Health) -> str:
    """Say that the data are stale, where a check found it."""
    check = found.named(STALE_CHECK)
    if check is None or check.status == "ok":
        return ""
    return f"{check.finding} {check.advice}".strip()
