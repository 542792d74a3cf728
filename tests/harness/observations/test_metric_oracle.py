"""The oracle of the metric language itself: a unit, a few rows, and what was worked out by hand.

No program produced the numbers below. The unit is exposed at T0, noon of 2020-09-14, with a window
of 48 hours; now is ten days later.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from metric_cases import (
    ANY_CALL,
    ANY_EVENT,
    BOTH,
    DURATION,
    EVENT_NAME,
    PURCHASE,
    REVENUE,
    VIEW,
)
from metric_files import metric_file
from oracle.exposure import Unit
from oracle.metrics import Condition, Metric, Part, Row, Step
from oracle.observing import Exposed, Observation, observe
from oracle.raw import DAY, HOUR, Event
from oracle.staging import StagedCall
from oracle.summaries import summary
from worlds import T0

UNIT = Unit(
    "exp", "ann", "ann", "a", T0, T0 + 48 * HOUR, is_crossover=False, exposure_id="d", attributes={}
)
NOW = T0 + 10 * DAY


def purchase(hours: float, cents: int | None = None) -> Event:
    """Buy so many hours after the exposure."""
    return Event(f"p{hours}", T0 + round(hours * HOUR), "ann", "purchase", revenue=cents)


def view(hours: float) -> Event:
    """Look so many hours after the exposure."""
    return Event(f"v{hours}", T0 + round(hours * HOUR), "ann", "detail_page_view")


def call(hours: float, minutes: float = 1) -> StagedCall:
    """Call so many hours after the exposure."""
    return StagedCall("ann", T0 + round(hours * HOUR), minutes)


def observed(metric: Metric, *rows: Row, now: int = NOW) -> dict[str, Observation]:
    """Observe a metric on the unit."""
    events = [row for row in rows if isinstance(row, Event)]
    calls = [row for row in rows if isinstance(row, StagedCall)]
    return observe(metric, Exposed(UNIT, {"events": events, "calls": calls}, now))


def number(metric: Metric, *rows: Row, now: int = NOW) -> Fraction | None:
    """Observe a metric on the unit; give the observation alone."""
    return observed(metric, *rows, now=now)[metric.name].observation


def metric(kind: str, **arguments: object) -> Metric:
    """Define a metric."""
    return Metric("m", kind, **arguments)


def test_the_window_has_both_its_ends() -> None:
    """The experiment's own, one's own, none; a delay moves the start only."""
    rows = (view(-1), view(0), view(24), view(48), view(49), view(24 * 8))
    assert number(metric("count"), *rows) == 3
    assert number(metric("count", delay_hours=24), *rows) == 2
    assert number(metric("count", window_hours=24), *rows) == 2
    assert number(metric("count", window_days=8, delay_hours=48), *rows) == 3
    assert number(metric("count", window_hours="none"), *rows) == 5


def test_conversion_and_count() -> None:
    """Rows of two sources are taken together."""
    rows = (view(1), call(2), call(2))
    assert number(metric("conversion", where=PURCHASE), *rows) == 0
    assert number(metric("conversion", where=PURCHASE, default_value="none"), *rows) is None
    assert number(metric("conversion", sources=BOTH), *rows) == 1
    assert number(metric("count", sources=BOTH), *rows) == 3
    assert number(metric("count", where=PURCHASE, default_value=-1), *rows) == -1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sum", 55),
        ("mean", Fraction(55, 3)),
        ("min", -5),
        ("max", 30),
        ("count_distinct", 2),
        ("first", -5),
        ("latest", 30),
    ],
)
def test_aggregates_ignore_nulls(kind: str, expected: Fraction) -> None:
    """30 twice and -5; the first and last rows are null."""
    rows = (
        purchase(0),
        purchase(1, 30),
        purchase(1, -5),
        purchase(2, 30),
        purchase(3),
        purchase(50, 99),
    )
    assert number(metric(kind, value=REVENUE), *rows) == expected


@pytest.mark.parametrize("kind", ["sum", "mean", "min", "max", "first", "latest", "count_distinct"])
def test_nulls_alone_are_the_default(kind: str) -> None:
    """As no rows are."""
    for rows in [(), (purchase(1), purchase(2))]:
        assert number(metric(kind, value=REVENUE), *rows) == 0
        assert number(metric(kind, value=REVENUE, default_value=7), *rows) == 7
        assert number(metric(kind, value=REVENUE, default_value="none"), *rows) is None


@pytest.mark.parametrize(("default", "expected"), [(None, 0), (7, 7), ("none", None)])
def test_a_blank_text_is_no_distinct_value(default: object, expected: object) -> None:
    """As null is not; a unit with nothing else has the default, or leaves."""
    names = ("a", "a ", "", " \t", None)
    rows = [replace(view(hours), event_name=name) for hours, name in enumerate(names)]
    distinct = metric("count_distinct", value=EVENT_NAME, default_value=default)
    assert number(distinct, *rows) == 2
    assert number(distinct, *rows[2:]) == number(distinct) == expected


def test_a_tie_in_time_goes_to_the_outermost_value() -> None:
    """The first is the smallest, the latest the largest."""
    rows = (purchase(1, 20), purchase(1, 10), purchase(1, 15))
    assert number(metric("first", value=REVENUE), *rows) == 10
    assert number(metric("latest", value=REVENUE), *rows) == 20


def test_threshold_and_time_to() -> None:
    """The threshold itself is enough; the time is from the exposure, not from the delay."""
    rows = (purchase(1, 20), purchase(30, 10))
    assert number(metric("threshold", value=REVENUE, threshold=30), *rows) == 1
    assert number(metric("threshold", value=REVENUE, threshold=31), *rows) == 0
    assert number(metric("threshold", value=REVENUE, threshold=0)) == 0
    assert number(metric("time_to", delay_hours=2), *rows) == 30
    assert number(metric("time_to", sources=BOTH), call(0.25), *rows) == Fraction(1, 4)
    assert number(metric("time_to", where=VIEW), *rows) is None


def test_ratio() -> None:
    """Nothing is 0; without a denominator a unit stays or leaves."""
    ratio = metric(
        "ratio",
        numerator=Part("sum", ("calls",), value=DURATION),
        denominator=Part("count", where=PURCHASE),
    )
    assert observed(ratio, call(1, 2.5), purchase(1), purchase(2))["m"][:2] == (Fraction(5, 2), 2)
    assert observed(ratio, call(1, 2.5))["m"][:2] == (Fraction(5, 2), 0)
    drop = metric(
        "ratio",
        numerator=ratio.numerator,
        denominator=ratio.denominator,
        zero_denominator="drop",
    )
    assert observed(drop, call(1, 2.5))["m"][:2] == (None, None)
    assert observed(drop, purchase(1))["m"][:2] == (0, 1)


def test_unit_count() -> None:
    """The exposure is at noon; the eleventh date is the as-of date."""
    rows = (purchase(-30), purchase(1), purchase(2), purchase(12), view(300 / 60), view(24 * 8))

    def count(rollup: str, **days: int) -> Fraction | None:
        return number(metric("unit_count", where=PURCHASE, rollup=rollup, **days), *rows)

    assert count("one_time") == 1
    assert count("daily") == Fraction(2, 11)
    assert count("latest") == 0
    assert count("window", start_day=0, end_day=1) == 1
    assert count("window", start_day=1, end_day=8) == 0
    assert number(metric("unit_count", rollup="latest"), *rows) == 1
    assert number(metric("unit_count", rollup="latest")) == 0


def test_retention_waits_for_its_days_to_pass() -> None:
    """Both days are counted from the exposure; who can't be known yet leaves."""
    second_day = metric("retention", from_day=1, to_day=2)
    assert number(second_day, view(23), view(49)) == 0
    assert number(second_day, view(48)) == 1
    assert number(second_day, view(24), now=T0 + 2 * DAY - 1) is None
    assert number(second_day, view(24), now=T0 + 2 * DAY) == 1
    ever = metric("retention", from_day=1)
    assert number(ever, view(24 * 9)) == 1
    assert number(ever, now=T0 + DAY) == 0
    assert number(ever, now=T0 + DAY - 1) is None


def test_one_day_alone_is_its_24_hours() -> None:
    """Both ends are included; a later day ends where it begins."""
    for day in (0, 7):
        retention = metric("retention", from_day=day, to_day=day)
        window = metric("unit_count", rollup="window", start_day=day, end_day=day)
        for hours, expected in ((24 * day, 1), (24 * day + 5, 1), (24 * day + 24, 1)):
            assert number(retention, view(hours)) == number(window, view(hours)) == expected
        for hours in (24 * day - 1 / 60, 24 * day + 24 + 1 / 60):
            assert number(retention, view(hours)) == number(window, view(hours)) == 0
        assert number(retention, view(24 * day), now=T0 + (day + 1) * DAY - 1) is None
        assert number(retention, view(24 * day), now=T0 + (day + 1) * DAY) == 1


def test_all_of_and_any_of() -> None:
    """A condition may have a source of its own."""
    conditions = (Condition(PURCHASE), Condition(ANY_CALL, ("calls",)))
    for rows, all_of, any_of in [
        ((view(1),), 0, 0),
        ((purchase(1),), 0, 1),
        ((call(1), purchase(49)), 0, 1),
        ((call(48), purchase(0)), 1, 1),
    ]:
        assert number(metric("all_of", conditions=conditions), *rows) == all_of
        assert number(metric("any_of", conditions=conditions), *rows) == any_of


def test_funnel() -> None:
    """An earlier view may be too long ago where a later one isn't."""
    funnel = metric(
        "funnel",
        steps=(
            Step("view", VIEW),
            Step("purchase", PURCHASE, within_hours=1),
            Step("call", ANY_CALL, ("calls",)),
        ),
    )

    def reached(*rows: Row) -> tuple[Fraction | None, ...]:
        found = observed(funnel, *rows)
        return tuple(found[f"m: {name}"].observation for name in ("view", "purchase", "call"))

    assert reached(view(1), purchase(2), call(9)) == (1, 1, 1)
    assert reached(view(1), purchase(2.5), call(9)) == (1, 0, 0)
    assert reached(view(1), view(2), purchase(2.5), call(2)) == (1, 1, 0)
    assert reached(purchase(1), view(1), call(1)) == (1, 1, 1)
    assert reached(purchase(1), call(2)) == (0, 0, 0)
    assert reached(view(48), purchase(48.5)) == (1, 0, 0)
    found = observed(funnel, view(1), purchase(2))
    assert found["m: view to purchase"][:2] == (1, 1)
    assert found["m: purchase to call"][:2] == (0, 1)
    assert set(found) == {
        "m: view",
        "m: purchase",
        "m: call",
        "m: view to purchase",
        "m: purchase to call",
    }


def test_every_step_takes_a_row_of_its_own() -> None:
    """Two steps take two rows, three take three, at the same instant or not."""
    steps = tuple(Step(name, ANY_EVENT) for name in ("one", "two", "three"))

    def reached(*rows: Row) -> list[Fraction | None]:
        found = observed(metric("funnel", steps=steps), *rows)
        return [found[f"m: {step.name}"].observation for step in steps]

    assert reached(view(1)) == [1, 0, 0]
    assert reached(view(1), purchase(2)) == [1, 1, 0]
    assert reached(view(1), purchase(1)) == [1, 1, 0]
    assert reached(view(1), purchase(1), view(1.5), purchase(0.5)) == [1, 1, 1]


@pytest.mark.parametrize(
    ("definition", "matures_after"),
    [
        (metric("count"), 48 * HOUR),
        (metric("count", window_days=7, delay_hours=1), 7 * DAY),
        (metric("retention", from_day=1), DAY),
        (metric("retention", from_day=1, to_day=2), 2 * DAY),
        (metric("unit_count", rollup="window", start_day=1, end_day=3), 3 * DAY),
    ],
)
def test_maturity(definition: Metric, matures_after: int) -> None:
    """A unit is mature from the last instant of its window on."""
    assert observed(definition, now=T0 + matures_after)["m"].is_mature
    assert not observed(definition, now=T0 + matures_after - 1)["m"].is_mature


@pytest.mark.parametrize(
    "definition",
    [
        metric("count", window_hours="none"),
        metric("unit_count", rollup="one_time"),
        metric("unit_count", rollup="daily"),
        metric("unit_count", rollup="latest"),
    ],
)
def test_what_has_no_end_is_never_mature(definition: Metric) -> None:
    """However long ago the exposure was."""
    assert not observed(definition, now=T0 + 999 * DAY)["m"].is_mature


def test_mature_only_leaves_out_who_may_still_change() -> None:
    """Numerator and denominator."""
    ratio = metric(
        "ratio", numerator=Part("count"), denominator=Part("conversion"), mature_only=True
    )
    assert observed(ratio, view(1), now=T0 + 47 * HOUR)["m"][:2] == (None, None)
    assert observed(ratio, view(1), now=T0 + 48 * HOUR)["m"][:2] == (1, 1)


def test_summaries() -> None:
    """Mean 2 of 1 and 3; 4 of 4, of which the variance is that of the delta method."""
    plain = [Observation(Fraction(1)), Observation(None), Observation(Fraction(3))]
    assert summary(metric("count"), plain) == {
        "unit_count": 2,
        "observation_sum": 4,
        "denominator_sum": None,
        "metric_value": 2,
        "variance": 2,
    }
    # v_n = 2, c_nd = -2, v_d = 2, R = 1, mean(d) = 2: (2 + 4 + 2) / 4
    ratio = [
        Observation(Fraction(1), Fraction(3), is_ratio=True),
        Observation(None, None, is_ratio=True),
        Observation(Fraction(3), Fraction(1), is_ratio=True),
    ]
    assert summary(metric("ratio"), ratio) == {
        "unit_count": 2,
        "observation_sum": 4,
        "denominator_sum": 4,
        "metric_value": 1,
        "variance": 2,
    }
    zero = [Observation(Fraction(1), Fraction(0), is_ratio=True)] * 2
    of_zero = summary(metric("ratio"), zero)
    assert (of_zero["metric_value"], of_zero["variance"]) == (None, None)
    assert summary(metric("count"), plain[:1])["variance"] is None


def test_a_metric_is_written_as_its_file() -> None:
    """What isn't given isn't written."""
    funnel = Metric(
        "it's",
        "funnel",
        ("events", "calls"),
        default_value="none",
        steps=(Step("view", VIEW), Step("buy", PURCHASE, ("events",), 0.5)),
    )
    assert metric_file(funnel) == (
        "{{ metric_observations(\n"
        '    name="it\'s",\n'
        '    type="funnel",\n'
        "    source=[ref('experiment_events'), ref('experiment_calls')],\n"
        "    default_value=none,\n"
        "    steps=[{'name': \"view\", 'where': \"event_name = 'detail_page_view'\"}, "
        "{'name': \"buy\", 'where': \"event_name = 'purchase'\", "
        "'source': ref('experiment_events'), 'within_hours': 0.5}],\n"
        ") }}\n"
    )
