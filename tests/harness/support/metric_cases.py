"""The metrics that the tests of the metric language are about.

At least one metric per type and option. Their windows begin and end at the moments that
`metric_worlds` draws times around.
"""

from dataclasses import replace

from oracle.metrics import Condition, Filter, Metric, Part, Row, Source, Step, Value
from oracle.raw import Event

BOTH: tuple[Source, ...] = ("events", "calls")
CALLS: tuple[Source, ...] = ("calls",)

# --- SQL and Python -----------------------------------------------------------------------------


def named(name: str) -> Filter:
    """Take the events of a name."""
    return Filter(f"event_name = '{name}'", lambda row: row.event_name == name)


def is_spending(row: Row) -> bool:
    """Take purchases, and whatever else brought money."""
    return row.event_name == "purchase" or (row.revenue is not None and row.revenue > 900)


def is_other_than_view(row: Row) -> bool:
    """Take named events that are no view: a null name is not known to be another."""
    return row.event_name is not None and row.event_name != "detail_page_view"


def is_electronics(row: Row) -> bool:
    """Take events whose tags name the category."""
    return dict(row.tags or ()).get("category") == "electronics"


def net_revenue(event: Event) -> int | None:
    """Take the revenue, less one for each thing."""
    return None if event.revenue is None else event.revenue - (event.quantity or 0)


PURCHASE = named("purchase")
VIEW = named("detail_page_view")
# Only right where the macro puts it in brackets.
SPENDING = Filter("event_name = 'purchase' or revenue > 900", is_spending)
OTHER_THAN_VIEW = Filter("event_name <> 'detail_page_view'", is_other_than_view)
ELECTRONICS = Filter("tags['category'] = 'electronics'", is_electronics)
ANY_EVENT = Filter("event_id is not null", lambda _: True)
ANY_CALL = Filter("call_id is not null", lambda _: True)
LONG_CALL = Filter("call_duration_min >= 1.5", lambda row: row.duration >= 1.5)
NO_ROW = Filter("null", lambda _: False)

REVENUE = Value("revenue", lambda row: row.revenue)
NET_REVENUE = Value("revenue - coalesce(quantity, 0)", net_revenue)
EVENT_VALUE = Value("value", lambda row: row.value)
EVENT_NAME = Value("event_name", lambda row: row.event_name)
DURATION = Value("call_duration_min", lambda row: row.duration)

# --- metrics ------------------------------------------------------------------------------------

CONVERSIONS = [
    Metric("conversion", "conversion", where=PURCHASE),
    Metric("conversion, or", "conversion", where=SPENDING, window_hours=1.5),
    Metric("conversion, null", "conversion", where=OTHER_THAN_VIEW, window_hours="none"),
    Metric("conversion, no row", "conversion", where=NO_ROW),
    Metric("conversion, tag", "conversion", where=ELECTRONICS, window_days=7, delay_hours=24),
    Metric("conversion, mature", "conversion", where=PURCHASE, mature_only=True),
    Metric(
        "conversion, short and mature",
        "conversion",
        window_hours=1.5,
        delay_hours=0.5,
        mature_only=True,
    ),
    Metric("conversion, no default", "conversion", where=VIEW, default_value="none"),
    Metric("conversion, both", "conversion", BOTH),
]

COUNTS = [
    Metric("count", "count", where=VIEW),
    Metric("count, both", "count", BOTH, window_hours="none"),
    Metric("count, both in the window", "count", BOTH, delay_hours=0.5),
    Metric("count, third week", "count", window_days=28, delay_hours=14 * 24),
    Metric("count, default", "count", CALLS, default_value=-1),
    Metric("count, days none", "count", CALLS, window_days="none", delay_hours=24),
]

SUMS = [
    Metric("sum", "sum", where=PURCHASE, value=REVENUE),
    Metric("sum, column called value", "sum", value=EVENT_VALUE, window_days=7),
    Metric("sum, expression", "sum", value=NET_REVENUE, default_value=0.5),
    Metric("sum, no default", "sum", where=VIEW, value=REVENUE, default_value="none"),
    Metric("sum, mature minutes", "sum", CALLS, value=DURATION, window_days=14, mature_only=True),
]

STATISTICS = [
    metric
    for kind in ("mean", "min", "max", "first", "latest")
    for metric in (
        Metric(kind, kind, where=SPENDING, value=REVENUE),
        Metric(f"{kind}, no default", kind, value=REVENUE, window_days=7, default_value="none"),
        Metric(
            f"{kind}, default",
            kind,
            CALLS,
            value=DURATION,
            window_hours="none",
            delay_hours=0.5,
            default_value=7,
        ),
    )
]

DISTINCT_COUNTS = [
    Metric("count distinct", "count_distinct", value=REVENUE),
    Metric("count distinct, text", "count_distinct", value=EVENT_NAME, window_hours="none"),
    Metric("count distinct, no default", "count_distinct", value=REVENUE, default_value="none"),
    Metric("count distinct, no text", "count_distinct", value=EVENT_NAME, default_value="none"),
]

THRESHOLDS = [
    Metric("threshold", "threshold", value=REVENUE, threshold=995),
    Metric("threshold, zero", "threshold", value=REVENUE, threshold=0, window_days=7),
    Metric("threshold, fraction", "threshold", value=EVENT_VALUE, threshold=1.5),
]

TIMES = [
    Metric("time to", "time_to", where=PURCHASE),
    Metric("time to, later", "time_to", window_days=7, delay_hours=24),
    Metric("time to, both", "time_to", BOTH, window_hours="none"),
    Metric("time to, mature", "time_to", CALLS, mature_only=True),
]

PURCHASES_PART = Part("conversion", where=PURCHASE)
RATIOS = [
    Metric(
        "ratio",
        "ratio",
        None,
        numerator=Part("sum", value=REVENUE),
        denominator=Part("count", where=VIEW),
    ),
    Metric(
        "ratio, two sources",
        "ratio",
        None,
        numerator=Part("sum", CALLS, value=DURATION),
        denominator=Part("count"),
        window_days=7,
        zero_denominator="keep",
    ),
    Metric(
        "ratio, drop",
        "ratio",
        None,
        numerator=Part("count", BOTH),
        denominator=PURCHASES_PART,
        zero_denominator="drop",
        window_hours="none",
    ),
    Metric(
        "ratio, mature drop",
        "ratio",
        None,
        numerator=Part("threshold", value=REVENUE, threshold=995),
        denominator=Part("count", where=SPENDING),
        zero_denominator="drop",
        mature_only=True,
        delay_hours=0.5,
    ),
    Metric(
        "ratio, mature",
        "ratio",
        None,
        numerator=Part("count_distinct", value=EVENT_NAME),
        denominator=Part("sum", value=EVENT_VALUE),
        window_days=14,
        mature_only=True,
    ),
]

UNIT_COUNTS = [
    Metric("one time", "unit_count", where=PURCHASE, rollup="one_time"),
    Metric("one time, both", "unit_count", BOTH, rollup="one_time"),
    Metric("daily", "unit_count", rollup="daily"),
    Metric("daily, filtered", "unit_count", where=SPENDING, rollup="daily"),
    Metric("latest day", "unit_count", where=PURCHASE, rollup="latest"),
    Metric("latest day, null", "unit_count", where=OTHER_THAN_VIEW, rollup="latest"),
    Metric("first day", "unit_count", where=VIEW, rollup="window", start_day=0, end_day=1),
    Metric("day 1", "unit_count", rollup="window", start_day=1, end_day=1, mature_only=True),
    Metric(
        "second week", "unit_count", BOTH, rollup="window", start_day=7, end_day=14,
        mature_only=True,
    ),
]  # fmt: skip

RETENTIONS = [
    Metric("retention", "retention", from_day=1),
    Metric("retention, day 0", "retention", from_day=0, to_day=0),
    Metric("retention, day 7", "retention", BOTH, from_day=7, to_day=7),
    Metric("retention, second day", "retention", where=SPENDING, from_day=1, to_day=2),
    Metric("retention, second week", "retention", BOTH, from_day=7, to_day=14),
]

COMBINATIONS = [
    Metric("all of", "all_of", conditions=(Condition(PURCHASE), Condition(VIEW))),
    Metric("any of", "any_of", conditions=(Condition(PURCHASE), Condition(VIEW))),
    Metric(
        "all of, with calls",
        "all_of",
        conditions=(Condition(SPENDING), Condition(LONG_CALL, CALLS), Condition(ELECTRONICS)),
        window_hours="none",
        delay_hours=0.5,
    ),
    Metric(
        "any of, with calls",
        "any_of",
        CALLS,
        conditions=(Condition(LONG_CALL), Condition(OTHER_THAN_VIEW, ("events",))),
        window_days=7,
        delay_hours=24,
        mature_only=True,
    ),
]

FUNNELS = [
    Metric("funnel", "funnel", steps=(Step("view", VIEW), Step("purchase", PURCHASE))),
    Metric(
        "quick funnel",
        "funnel",
        steps=(Step("view", VIEW), Step("purchase", PURCHASE, within_hours=0.5)),
        window_hours="none",
    ),
    Metric(
        "two views",
        "funnel",
        steps=(Step("one", VIEW), Step("another", VIEW)),
        window_days=7,
        mature_only=True,
    ),
    Metric(
        "two quick views",
        "funnel",
        steps=(Step("one", VIEW), Step("another", VIEW, within_hours=24)),
        window_hours="none",
    ),
    Metric(
        "three steps",
        "funnel",
        steps=(
            Step("view", VIEW),
            Step("spend", SPENDING, within_hours=48),
            Step("call", ANY_CALL, CALLS, within_hours=24),
        ),
        window_days=14,
        delay_hours=0.5,
    ),
    Metric(
        "there and back",
        "funnel",
        steps=(Step("view", VIEW), Step("spend", SPENDING), Step("view again", VIEW)),
        window_hours="none",
    ),
]
THREE_EVENTS = Metric(
    "three events",
    "funnel",
    steps=tuple(Step(name, ANY_EVENT) for name in ("first", "second", "third")),
    window_hours="none",
)

# The example of the documentation, and the cases of the latest-value unit count.
EXAMPLE_RATE = Metric("example rate", "conversion", where=PURCHASE, window_days=7)
EXAMPLE_REVENUE = replace(EXAMPLE_RATE, name="example revenue", type="sum", value=REVENUE)
ACTIVE = Metric("active", "unit_count", where=named("active"), rollup="latest")
EXAMPLES = [EXAMPLE_RATE, EXAMPLE_REVENUE, ACTIVE]

TYPE_METRICS: list[Metric] = [
    *CONVERSIONS,
    *COUNTS,
    *SUMS,
    *STATISTICS,
    *DISTINCT_COUNTS,
    *THRESHOLDS,
    *TIMES,
    *RATIOS,
    *UNIT_COUNTS,
    *RETENTIONS,
    *COMBINATIONS,
    *FUNNELS,
    THREE_EVENTS,
    *EXAMPLES,
]
