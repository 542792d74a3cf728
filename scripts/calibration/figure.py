"""Draws what a study measured, as SVG."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.comparisons import ALPHA, CAUTIOUS
from calibration.study import Measured

WIDTH, HEIGHT = 1050, 400
COLOURS = (
    *("#1b6ca8", "#c8553d", "#588157", "#8e5572", "#d4a017", "#3d5a80"),
    *("#6b705c", "#9c6644", "#2a9d8f", "#b5179e"),
)
POINTS = 120


@dataclass(frozen=True)
class Panel:
    """Where a plot lies, and what it shows of x and y."""

    left: int
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    title: str
    x_label: str
    top: int = 44
    width: int = 290
    height: int = 300

    def point(self, x: float, y: float) -> str:
        """Give the place of a point."""
        across = (x - self.x_range[0]) / (self.x_range[1] - self.x_range[0])
        up = (y - self.y_range[0]) / (self.y_range[1] - self.y_range[0])
        return f"{self.left + across * self.width:.1f},{self.top + (1 - up) * self.height:.1f}"


def figure(measured: Measured) -> str:
    """Give both plots as one SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        '<g font-family="sans-serif" font-size="11" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_uniformity(measured.p_values),
        *_ever(measured.ever),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _uniformity(p_values: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Draw how far the share of p-values below p is from p."""
    shown = {
        name: values
        for name, values in p_values.items()
        if "50/50" in name and name.split(",")[0] not in CAUTIOUS
    }
    reach = 0.04
    panel = Panel(56, (0, 1), (-reach, reach), "A/A: share of p-values below p, minus p", "p")
    yield from _frame(panel, [0, 0.25, 0.5, 0.75, 1], [-0.04, -0.02, 0, 0.02, 0.04], ".0%")
    grid = np.linspace(0, 1, POINTS + 1)
    for number, (_, values) in enumerate(shown.items()):
        below = np.searchsorted(np.sort(values), grid, side="right") / len(values)
        excess = np.clip(below - grid, -reach, reach)
        yield _line(panel, grid, excess, COLOURS[number % len(COLOURS)])
    names = [name.removesuffix(" units in the smaller arm") for name in shown]
    yield from _legend(panel, names, COLOURS)


def _ever(ever: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Draw how many experiments without an effect were significant on any day until each."""
    days = max(len(curve) for curve in ever.values())
    highest = max(0.1, float(np.ceil(10 * max(curve[-1] for curve in ever.values())) / 10))
    title = "A/A: share ever significant at 0.05"
    panel = Panel(590, (1, days), (0, highest), title, "day")
    ticks = np.linspace(0, highest, round(highest / 0.05) + 1)
    yield from _frame(panel, [1, *range(7, days + 1, 7)], ticks, ".0%")
    yield _line(panel, [1, days], [ALPHA, ALPHA], "#999", dashes="2 3")
    for number, curve in enumerate(ever.values()):
        yield _line(panel, range(1, len(curve) + 1), curve, COLOURS[number])
    yield from _legend(panel, list(ever), COLOURS)


def _line(
    panel: Panel, x: Sequence[float], y: Sequence[float], colour: str, dashes: str = ""
) -> str:
    points = " ".join(panel.point(one, other) for one, other in zip(x, y, strict=True))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.4"{dashed}/>'


def _frame(
    panel: Panel, x_ticks: Sequence[float], y_ticks: Sequence[float], form: str
) -> Iterator[str]:
    yield _text(panel.left, panel.top - 16, panel.title, size=13)
    for tick in y_ticks:
        yield _line(panel, panel.x_range, [tick, tick], "#e4e4e4")
        _, y = panel.point(0, tick).split(",")
        yield _text(panel.left - 6, float(y) + 4, format(tick, form), anchor="end")
    bottom = panel.top + panel.height
    for tick in x_ticks:
        x, _ = panel.point(tick, 0).split(",")
        yield _text(float(x), bottom + 16, f"{tick:g}", anchor="middle")
    yield _text(panel.left + panel.width / 2, bottom + 34, panel.x_label, anchor="middle")


def _legend(panel: Panel, names: Sequence[str], colours: Sequence[str]) -> Iterator[str]:
    x = panel.left + panel.width + 12
    for number, name in enumerate(names):
        y = panel.top + 12 + 17 * number
        colour = colours[number % len(colours)]
        yield f'<rect x="{x}" y="{y - 8}" width="10" height="3" fill="{colour}"/>'
        yield _text(x + 15, y - 3, name, size=10)


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 11) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}">{text}</text>'
