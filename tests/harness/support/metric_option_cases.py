"""More metrics that the tests of the metric language are about: one per option that types share.

Caps, covariates, breakdowns, quantiles and defaults, for every type that takes them.
"""

from metric_cases import (
    BOTH,
    CALLS,
    DURATION,
    ELECTRONICS,
    EVENT_NAME,
    EVENT_VALUE,
    LONG_CALL,
    NET_REVENUE,
    OTHER_THAN_VIEW,
    PURCHASE,
    REVENUE,
    SPENDING,
    VIEW,
)
from oracle.metrics import Cap, Condition, Metric, Part, Step, Value

CATEGORY = Value("tags['category']", lambda row: dict(row.tags or ()).get("category"))
QUANTITY = Value("quantity", lambda row: row.quantity)
# Only right where the macro puts it in brackets.
NAME_OR_CATEGORY = Value(
    "event_name || '/' || tags['category']",
    lambda row: (
        None
        if row.event_name is None or CATEGORY.of(row) is None
        else f"{row.event_name}/{CATEGORY.of(row)}"
    ),
)

CAPS = [
    Metric("count, capped", "count", where=VIEW, window_hours="none", cap=Cap(upper=1)),
    Metric(
        "sum, capped",
        "sum",
        value=REVENUE,
        window_hours="none",
        cap=Cap(lower_percentile=0.1, upper_percentile=0.8),
    ),
    Metric(
        "sum, capped over purchases",
        "sum",
        value=REVENUE,
        window_days=14,
        cap=Cap(upper_percentile=0.5, over="non_zero"),
    ),
    Metric(
        "mean, capped", "mean", value=REVENUE, default_value="none", cap=Cap(lower=0, upper=950.5)
    ),
    Metric("min, capped", "min", value=REVENUE, cap=Cap(lower=700, upper_percentile=0.5)),
    Metric(
        "max, capped",
        "max",
        value=REVENUE,
        window_days=7,
        cap=Cap(upper_percentile=0.29, over="all"),
        mature_only=True,
    ),
    Metric("distinct, capped", "count_distinct", value=EVENT_NAME, cap=Cap(upper=1.5)),
    Metric(
        "first, capped",
        "first",
        CALLS,
        value=DURATION,
        window_hours="none",
        cap=Cap(lower_percentile=0.25, over="non_zero"),
    ),
    Metric("latest, capped", "latest", value=NET_REVENUE, cap=Cap(lower_percentile=0.7)),
    Metric("time to, capped", "time_to", window_hours="none", cap=Cap(upper_percentile=0.75)),
    Metric(
        "ratio, capped",
        "ratio",
        None,
        numerator=Part("sum", value=REVENUE),
        denominator=Part("count", where=SPENDING),
        zero_denominator="drop",
        window_hours="none",
        cap=Cap(upper_percentile=0.75),
    ),
    Metric(
        "ratio, capped over what is not 0",
        "ratio",
        None,
        numerator=Part("sum", value=REVENUE),
        denominator=Part("count_distinct", value=EVENT_NAME),
        cap=Cap(lower_percentile=0.1, upper_percentile=0.6, over="non_zero"),
    ),
    Metric(
        "ratio, parts with caps",
        "ratio",
        None,
        numerator=Part("sum", value=REVENUE, cap=Cap(lower=0, upper=950)),
        denominator=Part("count"),
        cap=Cap(upper_percentile=0.7),
        cuped=True,
    ),
    Metric(
        "ratio, denominator with a cap",
        "ratio",
        None,
        numerator=Part("count", BOTH),
        denominator=Part("count", where=VIEW, cap=Cap(upper=1)),
        window_hours="none",
    ),
    # A conversion is 0 or 1, and stays so.
    Metric(
        "ratio, capped conversion",
        "ratio",
        None,
        numerator=Part("conversion", where=PURCHASE),
        denominator=Part("count"),
        cap=Cap(upper_percentile=0.4),
    ),
]

WINDOWS = [
    Metric(
        "ratio, parts with windows",
        "ratio",
        None,
        numerator=Part("sum", value=REVENUE, window_days=7, delay_hours=0.5),
        denominator=Part("count", where=VIEW),
        delay_hours=24,
        cuped=True,
        mature_only=True,
    ),
    Metric(
        "ratio, short window",
        "ratio",
        None,
        numerator=Part("count", BOTH, window_hours=0.5),
        denominator=Part("count"),
        zero_denominator="drop",
    ),
    Metric(
        "ratio, endless part",
        "ratio",
        None,
        numerator=Part("conversion", CALLS),
        denominator=Part("conversion", window_hours="none", delay_hours=0),
        window_days=14,
        delay_hours=0.5,
    ),
]

COVARIATES = [
    Metric("conversion, cuped", "conversion", where=PURCHASE, cuped=True),
    Metric("count, cuped", "count", BOTH, cuped=True, cuped_days=7, delay_hours=0.5),
    Metric(
        "sum, cuped and capped",
        "sum",
        where=OTHER_THAN_VIEW,
        value=REVENUE,
        cuped=True,
        window_hours="none",
        cap=Cap(lower=0, upper_percentile=0.6),
    ),
    Metric("mean, cuped", "mean", value=REVENUE, cuped=True, cuped_days=0.5, default_value="none"),
    Metric("min, cuped", "min", value=REVENUE, cuped=True, cuped_days=1),
    Metric("max, cuped", "max", value=REVENUE, cuped=True, window_days=7, default_value=7),
    Metric("distinct, cuped", "count_distinct", value=REVENUE, cuped=True, default_value="none"),
    Metric("threshold, cuped", "threshold", value=REVENUE, threshold=995, cuped=True),
    Metric("first, cuped", "first", value=REVENUE, cuped=True, cuped_days=28),
    Metric("latest, cuped", "latest", CALLS, value=DURATION, cuped=True, mature_only=True),
    Metric(
        "ratio, cuped",
        "ratio",
        None,
        numerator=Part("sum", value=REVENUE, cap=Cap(upper=1000)),
        denominator=Part("count", where=VIEW),
        cuped=True,
    ),
    Metric(
        "ratio, cuped drop",
        "ratio",
        None,
        numerator=Part("count", BOTH),
        denominator=Part("conversion", where=SPENDING),
        zero_denominator="drop",
        window_hours="none",
        cuped=True,
    ),
    Metric(
        "all of, cuped",
        "all_of",
        conditions=(Condition(SPENDING), Condition(VIEW)),
        cuped=True,
        window_days=7,
    ),
    Metric(
        "any of, cuped",
        "any_of",
        conditions=(Condition(PURCHASE), Condition(LONG_CALL, CALLS)),
        cuped=True,
    ),
    Metric("one time, cuped", "unit_count", where=PURCHASE, rollup="one_time", cuped=True),
    Metric("second day, cuped", "unit_count", rollup="window", start_day=1, end_day=2, cuped=True),
]

BREAKDOWNS = [
    Metric(
        "conversion, by category",
        "conversion",
        where=PURCHASE,
        breakdown=CATEGORY,
        breakdown_values=("electronics", "Electronics"),
    ),
    Metric(
        "count, by name",
        "count",
        where=SPENDING,
        window_hours="none",
        breakdown=EVENT_NAME,
        breakdown_values=("purchase", "it's"),
    ),
    Metric(
        "sum, by quantity",
        "sum",
        value=REVENUE,
        breakdown=QUANTITY,
        breakdown_values=("1",),
        cuped=True,
        cap=Cap(upper_percentile=0.5, over="non_zero"),
    ),
    Metric(
        "mean, by name",
        "mean",
        value=REVENUE,
        breakdown=EVENT_NAME,
        breakdown_values=("purchase",),
        default_value="none",
    ),
    Metric(
        "min, by name", "min", value=REVENUE, breakdown=EVENT_NAME, breakdown_values=("active",)
    ),
    Metric(
        "max, by both",
        "max",
        value=REVENUE,
        breakdown=NAME_OR_CATEGORY,
        breakdown_values=("purchase/electronics",),
        mature_only=True,
    ),
    Metric(
        "distinct, by category",
        "count_distinct",
        value=REVENUE,
        breakdown=CATEGORY,
        breakdown_values=("electronics ",),
        cuped=True,
        cuped_days=7,
    ),
    Metric(
        "threshold, by name",
        "threshold",
        value=REVENUE,
        threshold=995,
        breakdown=EVENT_NAME,
        breakdown_values=("purchase", "detail_page_view"),
    ),
]

QUANTILES = [
    Metric("median of units", "quantile", value=REVENUE, of="units", quantile=0.5),
    Metric(
        "quantile of counts",
        "quantile",
        BOTH,
        of="units",
        quantile=0.75,
        unit_value="count",
        window_hours="none",
    ),
    Metric(
        "quantile of means",
        "quantile",
        value=EVENT_VALUE,
        of="units",
        quantile=0.07,
        unit_value="mean",
        default_value="none",
    ),
    Metric(
        "quantile of minima",
        "quantile",
        value=REVENUE,
        of="units",
        quantile=0.9,
        unit_value="min",
        mature_only=True,
    ),
    Metric(
        "quantile of maxima", "quantile", value=REVENUE, of="units", quantile=0.2, unit_value="max"
    ),
    Metric(
        "quantile of breadth",
        "quantile",
        value=EVENT_NAME,
        of="units",
        quantile=0.6,
        unit_value="count_distinct",
        window_days=7,
    ),
    Metric(
        "quantile of events",
        "quantile",
        where=SPENDING,
        value=REVENUE,
        of="events",
        quantile=0.9,
        window_hours="none",
    ),
    Metric(
        "median of calls", "quantile", CALLS, value=DURATION, of="events", quantile=0.5,
        mature_only=True,
    ),
]  # fmt: skip

# Types for which other cases give no default of their own.
DEFAULTS = [
    Metric("threshold, default", "threshold", value=REVENUE, threshold=995, default_value=5),
    Metric("time to, default", "time_to", where=PURCHASE, default_value=99),
    Metric(
        "ratio, default",
        "ratio",
        None,
        numerator=Part("count", where=PURCHASE),
        denominator=Part("conversion", where=VIEW),
        default_value=0,
    ),
    Metric(
        "ratio, no default",
        "ratio",
        None,
        numerator=Part("count", where=PURCHASE),
        denominator=Part("count", CALLS),
        default_value="none",
    ),
    Metric("one time, default", "unit_count", where=VIEW, rollup="one_time", default_value=0.5),
    Metric("daily, no default", "unit_count", where=VIEW, rollup="daily", default_value="none"),
    Metric(
        "latest day, no default", "unit_count", where=VIEW, rollup="latest", default_value="none"
    ),
    Metric("retention, default", "retention", where=VIEW, from_day=1, to_day=2, default_value=0.5),
    Metric(
        "all of, default",
        "all_of",
        conditions=(Condition(PURCHASE), Condition(ELECTRONICS)),
        default_value=0.5,
    ),
    Metric(
        "funnel, no default",
        "funnel",
        steps=(Step("view", VIEW), Step("purchase", PURCHASE)),
        default_value="none",
        window_hours="none",
    ),
    Metric("median, default", "quantile", value=REVENUE, of="units", quantile=0.5, default_value=5),
    Metric("guardrail", "count", is_guardrail=True, non_inferiority_margin=0.02),
]

OPTION_METRICS = [*CAPS, *WINDOWS, *COVARIATES, *BREAKDOWNS, *QUANTILES, *DEFAULTS]
