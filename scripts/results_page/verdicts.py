"""The verdict in words: the headline, a sentence for each variation, and its rule."""

from dataclasses import dataclass

from pipeline.published import Row

from results_page import formats, words
from results_page.experiment import Experiment, Metric, Variation
from results_page.intervals import Drawing, draw
from results_page.results import ACCEPTABLE, Change, Result, State, is_good, read_result
from results_page.scales import Scale

SHIP = "ship"
DO_NOT_SHIP = "do_not_ship"
INCONCLUSIVE = "inconclusive"
INVALID = "invalid"
NO_REFERENCE = "no_reference_variation"
AT_EVERY_LOOK = "better_at_every_look"
TOO_EARLY = "too_early"
HARMED_GUARDRAIL = "harmed_guardrail"
GUARDRAIL_RULES = {
    *("stale_guardrail", "unmeasured_guardrail", "uncertain_guardrail", HARMED_GUARDRAIL),
}
CONCLUDED = {
    "harmed": "worse",
    "uncertain": "harm not ruled out",
    "stale": "no recent data",
    "unmeasured": "can’t be judged",
}
"""What a guardrail did, in a few words."""
BLOCKING_RULES = {*GUARDRAIL_RULES - {HARMED_GUARDRAIL}, TOO_EARLY}
"""The rules by which a variation whose primary metric is better is not shipped."""
MANY = 4
"""Above so many variations, each has one sentence and the best come first."""
ORDER = (SHIP, DO_NOT_SHIP, INVALID, INCONCLUSIVE)


@dataclass(frozen=True)
class VerdictRow:
    """What is decided of one variation."""

    variation: Variation
    label: words.Label
    verdict: str
    rule: str
    sentence: str
    """What the primary metric did."""
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    """Segments that lose while the whole wins."""
    result: Result | None
    state: State
    drawing: Drawing | None

    @property
    def description(self) -> str:
        """Give the drawing in words."""
        change = self.result.relative if self.result else None
        if change is None or change.span is None:
            return ""
        low, high = formats.relative_change(change.low), formats.relative_change(change.high)
        return f"{formats.relative_change(change.estimate)}, {low} to {high}"

    @property
    def rule_text(self) -> str:
        """Give the rule in words."""
        return words.rule(self.rule)

    @property
    def estimate(self) -> float:
        """Give the lift, to order by."""
        return (self.result.lift.estimate if self.result else None) or 0


def verdict_rows(experiment: Experiment, scale: Scale) -> list[VerdictRow]:
    """Give the verdicts of an experiment, of many the best first."""
    rows = [_row(experiment, variation, scale) for variation in experiment.treatments]
    if len(rows) > MANY:
        rows.sort(key=lambda row: (_place(row.verdict), -row.estimate))
    return rows


def _place(verdict: str) -> int:
    return ORDER.index(verdict) if verdict in ORDER else len(ORDER)


def _row(experiment: Experiment, variation: Variation, scale: Scale) -> VerdictRow:
    decision = experiment.decisions.get(variation.id)
    metric = experiment.primary
    result = experiment.headlines.get((metric.name, variation.id)) if metric else None
    state = State.MISSING
    if metric and result:
        conclusion = experiment.conclusion(metric.name, variation.id)
        state = experiment.judge.state(result, metric.direction, conclusion)
    verdict, rule = (decision["verdict"], decision["rule"]) if decision else ("", "")
    sentence = decision["reason"] if decision else "No verdict was made."
    notes: list[str] = []
    if decision and metric and result and result.p is not None:
        sentence = _sentence(experiment, decision, metric, result)
        notes = _notes(experiment, decision, metric, result)
    return VerdictRow(
        variation=variation,
        label=words.verdict(verdict) if decision else words.Label("·", "No verdict", "none"),
        verdict=verdict,
        rule=rule,
        sentence=sentence,
        notes=tuple(notes),
        warnings=tuple(_losing_segments(experiment, metric, variation)),
        result=result,
        state=state,
        drawing=draw(result.relative, scale, metric.margin) if metric and result else None,
    )


# --- sentences ------------------------------------------------------------------------------------


def _sentence(experiment: Experiment, decision: Row, metric: Metric, result: Result) -> str:
    """Say what the primary metric did."""
    if decision["verdict"] == INVALID:
        return "The numbers can’t be trusted until what is wrong is explained."
    change = change_text(result, metric)
    before, after = (
        formats.value(number, metric.unit) for number in (result.baseline_value, result.value)
    )
    if result.is_significant:
        how = "better" if is_good(result, metric.direction) else "worse"
        return f"{metric.spoken} is {how}: {before} → {after}, a change of {change}."
    low, high = ends_text(result.lift, metric, is_relative=_is_relative(result))
    span = result.lift.span
    if span is not None and (span.low > 0 or span.high < 0):
        # The interval is of this comparison alone.
        p = formats.p_value(result.adjusted_p)
        return (
            f"{metric.spoken}: {change}, {low} to {high}. Among all comparisons of the experiment"
            f" that may be chance: adjusted p is {p}."
        )
    baseline = experiment.reference.spoken if experiment.reference else "the control"
    return (
        f"{metric.spoken} can’t be told apart from {baseline}’s: {change}, and anything from"
        f" {low} to {high} is plausible."
    )


def _notes(experiment: Experiment, decision: Row, metric: Metric, result: Result) -> list[str]:
    """Say how sure that is, and what stands against it."""
    notes = []
    if result.is_significant:
        notes.append(_range_note(decision, metric, result))
        notes += _segments_note(experiment, metric, result)
    elif decision["rule"] == "primary_metric_not_better":
        notes += _detectable_note(result)
    if decision["rule"] in GUARDRAIL_RULES:
        notes += _guardrail_notes(experiment, result.variation_id)
    elif decision["rule"] == TOO_EARLY:
        notes.append(decision["reason"])
    return notes


def troubled_guardrails(
    experiment: Experiment, variation_id: str, conclusion: str | None = None
) -> list[Metric]:
    """Give the guardrails that stand against a variation, or those of one conclusion."""
    found = [
        (metric, experiment.conclusion(metric.name, variation_id)) for metric in experiment.metrics
    ]
    return [
        metric
        for metric, concluded in found
        if concluded not in {None, ACCEPTABLE} and conclusion in {None, concluded}
    ]


def _guardrail_notes(experiment: Experiment, variation_id: str) -> list[str]:
    """Say of every guardrail that stands against a variation what it did."""
    notes = []
    for metric in troubled_guardrails(experiment, variation_id):
        conclusion = experiment.conclusion(metric.name, variation_id) or ""
        what = CONCLUDED.get(conclusion, words.in_words(conclusion))
        result = experiment.headlines.get((metric.name, variation_id))
        change = result.lift if result else None
        if result is None or change is None or change.span is None or conclusion == "stale":
            notes.append(f"{metric.spoken}: {what}.")
            continue
        where = ""
        if experiment.is_running and change.sequential_low is not None:
            change, where = change.at_every_look, " at every look"
        low, high = ends_text(change, metric, is_relative=_is_relative(result))
        tolerated = f", where {formats.relative_change(metric.margin)} is tolerated"
        notes.append(
            f"{metric.spoken}: {what}, {low} to {high}{where}{tolerated if metric.margin else ''}."
        )
    return notes


def _range_note(decision: Row, metric: Metric, result: Result) -> str:
    is_sequential = decision["rule"] == AT_EVERY_LOOK or not decision["is_planned_duration_reached"]
    change = result.lift
    if is_sequential and change.sequential_low is not None:
        change = change.at_every_look
    low_text, high_text = ends_text(change, metric, is_relative=_is_relative(result))
    valid = ", valid at every look" if is_sequential else ""
    wins = formats.chance(result.chance_to_win)
    return f"Plausible range {low_text} to {high_text}{valid}; chance to win {wins}."


def _detectable_note(result: Result) -> list[str]:
    detectable = result.row["relative_minimum_detectable_effect"]
    if detectable is None:
        return []
    least = formats.percent(detectable, 0)
    said = f"This test could reliably see only a change of ±{least} or more."
    return [f"{said} Inconclusive doesn’t mean no effect."]


def change_text(result: Result, metric: Metric) -> str:
    """Write a lift: relative or, without one, absolute."""
    return _lift_text(result.relative.estimate, result.absolute.estimate, metric)


def _lift_text(relative: float | None, absolute: float | None, metric: Metric) -> str:
    if relative is not None:
        return formats.relative_change(relative)
    return formats.absolute_change(absolute, metric.unit)


def ends_text(change: Change, metric: Metric, *, is_relative: bool) -> tuple[str, str]:
    """Write the ends of an interval."""
    if is_relative:
        return formats.relative_change(change.low), formats.relative_change(change.high)
    return (
        formats.absolute_change(change.low, metric.unit),
        formats.absolute_change(change.high, metric.unit),
    )


def _is_relative(result: Result) -> bool:
    return result.relative.estimate is not None


# --- segments -------------------------------------------------------------------------------------


def _segment_results(
    experiment: Experiment, metric: Metric, result: Result
) -> list[tuple[str, str, Result]]:
    """Give a variation's results by segment, of those with enough units."""
    found = [
        (row["segment_name"], row["segment_value"], read_result(row))
        for row in experiment.segments
        if row["metric_name"] == metric.name
        and row["variation_id"] == result.variation_id
        and row["is_headline"]
    ]
    return [
        each for each in found if each[2].p is not None and not experiment.judge.is_low(each[2])
    ]


def _losing_segments(
    experiment: Experiment, metric: Metric | None, variation: Variation
) -> list[str]:
    """Name the segments in which the primary metric clearly loses while the whole wins."""
    if metric is None:
        return []
    return [
        f"{metric.spoken} is worse in {row['segment_name']} {row['segment_value']}: "
        + _lift_text(row["relative_lift"], row["absolute_lift"], metric)
        for row in experiment.opposed_segments
        if row["variation_id"] == variation.id
    ]


def _segments_note(experiment: Experiment, metric: Metric, result: Result) -> list[str]:
    """Say in which segments a difference shows, and where it points the other way."""
    by_name: dict[str, list[tuple[str, Result]]] = {}
    for name, value, each in _segment_results(experiment, metric, result):
        by_name.setdefault(name, []).append((value, each))
    notes = []
    for name, found in sorted(by_name.items()):
        same = [each for each in found if _points(each[1]) == _points(result)]
        clear = [value for value, each in same if each.is_significant]
        unclear = [value for value, each in same if not each.is_significant]
        other = [value for value, each in found if _points(each) != _points(result)]
        parts = [f"clear in {words.listed(clear)}" if clear else "clear in none on its own"]
        if unclear:
            verb = "points" if len(unclear) == 1 else "point"
            parts.append(f"{words.listed(unclear)} {verb} the same way")
        if other:
            parts.append(f"{words.listed(other)} the other way")
        notes.append(f"By {name}: {'; '.join(parts)}.")
    return notes


def _points(result: Result) -> bool:
    return (result.lift.estimate or 0) > 0
