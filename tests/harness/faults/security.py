"""Faults that somebody may have made on purpose."""

from faults.fault import Fault

NO_CASE = "no case yet"

FAULTS = (
    Fault(
        84,
        "sql-in-vars",
        "A var's value holds SQL",
        "it is refused, or stays a value",
        open=NO_CASE,
    ),
    Fault(
        85,
        "code-in-data",
        "Ids and names hold SQL or Jinja",
        "they stay text",
        open=NO_CASE,
    ),
    Fault(
        86,
        "path-traversal",
        "A path leads out of the folders of the data",
        "the build fails",
        open=NO_CASE,
    ),
    Fault(
        87,
        "secrets",
        "Passwords and tokens in settings",
        "they reach no log, file or message",
        open=NO_CASE,
    ),
    Fault(
        88,
        "html-in-names",
        "Names hold HTML",
        "a page shows them as text",
        open=NO_CASE,
    ),
    Fault(
        89,
        "formulas",
        "Texts that a spreadsheet would run",
        "they are marked as text; numbers are not changed",
        open=NO_CASE,
    ),
    Fault(
        90,
        "addresses",
        "Addresses and agents of visitors",
        "they do not leave staging",
        open=NO_CASE,
    ),
    Fault(
        91,
        "control-characters",
        "Ids hold control characters",
        "what a terminal shows is escaped",
        open=NO_CASE,
    ),
)
