"""Numbers, money, times and dates as the page shows them; None is what can't be given: a dash.

page.js has the same rules once more, for what it draws anew. Digits are rounded half up, as
JavaScript's `toFixed` does it.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
INFINITE = "∞"
TIMES_TEN = "×10"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# From here on digits say nothing, and JavaScript writes none.
HUGE = 1e15
TINY = 1e-3
SECOND = 1000
DEFAULT_DECIMALS = 2
LARGE = ((1e10, 1e9, "bn"), (1e7, 1e6, "M"))
"""From which size on a number is written in billions or millions."""


class Kind(StrEnum):
    """What a metric's values are."""

    SHARE = "share"
    MONEY = "money"
    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    NUMBER = "number"


SHORT = {Kind.SECONDS: "s", Kind.MINUTES: "min", Kind.HOURS: "h", Kind.DAYS: "d"}
SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$", "INR": "₹", "KRW": "₩"}


@dataclass(frozen=True)
class Unit:
    """What a metric is measured in; money is in minor units, such as cents."""

    kind: Kind
    currency: str = ""
    decimals: int = DEFAULT_DECIMALS
    """How many places the minor unit lies below the major one."""


def unit_of(name: str | None, currency: str | None = None, decimals: int | None = None) -> Unit:
    """Read a metric's unit; what is named otherwise is a number."""
    if name is None or name.startswith(Kind.SHARE):
        return Unit(Kind.SHARE)
    if name in {Kind.MONEY, "cents"}:
        places = DEFAULT_DECIMALS if decimals is None else decimals
        return Unit(Kind.MONEY, currency or "", places)
    return Unit(Kind(name) if name in set(Kind) else Kind.NUMBER)


# --- values ---------------------------------------------------------------------------------------


def value(number: float | None, unit: Unit) -> str:
    """Write a metric's value in its unit."""
    if number is None:
        return MISSING
    if unit.kind == Kind.SHARE:
        return _share(number)
    if unit.kind == Kind.MONEY:
        return _money(number, unit)
    if unit.kind == Kind.MILLISECONDS:
        return _milliseconds(number)
    short = SHORT.get(unit.kind)
    return _number(number) + (SPACE + short if short else "")


def absolute_change(number: float | None, unit: Unit) -> str:
    """Write a difference in a metric's unit, of shares in percentage points."""
    if number is None:
        return MISSING
    if unit.kind != Kind.SHARE:
        return _signed(value(number, unit), number)
    points = number * 100
    size = abs(points)
    shown = _tiny(points) if 0 < size < 1e-4 else _fixed(points, 4 if 0 < size < 0.01 else 2)  # noqa: PLR2004 - digits
    return _signed(shown, number) + SPACE + "pp"


def relative_change(number: float | None) -> str:
    """Write a relative lift in percent."""
    if number is None:
        return MISSING
    size = abs(number)
    if size >= HUGE:
        return _signed(_tiny(number * 100), number) + "%"
    decimals = 0 if size >= 1 else 1 if size >= 0.01 else 2  # noqa: PLR2004 - digits
    return _signed(_fixed(number * 100, decimals), number) + "%"


def percent(number: float | None, decimals: int = 1) -> str:
    """Write a part of a whole."""
    return MISSING if number is None else _fixed(number * 100, decimals) + "%"


def p_value(number: float | None) -> str:
    """Write a p-value, which is never 0."""
    if number is None:
        return MISSING
    if number < 0.001:  # noqa: PLR2004 - digits
        return f"<{SPACE}0.001"
    return _fixed(number, 3 if number < 0.1 else 2)  # noqa: PLR2004 - digits


def chance(number: float | None) -> str:
    """Write a probability, which is never 0 or 1."""
    if number is None:
        return MISSING
    if number > 0.999:  # noqa: PLR2004 - digits
        return f">{SPACE}99.9%"
    if number < 0.001:  # noqa: PLR2004 - digits
        return f"<{SPACE}0.1%"
    decimals = 1 if number > 0.99 or number < 0.01 else 0  # noqa: PLR2004 - digits
    return _fixed(number * 100, decimals) + "%"


def count(number: float | None) -> str:
    """Write a whole number."""
    return MISSING if number is None else _fixed(number, 0)


def total(number: float | None) -> str:
    """Write a sum: whole if it is, else as numbers are."""
    if number is None:
        return MISSING
    return _fixed(number, 0) if number == int(number) else _number(number)


def level(number: float | None) -> str:
    """Write a confidence level."""
    return MISSING if number is None else f"{100 * number:.10g}%"


def tick(number: float, decimals: int) -> str:
    """Write a point of a scale of relative lifts."""
    return "0" if number == 0 else _signed(_fixed(number * 100, decimals), number) + "%"


# --- times ----------------------------------------------------------------------------------------


def day(at: date | None, *, with_year: bool = True) -> str:
    """Write a date."""
    if at is None:
        return MISSING
    return f"{at.day} {at:%b}" + (f" {at.year}" if with_year else "")


def moment(at: datetime | None) -> str:
    """Write a time, which is UTC in every table."""
    return MISSING if at is None else f"{day(at)}, {at:%H:%M} UTC"


def stretch(start: datetime, end: datetime) -> str:
    """Write from when to when."""
    if start.date() == end.date():
        return f"{day(start)}, {start:%H:%M} to {end:%H:%M} UTC"
    return f"{day(start, with_year=start.year != end.year)} to {day(end)}"


def hours(number: float) -> str:
    """Write a window's length: in days where it is whole days, from two on."""
    days = number / 24
    if days >= 2 and days == int(days):  # noqa: PLR2004 - one day is 24 hours to most
        return f"{int(days):,} days"
    return f"{number:,g} hour{'' if number == 1 else 's'}"


# --- parts ----------------------------------------------------------------------------------------


def _share(number: float) -> str:
    size = abs(number)
    if 0 < size < 1e-6:  # noqa: PLR2004 - digits
        return _tiny(number * 100) + "%"
    decimals = 1 if size >= 0.0995 else 2 if size >= TINY or size == 0 else 4  # noqa: PLR2004 - digits
    return _fixed(number * 100, decimals) + "%"


def _money(number: float, unit: Unit) -> str:
    major = number / 10**unit.decimals
    size = abs(major)
    decimals = 0 if size >= 10_000 else unit.decimals  # noqa: PLR2004 - digits
    shown = _large(size) if size >= LARGE[-1][0] else _fixed(size, decimals)
    symbol = SYMBOLS.get(unit.currency, unit.currency and unit.currency + SPACE)
    is_negative = major < 0 and any(digit in "123456789" for digit in shown)
    return (MINUS if is_negative else "") + symbol + shown


def _milliseconds(number: float) -> str:
    size = abs(number)
    if size >= SECOND - 0.5:
        return _fixed(number / SECOND, 2) + SPACE + "s"
    return _fixed(number, 2 if 0 < size < 10 else 0) + SPACE + "ms"  # noqa: PLR2004 - digits


def _number(number: float) -> str:
    size = abs(number)
    if size == 0:
        return "0"
    if size < TINY:
        return _tiny(number)
    if size >= LARGE[-1][0]:
        return _large(number)
    decimals = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3  # noqa: PLR2004 - digits
    return _fixed(number, decimals)


def _large(number: float) -> str:
    """Write a number that is too long for its column."""
    _, size, name = next(each for each in LARGE if abs(number) >= each[0])
    return _fixed(number / size, 1) + SPACE + name


def _fixed(number: float, decimals: int) -> str:
    """Write a number with these decimals, thousands apart; nothing is less than nothing."""
    if abs(number) >= HUGE:
        return _tiny(number)
    rounded = Decimal(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}".replace("-", MINUS)


def _tiny(number: float) -> str:
    """Write a number by its power of ten."""
    if math.isinf(number):
        return (MINUS if number < 0 else "") + INFINITE
    exact = Decimal(number)
    power = exact.adjusted()
    mantissa = exact.scaleb(-power).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if abs(mantissa) >= 10:  # noqa: PLR2004 - it was rounded up
        power, mantissa = power + 1, mantissa / 10
    exponent = str(power).translate(SUPERSCRIPTS)
    return f"{mantissa:.1f}{TIMES_TEN}{exponent}".replace("-", MINUS)


def _signed(shown: str, number: float) -> str:
    """Put a plus before what is shown as more than nothing."""
    return "+" + shown if number > 0 and any(digit in "123456789∞" for digit in shown) else shown
