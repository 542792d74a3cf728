"""Where the marks of intervals lie."""

import pytest
from results_page.intervals import THINNEST, draw
from results_page.results import Change
from results_page.scales import Scale, Span, common_scale, scale_over

WHOLE = Scale(0.1, -2, 3)


def test_a_scale_has_round_ends_and_holds_zero() -> None:
    """Even where all numbers lie on one side of it."""
    scale = scale_over([0.11, 0.43])
    assert (scale.low, scale.high) == pytest.approx((-0.1, 0.5))
    assert scale.position(0) == pytest.approx(100 / 6, abs=0.01)
    assert [tick.value for tick in scale.ticks()] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert {tick.decimals for tick in scale.ticks()} == {0}


def test_a_scale_of_nothing_can_be_drawn() -> None:
    """Numbers that are all 0, or none at all."""
    assert scale_over([]).low < 0 < scale_over([0.0]).high
    assert scale_over([1e-8]).high == pytest.approx(0.0002)
    assert scale_over([1e-8], smallest_span=0).high < 1e-7


def test_ticks_are_left_out_where_there_is_no_room() -> None:
    """Zero stays."""
    values = [tick.value for tick in scale_over([-0.5, 0.5]).ticks(3)]
    assert 0 in values
    assert len(values) <= 3


def test_tick_decimals_follow_the_step() -> None:
    """A step of 0.25% needs two."""
    scale = Scale(0.0025, -2, 2)
    assert {tick.decimals for tick in scale.ticks()} == {2}


def test_one_noisy_metric_flattens_no_other() -> None:
    """What reaches beyond the others is cut."""
    narrow = [Span(0.01 * n, 0.01 * n - 0.05, 0.01 * n + 0.05) for n in range(5)]
    scale = common_scale([*narrow, Span(0.1, -8, 9)])
    assert scale.high < 0.5


def test_the_largest_lift_is_on_the_scale_if_it_can_be() -> None:
    """A lift of five times their half-width is seen; one of a hundred times is cut."""
    narrow = [Span(0.0, -0.05, 0.05)] * 5
    assert common_scale([*narrow, Span(0.25, 0.2, 0.3)]).high >= 0.25
    assert common_scale([*narrow, Span(9.0, 8.0, 10.0)]).high < 1


def test_an_interval_is_drawn_in_percent() -> None:
    """The bar from end to end, the wings beyond it, the margin with what lies beyond."""
    drawing = draw(Change(0.1, 0.0, 0.2, -0.1, 0.25), WHOLE, -0.1)
    assert (drawing.zero, drawing.low, drawing.width, drawing.point) == (40, 40, 40, 60)
    assert drawing.wings is not None
    assert (drawing.wings.low, drawing.wings.high) == (20, 90)
    assert drawing.margin is not None
    assert (drawing.margin.position, drawing.margin.beyond, drawing.margin.width) == (20, 0, 20)
    assert not drawing.is_cut_low
    assert not drawing.is_cut_high


def test_a_margin_for_the_higher_lies_above() -> None:
    """Where lower is better, the harm is on the right."""
    margin = draw(Change(0.0, -0.1, 0.1, None, None), WHOLE, 0.2).margin
    assert margin is not None
    assert (margin.position, margin.beyond, margin.width) == (80, 80, 20)


def test_what_lies_beyond_the_scale_is_cut_and_marked() -> None:
    """The bar ends where the scale does, with an arrow, and without its point."""
    drawing = draw(Change(0.9, -0.5, 2.0, -1.0, 3.0), WHOLE)
    assert (drawing.low, drawing.width, drawing.point) == (0, 100, None)
    assert drawing.is_cut_low
    assert drawing.is_cut_high
    assert drawing.wings is not None
    assert not drawing.wings.has_low_end
    assert not drawing.wings.has_high_end


def test_a_bar_of_no_width_can_be_seen() -> None:
    """As can what has no interval: only zero is drawn."""
    assert draw(Change(0.1, 0.1, 0.1, None, None), WHOLE).width == THINNEST
    assert draw(Change(0.1, None, None, None, None), WHOLE).is_empty
