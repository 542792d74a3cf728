"""The headline: what to do, in a few words and a sentence."""

from dataclasses import dataclass

from results_page import formats, words
from results_page.experiment import Experiment, Metric
from results_page.results import HARMED
from results_page.verdicts import (
    AT_EVERY_LOOK,
    BLOCKING_RULES,
    DO_NOT_SHIP,
    HARMED_GUARDRAIL,
    INCONCLUSIVE,
    INVALID,
    NO_REFERENCE,
    ORDER,
    SHIP,
    TOO_EARLY,
    VerdictRow,
    troubled_guardrails,
)

INVALID_LEADS = {
    "failing_health_check": (
        "A health check fails, so a difference may come from how the experiment ran and not from"
        " what it changed."
    ),
    "no_health_check": "No health check was made, so nothing says whether they may be believed.",
}


@dataclass(frozen=True)
class Headline:
    """What to do, in a few words and a sentence."""

    tone: str
    icon: str
    title: str
    lead: str


def headline(experiment: Experiment, rows: list[VerdictRow]) -> Headline:
    """Say what to do."""
    by_verdict = {verdict: [row for row in rows if row.verdict == verdict] for verdict in ORDER}
    if not any(row.verdict for row in rows) or any(row.rule == NO_REFERENCE for row in rows):
        return _nothing_decided(experiment, rows)
    # What is not known ships nothing.
    invalid = [row for row in rows if row.verdict not in ORDER or row.verdict == INVALID]
    if invalid:
        lead = INVALID_LEADS.get(invalid[0].rule, f"Rule: {invalid[0].rule_text}.")
        return Headline("warn", "!", "Don’t read these results yet", lead)
    if by_verdict[SHIP]:
        return _ship(experiment, by_verdict[SHIP], by_verdict[INCONCLUSIVE])
    blocked = [row for row in by_verdict[INCONCLUSIVE] if row.rule in BLOCKING_RULES]
    if blocked:
        return _blocked(experiment, blocked)
    if by_verdict[DO_NOT_SHIP]:
        return _do_not_ship(experiment, by_verdict[DO_NOT_SHIP], by_verdict[INCONCLUSIVE])
    return _no_winner(experiment)


def _names(rows: list[VerdictRow]) -> str:
    return words.listed([row.variation.spoken for row in rows], 3)


def _best(rows: list[VerdictRow], metric: Metric | None) -> VerdictRow:
    sign = -1 if metric and metric.direction == "decrease" else 1
    return max(rows, key=lambda row: sign * row.estimate)


def _ship(experiment: Experiment, ship: list[VerdictRow], rest: list[VerdictRow]) -> Headline:
    metric = experiment.primary
    best = _best(ship, metric)
    lead = _effect(experiment, best)
    if best.rule == AT_EVERY_LOOK:
        lead += " No need to wait for the planned end: this holds however often one looks."
    others = len(ship) - 1
    if others:
        others_text = words.counted(others, "other")
        lead += f" {others_text} may be shipped as well, with a smaller lift."
    if rest:
        lead += f" {_names(rest)} {'is' if len(rest) == 1 else 'are'} inconclusive."
    return Headline("good", "✓", f"Ship {best.variation.spoken}", lead.strip())


def _effect(experiment: Experiment, row: VerdictRow) -> str:
    """Say in the metric's own unit what a variation does."""
    metric, result = experiment.primary, row.result
    if metric is None or result is None:
        return ""
    before, after = (
        formats.value(number, metric.unit) for number in (result.baseline_value, result.value)
    )
    difference = result.absolute.estimate or 0
    verb = "rises" if difference > 0 else "falls"
    sentence = f"{metric.spoken} {verb} from {before} to {after}"
    if metric.unit.kind == formats.Kind.SHARE and abs(difference) >= 0.0005:  # noqa: PLR2004 - one in 2,000
        more = "more" if difference > 0 else "fewer"
        units = experiment.unit_nouns[1]
        sentence += f": about {abs(difference) * 1000:,.0f} {more} in every 1,000 {units}"
    elif result.relative.estimate is not None:
        sentence += f", {formats.relative_change(result.relative.estimate)}"
    return sentence + "."


def _blocked(experiment: Experiment, blocked: list[VerdictRow]) -> Headline:
    best = _best(blocked, experiment.primary)
    name = best.variation.spoken
    effect = _effect(experiment, best)
    if best.rule == TOO_EARLY:
        why = "Wait for the planned end: seen before it, a difference like this may be chance."
        return Headline("warn", "…", f"Too early to ship {name}", f"{effect} {why}".strip())
    troubled = troubled_guardrails(experiment, best.variation.id)
    guardrails = words.listed([metric.spoken for metric in troubled], 2) or "a guardrail"
    why = f"But harm to {guardrails} is not ruled out."
    return Headline("warn", "?", f"{name} wins, but don’t ship it yet", f"{effect} {why}".strip())


def _do_not_ship(experiment: Experiment, bad: list[VerdictRow], rest: list[VerdictRow]) -> Headline:
    lead = _effect(experiment, bad[0]) if len(bad) == 1 else ""
    harmed = [row for row in bad if row.rule == HARMED_GUARDRAIL]
    if harmed:
        names = {
            metric.name: None
            for row in harmed
            for metric in troubled_guardrails(experiment, row.variation.id, HARMED)
        }
        verb = "harms" if len(harmed) == 1 else "harm"
        lead += f" {_names(harmed)} {verb} {words.listed(list(names), 2)}."
    if rest:
        lead += f" {_names(rest)} {'is' if len(rest) == 1 else 'are'} inconclusive."
    return Headline("bad", "✕", f"Don’t ship {_names(bad)}", lead.strip())


def _no_winner(experiment: Experiment) -> Headline:
    title = "No winner yet" if experiment.is_running else "No winner"
    if experiment.primary is None:
        lead = "No primary metric is named, so nothing decides. Name one in seeds/experiments.csv."
    else:
        baseline = experiment.reference.spoken if experiment.reference else "the control"
        where = " in any variation" if len(experiment.treatments) > 1 else ""
        lead = f"{experiment.primary.spoken} can’t be told apart from {baseline}’s{where}."
    return Headline("none", "–", title, lead)


def _nothing_decided(experiment: Experiment, rows: list[VerdictRow]) -> Headline:
    if len(experiment.variations) < 2:  # noqa: PLR2004 - it takes two to compare
        lead = "The experiment has one variation. What it did stands below, against nothing."
    elif any(row.rule == NO_REFERENCE for row in rows):
        lead = "No single variation is named as the control. Name one in seeds/variations.csv."
    else:
        return Headline("warn", "!", "No verdict", "Nothing was decided of this experiment.")
    return Headline("warn", "!", "Nothing to compare", lead)
