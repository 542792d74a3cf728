"""Curves over time: what is drawn of them, in percent of the width and height that there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from results_page import formats
from results_page.results import Change
from results_page.scales import Scale, Tick, scale_over

LATER = 4
"""The scale is made for all but the first fourth of the days, which have few units."""
FEW_POINTS = 10
"""So many points are marked one by one."""
BEYOND = 1.0
"""How far a curve is drawn outside of its scale, in scales: what is outside is not seen."""
END_TICKS = 3


@dataclass(frozen=True)
class Mark:
    """A label below a curve; `anchor` is how its text stands."""

    position: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Curve:
    """A curve with its band and the wider lines about it, as SVG paths over 100 by 100."""

    line: str
    band: str
    upper: str
    lower: str
    dots: tuple[tuple[float, float], ...]
    ticks: tuple[Tick, ...]
    zero: float
    marks: tuple[Mark, ...]
    last: str


@dataclass(frozen=True)
class Day:
    """What a curve is at one of its points."""

    at: date
    change: Change


def time_scale(series: Sequence[Sequence[Day]]) -> Scale | None:
    """Make one scale for the curves of several variations."""
    ends = [
        end
        for days in series
        for day in days[len(days) // LATER :]
        if (span := day.change.span)
        for end in (span.low, span.high)
    ]
    return scale_over(ends) if ends else None


def time_curve(days: Sequence[Day], scale: Scale) -> Curve:
    """Draw a lift as it was at the end of each day."""
    count = len(days)
    place = _places(count)
    there = [(place(index), day.change) for index, day in enumerate(days)]
    spans = [(x, change.span) for x, change in there if change.span]
    upper = [(x, change.sequential_high) for x, change in there]
    lower = [(x, change.sequential_low) for x, change in there]
    line = [(x, change.estimate) for x, change in there]
    low = [(x, span.low) for x, span in reversed(spans) if span]
    band = [(x, span.high) for x, span in spans if span] + low
    last = next(
        (change.estimate for _, change in reversed(there) if change.estimate is not None), None
    )
    points = _points(line, scale)
    return Curve(
        line=_path(points),
        band=_path(_points(band, scale), closed=True),
        upper=_path(_points(upper, scale)),
        lower=_path(_points(lower, scale)),
        dots=tuple(points) if count <= FEW_POINTS else (),
        ticks=tuple(_vertical(scale)),
        zero=_height(0, scale),
        marks=_marks([formats.day(day.at, with_year=False) for day in days], place),
        last=formats.relative_change(last),
    )


def _places(count: int) -> Callable[[int], float]:
    return lambda index: round(100 * index / (count - 1), 2) if count > 1 else 50.0


def _vertical(scale: Scale) -> list[Tick]:
    """Give a scale's ticks from the bottom to the top."""
    return [Tick(tick.value, _height(tick.value, scale), tick.decimals) for tick in scale.ticks(5)]


def _height(number: float, scale: Scale) -> float:
    """Place a number from the top, a little beyond the scale at most."""
    share = (number - scale.low) / (scale.high - scale.low)
    return round(100 * (1 - min(1 + BEYOND, max(-BEYOND, share))), 2)


def _points(
    points: Sequence[tuple[float, float | None]], scale: Scale
) -> list[tuple[float, float]]:
    return [(x, _height(y, scale)) for x, y in points if y is not None]


def _path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    if not points:
        return ""
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    return path + "Z" if closed else path


def _marks(texts: Sequence[str], place: Callable[[int], float]) -> tuple[Mark, ...]:
    """Label the first, the middle and the last point."""
    count = len(texts)
    shown = sorted({0, count // 2, count - 1}) if count >= END_TICKS else range(count)

    def anchor(index: int) -> str:
        if count == 1:
            return "middle"
        return "start" if index == 0 else "end" if index == count - 1 else "middle"

    return tuple(Mark(place(index), texts[index], anchor(index)) for index in shown)


# --- days since exposure --------------------------------------------------------------------------


@dataclass(frozen=True)
class Values:
    """A variation's values by day since exposure, as an SVG path over 100 by 100."""

    name: str
    is_reference: bool
    place: int
    line: str
    last: str


@dataclass(frozen=True)
class Growth:
    """How values grow with the days since exposure, of all variations in one picture."""

    lines: tuple[Values, ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Series:
    """A variation's values, by day since exposure."""

    name: str
    is_reference: bool
    place: int
    values: tuple[float | None, ...]


def growth(series: Sequence[Series], unit: formats.Unit) -> Growth | None:
    """Draw how values grow with the days since exposure."""
    numbers = [value for each in series for value in each.values if value is not None]
    longest = max((len(each.values) for each in series), default=0)
    if not numbers or longest < 2:  # noqa: PLR2004 - one point is no curve
        return None
    # Values may be as small as they like.
    scale = scale_over(numbers, smallest_span=0)
    place = _places(longest)
    lines = []
    for each in series:
        points = [(place(index), value) for index, value in enumerate(each.values)]
        last = next((value for value in reversed(each.values) if value is not None), None)
        path = _path(_points(points, scale))
        lines.append(
            Values(each.name, each.is_reference, each.place, path, formats.value(last, unit))
        )
    ticks = tuple(
        (_height(tick.value, scale), formats.value(tick.value, unit)) for tick in scale.ticks(4)
    )
    marks = _marks([f"day {index}" for index in range(longest)], place)
    return Growth(tuple(lines), ticks, marks)
