"""The drawing of an interval: marks in percent of the width that there is."""

from dataclasses import dataclass

from results_page.results import Change
from results_page.scales import Scale, Tick, rounded

THINNEST = 0.4
"""The width of a bar that could not be seen otherwise, in percent."""


@dataclass(frozen=True)
class Wings:
    """The interval that holds at every look; an end beyond the scale has no cap."""

    low: float
    high: float
    has_low_end: bool
    has_high_end: bool


@dataclass(frozen=True)
class Margin:
    """What a guardrail tolerates, and the stretch beyond it."""

    position: float
    beyond: float
    """Where the stretch beyond begins."""
    width: float


@dataclass(frozen=True)
class Drawing:
    """An interval on a scale."""

    ticks: tuple[Tick, ...]
    zero: float
    margin: Margin | None
    low: float | None = None
    width: float | None = None
    point: float | None = None
    is_cut_low: bool = False
    is_cut_high: bool = False
    wings: Wings | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no interval to draw."""
        return self.low is None


def draw(change: Change, scale: Scale, margin: float | None = None) -> Drawing:
    """Draw a change on a scale; margin: what a guardrail tolerates, as a lift."""
    ticks = tuple(tick for tick in scale.ticks(99) if tick.value)
    zero, tolerated = scale.position(0), _margin(margin, scale)
    span = change.span
    if span is None:
        return Drawing(ticks, zero, None)
    low, high = scale.position(span.low), scale.position(span.high)
    return Drawing(
        ticks,
        zero,
        tolerated,
        low=low,
        width=rounded(max(high - low, THINNEST)),
        point=scale.position(span.estimate) if scale.holds(span.estimate) else None,
        is_cut_low=span.low < scale.low,
        is_cut_high=span.high > scale.high,
        wings=_wings(change, scale),
    )


def _margin(margin: float | None, scale: Scale) -> Margin | None:
    if not margin:
        return None
    position = scale.position(margin)
    if margin < 0:
        return Margin(position, 0, position)
    return Margin(position, position, rounded(100 - position))


def _wings(change: Change, scale: Scale) -> Wings | None:
    low, high = change.sequential_low, change.sequential_high
    if low is None or high is None:
        return None
    return Wings(scale.position(low), scale.position(high), scale.holds(low), scale.holds(high))
