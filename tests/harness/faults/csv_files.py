"""Faults of CSV files: dates, headers, encodings, lines, keys."""

from faults.fault import Fault

NO_CASE = "no case yet"

FAULTS = (
    Fault(
        44,
        "ambiguous-dates",
        "03/04/2024 may be March or April",
        "month first unless declared, and the build stops at what can't be",
        open=NO_CASE,
    ),
    Fault(
        45,
        "mixed-dates",
        "Dates in several forms, years of two digits, serial numbers",
        "the build stops and shows one",
        open=NO_CASE,
    ),
    Fault(
        46,
        "no-time-zone",
        "Times have no zone, and an hour that comes twice or never",
        "UTC unless declared",
        open=NO_CASE,
    ),
    Fault(
        47,
        "ragged-lines",
        "A line has more or fewer cells than the first",
        "the build stops and names the line",
        open=NO_CASE,
    ),
    Fault(
        48,
        "empty-file",
        "The file is empty",
        "the build stops and names it",
        open=NO_CASE,
    ),
    Fault(
        49,
        "reordered-columns",
        "The columns come in another order",
        "they are known by their names",
        open=NO_CASE,
    ),
    Fault(
        50,
        "column-twice",
        "Two columns have one name",
        "the build stops and names it",
        open=NO_CASE,
    ),
    Fault(
        51,
        "other-encoding",
        "Another encoding, a byte order mark, semicolons, decimal commas",
        "declared, or the build stops",
        open=NO_CASE,
    ),
    Fault(
        52,
        "totals-line",
        "The last line is a total",
        "it is left out and counted",
        open=NO_CASE,
    ),
    Fault(
        53,
        "long-ids",
        "Ids of 23 digits",
        "they are text",
        open=NO_CASE,
    ),
    Fault(
        54,
        "few-matches",
        "Few or no records are of exposed visitors",
        "few warn; none stops the build",
        open=NO_CASE,
    ),
    Fault(
        55,
        "keys-twice",
        "A key that should be one is there twice",
        "the build stops and shows it",
        open=NO_CASE,
    ),
)
