"""Numbers, money, times and levels as people read them. None is what can't be given: a dash."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

MISSING = "-"
SMALLEST_P = 0.0001
MONEY = "money"
"""The unit of what the tables hold in minor units of a currency, and people read in major ones."""


def unit_text(metric: Mapping[str, Any]) -> str:
    """Name what a metric's values are shown in: its unit, or its currency."""
    if metric["unit"] == MONEY:
        return str(metric["currency"] or "cents / 100")
    return str(metric["unit"])


def value_text(value: float | None, metric: Mapping[str, Any]) -> str:
    """Write a metric's value in its unit."""
    if value is None:
        return MISSING
    if metric["unit"] == MONEY:
        decimals = metric["currency_decimals"]
        return f"{value / 10**decimals:,.{decimals}f}"
    return f"{value:,.4f}" if abs(value) < 100 else f"{value:,.2f}"  # noqa: PLR2004 - cosmetic


def difference_text(value: float | None, metric: Mapping[str, Any]) -> str:
    """Write a difference in a metric's unit, with its sign."""
    sign = "+" if value is not None and value >= 0 else ""
    return sign + value_text(value, metric)


def percent_text(share: float | None) -> str:
    """Write a relative lift."""
    return MISSING if share is None else f"{share:+.2%}"


def p_value_text(p_value: float | None) -> str:
    """Write a p-value, which is never 0."""
    if p_value is None:
        return MISSING
    return f"< {SMALLEST_P}" if p_value < SMALLEST_P else f"{p_value:.4f}"


def probability_text(probability: float | None) -> str:
    """Write a probability."""
    return MISSING if probability is None else f"{probability:.3f}"


def count_text(count: int | None) -> str:
    """Write a count."""
    return MISSING if count is None else f"{count:,}"


def level_text(level: float | None) -> str:
    """Write a confidence level; empty where it is not known."""
    return "" if level is None else f"{100 * level:.10g}%"


def time_text(at: datetime | None) -> str:
    """Write a time, which is UTC in every table."""
    return "no time" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def metric_text(row: Mapping[str, Any]) -> str:
    """Name a metric, and the estimator that speaks for it where that is not the plain mean."""
    name, estimator = row["metric_name"], row["estimator"]
    return name if estimator in {None, "raw"} else f"{name} ({estimator})"
