"""The tables of the last plan: where they lie, and how they are read."""

from pathlib import Path

TABLES = ("metric_plans", "detectable_lifts")
_ORDER = "metric_name, array_position(['raw', 'capped', 'cuped'], estimator), test"
PLANS = f"""
    select plans.*, unit, currency, currency_decimals
    from metric_plans as plans
    inner join dim_metrics using (metric_name)
    order by {_ORDER}
"""  # noqa: S608 - our own names
LIFTS = f"from detectable_lifts order by {_ORDER}, entry_days"
SHOWN_DAYS = (3, 7, 14, 21, 28, 42, 56, 84)
"""Lengths of an experiment of which is shown what they can show."""
BEYOND = "beyond_baseline"
"""The status where it takes more units than came."""


def plans_path(warehouse_path: Path) -> Path:
    """Give the file of the last plan, beside the published one, whose name it has and `_plans`."""
    return warehouse_path.with_name(f"{warehouse_path.stem}_plans.duckdb")
