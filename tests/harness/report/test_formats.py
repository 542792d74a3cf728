"""How the page writes numbers, money, times and dates."""

from datetime import date, datetime

import pytest
from results_page import formats
from results_page.formats import Kind, Unit, unit_of

NUMBER = Unit(Kind.NUMBER)
SHARE = Unit(Kind.SHARE)
MONEY = Unit(Kind.MONEY)
SPACE = formats.SPACE


@pytest.mark.parametrize(
    ("name", "currency", "decimals", "unit"),
    [
        (None, None, None, SHARE),
        ("share", None, None, SHARE),
        ("share of visitors", None, None, SHARE),
        ("cents", None, None, MONEY),
        ("money", "EUR", 2, Unit(Kind.MONEY, "EUR", 2)),
        ("money", "JPY", 0, Unit(Kind.MONEY, "JPY", 0)),
        ("milliseconds", None, None, Unit(Kind.MILLISECONDS)),
        ("days", None, None, Unit(Kind.DAYS)),
        ("calls", None, None, NUMBER),
    ],
)
def test_units(name: str | None, currency: str | None, decimals: int | None, unit: Unit) -> None:
    """Those that have no way of their own are numbers."""
    assert unit_of(name, currency, decimals) == unit


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (None, NUMBER, "–"),
        (0.0, NUMBER, "0"),
        (0.3374, NUMBER, "0.337"),
        (1.5, NUMBER, "1.50"),
        (99.995, NUMBER, "100.00"),
        (123.45, NUMBER, "123.5"),
        (1234.5, NUMBER, "1,235"),
        (-1234.5, NUMBER, "−1,235"),
        (3.14e-7, NUMBER, "3.1×10⁻⁷"),
        (-9.99e-5, NUMBER, "−1.0×10⁻⁴"),
        (12_345_678.0, NUMBER, f"12.3{SPACE}M"),
        (-1.2e10, NUMBER, f"−12.0{SPACE}bn"),
        (1.2e25, NUMBER, f"1.2×10¹⁶{SPACE}bn"),
        (0.0493, SHARE, "4.93%"),
        (0.3757, SHARE, "37.6%"),
        (1.0, SHARE, "100.0%"),
        (0.0, SHARE, "0.00%"),
        (0.00012, SHARE, "0.0120%"),
        (2.5e-8, SHARE, "2.5×10⁻⁶%"),
        (4388.57, MONEY, "43.89"),
        (-1.0, MONEY, "−0.01"),
        (-0.1, MONEY, "0.00"),
        (1_000_000.0, MONEY, "10,000"),
        (-1.5e9, Unit(Kind.MONEY, "USD"), f"−$15.0{SPACE}M"),
        (4388.57, Unit(Kind.MONEY, "USD"), "$43.89"),
        (-4388.57, Unit(Kind.MONEY, "EUR"), "−€43.89"),
        (4388.57, Unit(Kind.MONEY, "CHF"), f"CHF{SPACE}43.89"),
        (4388.57, Unit(Kind.MONEY, "JPY", 0), "¥4,389"),
        (450.4, Unit(Kind.MILLISECONDS), f"450{SPACE}ms"),
        (3.21, Unit(Kind.MILLISECONDS), f"3.21{SPACE}ms"),
        (999.5, Unit(Kind.MILLISECONDS), f"1.00{SPACE}s"),
        (1360.0, Unit(Kind.MILLISECONDS), f"1.36{SPACE}s"),
        (1.5601, Unit(Kind.MINUTES), f"1.56{SPACE}min"),
        (2.0, Unit(Kind.HOURS), f"2.00{SPACE}h"),
    ],
)
def test_values(number: float | None, unit: Unit, text: str) -> None:
    """A value is written in its unit, with as many digits as say something."""
    assert formats.value(number, unit) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (None, SHARE, "–"),
        (0.0743, SHARE, f"+7.43{SPACE}pp"),
        (-0.00001, SHARE, f"−0.0010{SPACE}pp"),
        (2e-9, SHARE, f"+2.0×10⁻⁷{SPACE}pp"),
        (0.0, SHARE, f"0.00{SPACE}pp"),
        (12.0, MONEY, "+0.12"),
        (-12.0, Unit(Kind.MONEY, "USD"), "−$0.12"),
        (0.5, NUMBER, "+0.500"),
    ],
)
def test_absolute_changes(number: float | None, unit: Unit, text: str) -> None:
    """A difference has its sign, and of shares it is in percentage points."""
    assert formats.absolute_change(number, unit) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "–"),
        (0.0, "0.00%"),
        (-0.00001, "0.00%"),
        (0.0075, "+0.75%"),
        (-0.0141, "−1.4%"),
        (0.3578, "+35.8%"),
        (1.0, "+100%"),
        (-1.5, "−150%"),
        (123.456, "+12,346%"),
        (1e20, "+1.0×10²²%"),
        (-1e307, "−∞%"),
        # Half up, as JavaScript has it: half to even would give 112.
        (1.125, "+113%"),
    ],
)
def test_relative_changes(number: float | None, text: str) -> None:
    """A lift is in percent, and nothing is neither more nor less."""
    assert formats.relative_change(number) == text


@pytest.mark.parametrize(
    ("number", "p", "chance"),
    [
        (None, "–", "–"),
        (0.0, f"<{SPACE}0.001", f"<{SPACE}0.1%"),
        (0.0009, f"<{SPACE}0.001", f"<{SPACE}0.1%"),
        (0.0053, "0.005", "0.5%"),
        (0.0999, "0.100", "10%"),
        (0.125, "0.13", "13%"),
        (0.9206, "0.92", "92%"),
        (0.9985, "1.00", "99.9%"),
        (1.0, "1.00", f">{SPACE}99.9%"),
    ],
)
def test_probabilities(number: float | None, p: str, chance: str) -> None:
    """Neither is ever certain."""
    assert (formats.p_value(number), formats.chance(number)) == (p, chance)


def test_counts_and_parts() -> None:
    """Counts are whole, parts are in percent."""
    assert [formats.count(each) for each in (None, 0, 10000)] == ["–", "0", "10,000"]
    assert [formats.total(each) for each in (None, 223.0, 2.5)] == ["–", "223", "2.50"]
    assert [formats.percent(each) for each in (None, 0.25)] == ["–", "25.0%"]
    assert [formats.level(each) for each in (None, 0.95, 0.999)] == ["–", "95%", "99.9%"]
    assert [formats.tick(number, 1) for number in (0, 0.025, -0.05)] == ["0", "+2.5%", "−5.0%"]


def test_times() -> None:
    """Times are UTC and say so."""
    start = datetime(2020, 9, 14, 17, 0)  # noqa: DTZ001 - as the tables have it
    end = datetime(2020, 9, 14, 19, 59, 58)  # noqa: DTZ001
    later = datetime(2021, 1, 2, 3, 4)  # noqa: DTZ001
    assert formats.day(date(2020, 12, 1)) == "1 Dec 2020"
    assert formats.day(None) == formats.moment(None) == "–"
    assert formats.moment(start) == "14 Sep 2020, 17:00 UTC"
    assert formats.stretch(start, end) == "14 Sep 2020, 17:00 to 19:59 UTC"
    assert formats.stretch(start, later) == "14 Sep 2020 to 2 Jan 2021"
    lengths = [formats.hours(number) for number in (1, 24, 48, 36.5, 840)]
    assert lengths == ["1 hour", "24 hours", "2 days", "36.5 hours", "35 days"]
