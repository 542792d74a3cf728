"""The oracle itself, against four tiny worlds whose results were worked out by hand.

No program produced the numbers below: read a world, apply the documented rules, compare.
"""

from datetime import UTC, datetime

import pytest
from oracle.raw import (
    HOUR,
    Attribute,
    Call,
    Decision,
    Event,
    NamedVariation,
    Settings,
    World,
)
from oracle.staging import is_bot, read_call_start, read_duration
from oracle.tables import evaluate

T0 = int(datetime(2020, 9, 14, 12, tzinfo=UTC).timestamp()) * 1000
CONVERSION = "Purchase conversion rate"
VIEWS = "Product detail page views per visitor"
REVENUE = "Electronics revenue per visitor"
CALLS = "Customer support calls per visitor"
MINUTES = "Total customer support minutes per visitor"


def decision(uuid: str, at: int, visitor: str, variation: str = "a", **columns: object) -> Decision:
    """Decide at `at` milliseconds after T0."""
    return Decision(uuid, T0 + at, visitor, "exp", variation, **columns)


def event(uuid: str, at: int, visitor: str, name: str = "purchase", **columns: object) -> Event:
    """Do something at `at` milliseconds after T0."""
    return Event(uuid, T0 + at, visitor, name, **columns)


def test_two_variations_with_all_five_metrics() -> None:
    """Two units in `a`, one in `b`: sums, means and variances worked out by hand."""
    electronics = (("category", "electronics"),)
    expected = evaluate(
        World(
            decisions=(
                decision("d1", 0, "ann", attributes=(Attribute("browser", "custom", "chrome"),)),
                decision("d2", 0, "bob"),
                decision("d3", 0, "cat", "b"),
            ),
            events=(
                event("e1", 1, "ann", revenue=1000, tags=electronics),
                event("e2", 2, "ann", revenue=-250, tags=electronics),
                event("e3", 3, "ann", revenue=99, tags=(("category", "books"),)),
                event("e4", 4, "ann", "add_to_cart", revenue=7, tags=electronics),
                event("e5", 5, "bob", "detail_page_view"),
                event("e6", 6, "bob", "detail_page_view"),
                event("e7", 7, "cat", revenue=None, tags=electronics),
            ),
            calls=(
                Call("bob", "9/14/2020 13:00:00", "1.5"),
                Call("bob", "9/14/2020 13:00:00", "1.5"),
            ),
            named_variations=(NamedVariation("exp", "The experiment", "a", "control"),),
        )
    )

    def metric(name: str, variation: str) -> tuple[object, ...]:
        row = expected.variation_metrics["exp", name, variation]
        return tuple(row[c] for c in ("unit_count", "observation_sum", "metric_value", "variance"))

    assert metric(CONVERSION, "a") == (2, 1, 0.5, 0.5)
    assert metric(VIEWS, "a") == (2, 2, 1, 2)
    assert metric(REVENUE, "a") == (2, 750, 375, 281_250)
    assert metric(CALLS, "a") == (2, 2, 1, 2)
    assert metric(MINUTES, "a") == (2, 3, 1.5, 4.5)
    assert metric(CONVERSION, "b") == (1, 1, 1, None)
    assert metric(REVENUE, "b") == (1, 0, 0, None)

    assert len(expected.fct_metric_observations) == 3 * 5
    assert expected.variation_metrics["exp", VIEWS, "a"]["variation_name"] == "control"
    assert expected.variation_metrics["exp", VIEWS, "b"]["variation_name"] == "b"
    assert {
        key[4]: row["unit_count"]
        for key, row in expected.variation_metrics_by_segment.items()
        if key[:3] == ("exp", REVENUE, "a")
    } == {"chrome": 1, "(not set)": 1}
    counts = expected.variation_event_counts["exp", "a", "purchase"]
    assert (counts["event_count"], counts["unit_count"]) == (3, 1)


def test_window_edges_and_the_reasons_outside_them() -> None:
    """Both ends are inside; one millisecond beyond either is not."""
    end = 48 * HOUR
    expected = evaluate(
        World(
            decisions=(decision("d1", 0, "ann"),),
            events=(
                event("e1", -1, "ann"),
                event("e2", 0, "ann"),
                event("e3", end, "ann"),
                event("e4", end + 1, "ann"),
                event("e5", 0, "stranger"),
                event("e6", 0, "ann", user_agent="GoogleBOT/2"),
                event("e7", 0, "staff"),
                event("e8", end + 3, "ann"),
                event("e9", 0, " ", None),
            ),
            excluded_visitors=("staff",),
            settings=Settings(as_of=T0 + end + 2),
        )
    )
    assert set(expected.experiment_events) == {("exp", "ann", "e2"), ("exp", "ann", "e3")}
    assert set(expected.unit_events) == {("exp", "ann", f"e{i}") for i in (1, 2, 3, 4)}
    assert {key: row["row_count"] for key, row in expected.excluded_rows.items()} == {
        ("events", "before_exposure"): 1,
        ("events", "after_window"): 1,
        ("events", "not_exposed"): 1,
        ("events", "bot"): 1,
        ("events", "excluded_visitor"): 1,
        ("events", "after_as_of"): 1,
        ("events", "missing_visitor_id"): 1,
    }
    assert expected.source_row_counts["events",] == {
        "raw_row_count": 9,
        "used_row_count": 2,
        "excluded_row_count": 7,
    }
    assert expected.fct_metric_observations["exp", CONVERSION, "ann"]["is_mature"] is True


@pytest.mark.parametrize("policy", ["first", "exclude"])
def test_first_exposure_ties_and_crossovers(policy: str) -> None:
    """Equal instants: an order within one variation, no unit between two; crossovers by policy."""
    expected = evaluate(
        World(
            decisions=(
                # tied in one variation: a process time goes before none, then the smaller uuid
                decision("b", 0, "ann", process_timestamp=None),
                decision("C", 0, "ann", process_timestamp=T0 + 5),
                decision("d", 0, "ann", process_timestamp=T0 + 5),
                decision("e", 0, "bob", "a"),
                decision("f", 0, "bob", "b"),
                decision("g", 9, "bob", "b"),
                decision("h", 1, "cat", "b"),
                decision("i", 0, "cat", "a"),
                decision("j", 0, "dan", "a", is_holdback=True),
                decision("k", 1, "dan", "b"),
            ),
            settings=Settings(crossover_policy=policy),
        )
    )
    first = {
        key[1]: (row["variation_id"], row["exposure_id"], row["is_crossover"])
        for key, row in expected.experiment_units.items()
    }
    reasons = {key[1]: row["row_count"] for key, row in expected.excluded_rows.items()}
    if policy == "first":
        assert first == {
            "ann": ("a", "c", False),
            "cat": ("a", "i", True),
            "dan": ("b", "k", False),
        }
        assert reasons == {"repeat_exposure": 3, "tied_exposure": 3, "holdback": 1}
    else:
        assert first == {"ann": ("a", "c", False), "dan": ("b", "k", False)}
        assert reasons == {"repeat_exposure": 2, "tied_exposure": 3, "crossover": 2, "holdback": 1}


def test_duplicates_rejections_and_attributes() -> None:
    """A rejected row is no rival to its twins, which are lost where they conflict."""
    expected = evaluate(
        World(
            decisions=(
                decision("AB", 5, "ann", "late"),
                decision("ab", 3, "ann", "early", attributes=None),
                decision("CD", 3, "ann", "early", attributes=None),
                decision("cd", 3, "ann", "early", attributes=None),
                decision("aB", 0, "undefined", "lost"),
                decision(
                    "x",
                    0,
                    "NULL",
                    "a",
                    attributes=(
                        Attribute("browser", "custom", "safari"),
                        Attribute("browser", "custom", "chrome"),
                        Attribute("browser", "custom", None),
                        Attribute("$opt_bot_filtering", "custom", "false"),
                        Attribute("$optimal", None, "kept"),
                        Attribute("attribution/captured", "metadata", "true"),
                        Attribute(" ", "device", "phone"),
                        None,
                    ),
                ),
                Decision(None, T0, "ann", None, None),
                Decision("y", T0, "ann", "\t", None),
                Decision("z", T0, "ann", "exp", "a", is_holdback=None),
            ),
        )
    )
    assert {key[1]: row["variation_id"] for key, row in expected.experiment_units.items()} == {
        "ann": "early",
        "NULL": "a",
    }
    assert {
        key[2]: row["attribute_value"] for key, row in expected.experiment_unit_attributes.items()
    } == {
        "browser": "chrome",
        "$optimal": "kept",
        "device": "phone",
    }
    assert {key[1]: row["row_count"] for key, row in expected.excluded_rows.items()} == {
        "missing_id": 1,
        "missing_visitor_id": 1,
        "missing_experiment_id": 1,
        "missing_holdback_flag": 1,
        "duplicate_id": 1,
        "conflicting_id": 2,
    }


def test_call_records_are_read_as_documented() -> None:
    """Month first, one or two digits; what is no date or no finite number is unreadable."""
    assert read_call_start("9/15/2020 23:00:00") == 1_600_210_800_000
    assert read_call_start("09/5/2020 1:02:03") == 1_599_267_723_000
    assert [read_call_start(text) for text in ("13/1/2020 0:00:00", "soon", "", None)] == [None] * 4
    assert read_duration("8.495310611") == 8.495310611
    assert [read_duration(text) for text in ("nan", "inf", "1,5", "", None)] == [None] * 5


def test_bot_patterns_are_like_patterns() -> None:
    """`%` is any text, `_` any one character, and nothing else is special."""
    assert is_bot("Mozilla (BingBot/1.0)", ["%bot%"])
    assert is_bot("curl/7\nx", ["curl/_%"])
    assert not is_bot("curl/", ["curl/_%"])
    assert not is_bot("robot", ["bot"])
    assert not is_bot("a+b", ["a.b", "a+"])
    assert not is_bot(None, ["%"])
