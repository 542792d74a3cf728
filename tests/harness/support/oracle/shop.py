"""The metrics of the shop, the project's main job: its own files, in Python."""

from oracle.metrics import Filter, Metric, Row, Value


def is_electronics_purchase(event: Row) -> bool:
    """Take purchases whose tags name the category `electronics`."""
    return (
        event.event_name == "purchase" and dict(event.tags or ()).get("category") == "electronics"
    )


def named(name: str) -> Filter:
    """Take the events of a name."""
    return Filter(f"event_name = '{name}'", lambda row: row.event_name == name)


SHOP_METRICS = [
    Metric("Purchase conversion rate", "conversion", where=named("purchase")),
    Metric("Product detail page views per visitor", "count", where=named("detail_page_view")),
    Metric(
        "Electronics revenue per visitor",
        "sum",
        where=Filter(
            "event_name = 'purchase' and tags['category'] = 'electronics'",
            is_electronics_purchase,
        ),
        value=Value("revenue", lambda row: row.revenue),
    ),
    Metric("Customer support calls per visitor", "count", ("calls",)),
    Metric(
        "Total customer support minutes per visitor",
        "sum",
        ("calls",),
        value=Value("call_duration_min", lambda row: row.duration),
    ),
]
