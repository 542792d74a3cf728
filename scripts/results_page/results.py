"""Results as the page needs them: numbers with their intervals, and what may be said of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from results_page.scales import Span

Row = Mapping[str, Any]

OK = "ok"
REFERENCE = "reference"
BEYOND = 1e9
"""What lies further away than this can't be drawn."""
FEW_UNITS = 100
"""Below this many units a row is shown in grey, where the health check names no other number."""


@dataclass(frozen=True)
class Change:
    """A lift with its interval, and the wider one that holds at every look."""

    estimate: float | None
    low: float | None
    high: float | None
    sequential_low: float | None
    sequential_high: float | None

    @property
    def span(self) -> Span | None:
        """Give the interval, if there is one."""
        if self.estimate is None or self.low is None or self.high is None:
            return None
        if max(abs(self.low), abs(self.high)) > BEYOND:
            return None
        return Span(self.estimate, self.low, self.high)

    @property
    def at_every_look(self) -> "Change":
        """Give the wider interval as if it were the only one."""
        low, high = self.sequential_low, self.sequential_high
        return Change(self.estimate, low, high, low, high)


@dataclass(frozen=True)
class Result:
    """One metric of one variation, compared with a baseline."""

    metric: str
    variation_id: str
    estimator: str
    is_headline: bool
    unit_count: int | None
    baseline_unit_count: int | None
    value: float | None
    baseline_value: float | None
    relative: Change
    absolute: Change
    p: float | None
    adjusted_p: float | None
    sequential_p: float | None
    is_significant: bool
    is_sequentially_significant: bool
    chance_to_win: float | None
    status: str
    reason: str
    row: Row
    """The table's own row, for what only one table has."""

    @property
    def is_reference(self) -> bool:
        """Tell whether it is the baseline's own row."""
        return self.status == REFERENCE

    @property
    def lift(self) -> Change:
        """Give the relative lift or, without one, the absolute."""
        return self.absolute if self.relative.estimate is None else self.relative


def read_result(row: Row, alpha: float = 0.05) -> Result:
    """Read a row of a table of comparisons."""
    adjusted, sequential = row["adjusted_p_value"], row["sequential_p_value"]
    return Result(
        metric=row["metric_name"],
        variation_id=row["variation_id"],
        estimator=row["estimator"],
        is_headline=bool(row["is_headline"]),
        unit_count=row["unit_count"],
        baseline_unit_count=_either(row, "reference_unit_count", "baseline_unit_count"),
        value=row["metric_value"],
        baseline_value=_either(row, "reference_metric_value", "baseline_metric_value"),
        relative=_change(row, "relative_lift", "sequential_relative_ci"),
        absolute=_change(row, "absolute_lift", "sequential_ci"),
        p=row["p_value"],
        adjusted_p=adjusted,
        sequential_p=sequential,
        is_significant=_either(row, "is_significant") is True
        or ("is_significant" not in row and adjusted is not None and adjusted < alpha),
        is_sequentially_significant=_either(row, "is_sequentially_significant") is True
        or ("is_significant" not in row and sequential is not None and sequential < alpha),
        chance_to_win=_either(row, "chance_to_win"),
        status=row["status"],
        reason=row["status_reason"] or "",
        row=row,
    )


def _either(row: Row, *names: str) -> Any:  # noqa: ANN401 - a cell
    return next((row[name] for name in names if name in row), None)


def _change(row: Row, lift: str, sequential: str) -> Change:
    return Change(
        row[lift],
        row[f"{lift}_ci_low"],
        row[f"{lift}_ci_high"],
        row[f"{sequential}_low"],
        row[f"{sequential}_high"],
    )


class State(StrEnum):
    """What a row of the scorecard says."""

    REFERENCE = "reference"
    BETTER = "better"
    WORSE = "worse"
    FLAT = "flat"
    EARLY = "early"
    SAFE = "safe"
    UNSURE = "unsure"
    LOW = "low"
    MISSING = "missing"
    HELD = "held"


SHOWN = {State.BETTER, State.WORSE, State.FLAT, State.EARLY, State.SAFE, State.UNSURE}
"""The states of rows that are judged, which are held back where a check fails."""

ACCEPTABLE, HARMED, UNCERTAIN = "acceptable", "harmed", "uncertain"
GUARDRAIL_STATES = {
    HARMED: State.WORSE,
    UNCERTAIN: State.UNSURE,
    "stale": State.UNSURE,
    "unmeasured": State.MISSING,
}
CONCLUSIONS = {"harmed": HARMED, "inconclusive": UNCERTAIN, "not_harmed": ACCEPTABLE}
"""What the verdict of an interval on a guardrail comes to."""


@dataclass(frozen=True)
class Judge:
    """What it takes to say what a row's numbers mean."""

    is_running: bool
    is_held: bool = False
    few_units: float = FEW_UNITS

    def state(self, result: Result, direction: str, conclusion: str | None = None) -> State:
        """Say what a row's numbers mean; conclusion: of a guardrail, the decision's own."""
        state = self._state(result, direction, conclusion or self._conclusion(result))
        return State.HELD if self.is_held and state in SHOWN else state

    def is_low(self, result: Result) -> bool:
        """Tell whether a row has too few units to be read."""
        counts = (result.unit_count or 0, result.baseline_unit_count or 0)
        return min(counts) < self.few_units

    def _conclusion(self, result: Result) -> str | None:
        """Conclude of a guardrail's interval, as long as it runs of the one for every look."""
        verdict = "sequential_guardrail_verdict" if self.is_running else "guardrail_verdict"
        return CONCLUSIONS.get(result.row.get(verdict) or "")

    def _state(self, result: Result, direction: str, conclusion: str | None) -> State:
        if result.is_reference:
            return State.REFERENCE
        if result.p is None:
            return State.MISSING
        if self.is_low(result):
            return State.LOW
        return GUARDRAIL_STATES.get(conclusion or "") or self._lift(result, direction, conclusion)

    def _lift(self, result: Result, direction: str, conclusion: str | None) -> State:
        """Say where a lift points, as long as it runs only where it does so at every look."""
        is_clear = result.is_significant and (
            result.is_sequentially_significant or not self.is_running
        )
        if is_clear:
            return State.BETTER if is_good(result, direction) else State.WORSE
        if conclusion == ACCEPTABLE:
            return State.SAFE
        return State.EARLY if result.is_significant else State.FLAT


def is_good(result: Result, direction: str) -> bool:
    """Tell whether a lift goes where the metric should go."""
    return ((result.lift.estimate or 0) > 0) == (direction != "decrease")
