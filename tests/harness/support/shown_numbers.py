"""Reads numbers back from what a page shows, each with what its last digit leaves open."""

import re
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
SHOWN = re.compile(
    r"(?P<bound>[<>]\xa0)?(?P<sign>[+\u2212-]?)(?P<currency>[€£¥$₹₩]|[A-Z]{3}\xa0)?"
    r"(?P<digits>[\d,]+)(?:\.(?P<decimals>\d+))?(?:\u00d710(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    r"(?:\xa0(?P<size>M|bn))?(?:(?P<percent>%)|\xa0(?P<unit>pp|ms|s|min|h|d))?"
)
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SECONDS = ("milliseconds", "s")
SIZES = {None: 1, "M": 1e6, "bn": 1e9}


@dataclass(frozen=True)
class Shown:
    """A number as far as it can be seen."""

    number: float
    leeway: float
    unit: str
    bound: str = ""
    """Whether the number itself is only said to be less, or more."""

    def fits(self, number: float, unit: str = "") -> bool:
        """Tell whether a table's number, in the table's unit, would be shown so."""
        # Money stands in cents there, and is shown in major units.
        number *= 0.01 if unit == "money" else 0.001 if (unit, self.unit) == SECONDS else 1
        if self.bound == "<":
            return number <= self.number
        if self.bound == ">":
            return number >= self.number
        # A hair more, for ties.
        return abs(number - self.number) <= self.leeway * (1 + 1e-9)


def read_number(text: str) -> Shown:
    """Read a number; parts in percent or percentage points become parts of one."""
    found = SHOWN.fullmatch(text)
    assert found, text
    places = len(found["decimals"] or "")
    power = int((found["power"] or "0").translate(POWERS))
    part = 0.01 if found["percent"] or found["unit"] == "pp" else 1
    scale = 10.0**power * SIZES[found["size"]] * part
    digits = float(f"{found['digits'].replace(',', '')}.{found['decimals'] or 0}")
    sign = -1 if found["sign"] in {MINUS, "-"} else 1
    return Shown(
        sign * digits * scale,
        0.5 * 10.0**-places * scale,
        found["unit"] or ("%" if found["percent"] else ""),
        (found["bound"] or "").strip(),
    )
