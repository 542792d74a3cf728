"""What a metric's file says, with a Python function beside each piece of SQL."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from oracle.raw import Event
from oracle.staging import StagedCall

Row = Event | StagedCall
Number = int | float | Fraction
Source = Literal["events", "calls"]


@dataclass(frozen=True)
class Filter:
    """A condition on a row: as SQL, and in Python. A null that SQL would give is a False here."""

    sql: str
    holds: Callable[[Row], bool]


@dataclass(frozen=True)
class Value:
    """A value of a row: as SQL, and in Python."""

    sql: str
    of: Callable[[Row], Number | str | None]


@dataclass(frozen=True)
class Cap:
    """The limits of an observation: a value or a percentile at each end, or neither."""

    lower: Number | None = None
    upper: Number | None = None
    lower_percentile: float | None = None
    upper_percentile: float | None = None
    over: Literal["all", "non_zero"] | None = None


@dataclass(frozen=True)
class Part:
    """A ratio's numerator or denominator; its window and cap are by default the ratio's."""

    type: str
    sources: tuple[Source, ...] = ("events",)
    where: Filter | None = None
    value: Value | None = None
    threshold: Number | None = None
    window_hours: Number | Literal["none"] | None = None
    window_days: Number | Literal["none"] | None = None
    delay_hours: Number | None = None
    cap: Cap | None = None

    @property
    def takes_cap(self) -> bool:
        """Whether there is something to limit: what is 0 or 1 is not."""
        return self.type not in ("conversion", "threshold")


@dataclass(frozen=True)
class Condition:
    """One condition of `all_of` and `any_of`; without sources it has the metric's."""

    where: Filter
    sources: tuple[Source, ...] | None = None


@dataclass(frozen=True)
class Step:
    """One step of a funnel; without sources it has the metric's."""

    name: str
    where: Filter
    sources: tuple[Source, ...] | None = None
    within_hours: Number | None = None


@dataclass(frozen=True)
class Metric:
    """One call of `metric_observations`; None is an argument that isn't given.

    `default_value` is the text 'none' where the metric says none.
    """

    name: str
    type: str
    sources: tuple[Source, ...] | None = ("events",)
    where: Filter | None = None
    value: Value | None = None
    window_hours: Number | Literal["none"] | None = None
    window_days: Number | Literal["none"] | None = None
    delay_hours: Number | None = None
    default_value: Number | Literal["none"] | None = None
    mature_only: bool = False
    cap: Cap | None = None
    cuped: bool = False
    cuped_days: Number | None = None
    breakdown: Value | None = None
    breakdown_values: tuple[str, ...] = ()
    is_guardrail: bool = False
    non_inferiority_margin: float | None = None
    threshold: Number | None = None
    numerator: Part | None = None
    denominator: Part | None = None
    zero_denominator: Literal["keep", "drop"] | None = None
    rollup: Literal["one_time", "daily", "latest", "window"] | None = None
    start_day: int | None = None
    end_day: int | None = None
    from_day: int | None = None
    to_day: int | None = None
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()
    quantile: float | None = None
    of: Literal["units", "events"] | None = None
    unit_value: str | None = None

    def within(self, part: Part) -> "Metric":
        """Give the metric with the window of a part of it."""
        has_window = (part.window_hours, part.window_days) != (None, None)
        return replace(
            self,
            window_hours=part.window_hours if has_window else self.window_hours,
            window_days=part.window_days if has_window else self.window_days,
            delay_hours=self.delay_hours if part.delay_hours is None else part.delay_hours,
        )

    def cap_of(self, measure: str) -> Cap | None:
        """Give the cap of the observation, or of the denominator; None where it has none."""
        part = self.denominator if measure == "denominator" else self.numerator
        if part is None:
            return None if measure == "denominator" else self.cap
        return part.cap or (self.cap if part.takes_cap else None)

    @property
    def has_cap(self) -> bool:
        """Whether anything of a unit is limited."""
        return any(self.cap_of(measure) for measure in ("observation", "denominator"))

    @property
    def is_quantile(self) -> bool:
        """Whether the value of the metric is a quantile rather than a mean or a ratio."""
        return self.type == "quantile"

    @property
    def default(self) -> Fraction | None:
        """Give the observation of a unit of which nothing was observed; None: it leaves."""
        if self.default_value == "none":
            return None
        if self.default_value is None:
            has_no_default = self.type == "time_to" or self.of == "events"
            return None if has_no_default else Fraction(0)
        return Fraction(self.default_value)


def parts_of(metric: Metric) -> list[Metric]:
    """Give the metric itself, and those into which its breakdown splits it.

    Each is the same metric with a narrower filter, so that each is over all units.
    """
    if metric.breakdown is None:
        return [metric]
    whole = replace(metric, breakdown=None, breakdown_values=())
    parts = [
        replace(whole, name=f"{metric.name}: {name}", where=Filter("", _has_value(metric, {name})))
        for name in metric.breakdown_values
    ]
    others = _has_value(metric, set(metric.breakdown_values), is_negated=True)
    return [whole, *parts, replace(whole, name=f"{metric.name}: other", where=Filter("", others))]


def _has_value(
    metric: Metric, texts: set[str], *, is_negated: bool = False
) -> Callable[[Row], bool]:
    def holds(row: Row) -> bool:
        value = metric.breakdown.of(row)
        is_named = value is not None and str(value) in texts
        return (metric.where is None or metric.where.holds(row)) and is_named != is_negated

    return holds
