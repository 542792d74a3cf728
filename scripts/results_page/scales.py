"""Scales of intervals: where a number lies, in percent of the width that there is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 6.5
SMALLEST_SPAN = 1e-3
"""A scale of lifts spans a tenth of a percent at least, so that its marks can be told apart."""
NARROW = 0.1
"""What a scale spans either way where there is nothing to show."""
CUT = 4
"""How many times the median half-width a scale reaches, so that one noisy metric flattens none."""
LARGEST_CUT = 1.5
"""How many times further it may reach for the largest lift."""


@dataclass(frozen=True)
class Tick:
    """A point of a scale that is marked."""

    value: float
    position: float
    decimals: int
    is_odd: bool = False
    """Whether it goes first where there is no room for all."""


@dataclass(frozen=True)
class Scale:
    """A stretch of numbers, with round ends and zero in it."""

    step: float
    first: int
    """The low end, in steps."""
    last: int

    @property
    def low(self) -> float:
        """Give the low end."""
        return self.first * self.step

    @property
    def high(self) -> float:
        """Give the high end."""
        return self.last * self.step

    def position(self, number: float) -> float:
        """Place a number, in percent; what lies beyond is at the end."""
        share = (number - self.low) / (self.high - self.low)
        return rounded(100 * min(1, max(0, share)))

    def holds(self, number: float) -> bool:
        """Tell whether a number lies on the scale."""
        return self.low <= number <= self.high

    def ticks(self, most: int = 9) -> list[Tick]:
        """Give the points that are marked, zero among them, as many as there is room for."""
        inner = range(self.first + 1, self.last)
        every = max(1, math.ceil(len(inner) / most))
        decimals = _decimals(self.step * every * 100)
        return [
            Tick(
                index * self.step,
                self.position(index * self.step),
                decimals,
                is_odd=index // every % 2 == 1,
            )
            for index in inner
            if index % every == 0
        ]


def rounded(percent: float) -> float:
    """Round to two decimals, half up as the page's script does it."""
    return float(Decimal(percent).quantize(HUNDREDTH, ROUND_HALF_UP))


def scale_over(numbers: Iterable[float], smallest_span: float = SMALLEST_SPAN) -> Scale:
    """Make a scale that holds all of these numbers, and zero."""
    there = [0.0, *numbers]
    low, high = min(there), max(there)
    span = max(high - low, smallest_span)
    if high == low:
        low, high, span = -NARROW, NARROW, 2 * NARROW
    size = 10.0 ** math.floor(math.log10(span / 4))
    step = next(size * factor for factor in STEPS if span / (size * factor) <= MOST_TICKS)
    return Scale(step, math.floor(low / step - 0.15), math.ceil(high / step + 0.15))


@dataclass(frozen=True)
class Span:
    """An interval about an estimate, as far as a scale must know it."""

    estimate: float
    low: float
    high: float


def common_scale(spans: Sequence[Span]) -> Scale:
    """Make one scale for many intervals, on which none flattens the others."""
    if not spans:
        return scale_over([])
    halves = sorted((span.high - span.low) / 2 for span in spans)
    limit = CUT * halves[len(halves) // 2]
    largest = max(abs(span.estimate) for span in spans) * 1.15
    limit = max(limit, min(largest, LARGEST_CUT * limit)) or NARROW
    ends = (end for span in spans for end in (span.low, span.high))
    return scale_over(max(-limit, min(limit, end)) for end in ends)


def _decimals(percent: float) -> int:
    """Tell how many decimals a step in percent needs."""
    return next((places for places in range(9) if _is_whole(percent * 10**places)), 9)


def _is_whole(number: float) -> bool:
    return math.isclose(number, round(number), rel_tol=1e-6) and round(number) > 0
