"""How a metric's observations are distributed, in bins that all variations share."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.published import Row

from results_page import formats
from results_page.experiment import Variation, grouped

DEFAULT, UNDEFINED, RANGE = "default", "undefined", "range"
ASIDE = {DEFAULT, UNDEFINED}
"""The bins that would flatten the others: their shares are told, and not drawn."""


@dataclass(frozen=True)
class Cell:
    """The units of one variation in a bin, with the bar in percent of the longest."""

    share: str
    width: float | None


@dataclass(frozen=True)
class Bin:
    """A bin with the units of each variation."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Distribution:
    """The bins of a metric."""

    variations: tuple[Variation, ...]
    bins: tuple[Bin, ...]


def distribution(
    rows: Sequence[Row], variations: Sequence[Variation], unit: formats.Unit
) -> Distribution | None:
    """Lay out a metric's bins, whose rows come in their order; None where there are none."""
    by_bin = grouped(list(rows), "bin_number")
    counts = {(row["bin_number"], row["variation_id"]): row["unit_count"] or 0 for row in rows}
    wholes: Counter[str] = Counter()
    for (_, variation_id), count in counts.items():
        wholes[variation_id] += count
    shown = tuple(variation for variation in variations if wholes[variation.id])
    if not shown:
        return None

    def share(number: int, variation: Variation) -> float:
        return float(counts.get((number, variation.id), 0) / wholes[variation.id])

    drawn = {number: found[0] for (number,), found in by_bin.items() if _is_drawn(found[0])}
    longest = max((share(int(n), each) for n in drawn for each in shown), default=0) or 1
    bins = []
    for (key,), found in by_bin.items():
        number = int(key)
        shares = [share(number, variation) for variation in shown]
        cells = tuple(
            Cell(
                formats.percent(each),
                round(100 * each / longest, 2) if _is_drawn(found[0]) else None,
            )
            for each in shares
        )
        bins.append(Bin(_label(found[0], unit), cells))
    return Distribution(shown, tuple(bins))


def _is_drawn(row: Row) -> bool:
    return row["bin_kind"] not in ASIDE


def _label(row: Row, unit: formats.Unit) -> str:
    low, high = (
        # Bounds are mostly round.
        None if bound is None else re.sub(r"\.0+(?!\d)", "", formats.value(bound, unit))
        for bound in (row["lower_bound"], row["upper_bound"])
    )
    if row["bin_kind"] == UNDEFINED:
        return "no denominator"
    if row["bin_kind"] == DEFAULT:
        return "none" if not row["upper_bound"] else f"{high} (default)"
    if row["bin_kind"] != RANGE:
        return high or formats.MISSING
    if low is None:
        return f"below {high}"
    return f"{low} or more" if high is None else f"{low} to {high}"
