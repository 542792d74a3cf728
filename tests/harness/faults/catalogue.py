"""All faults that the project has to survive, and the page docs/faults.md that is made of them."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

from faults import configuration, csv_files, files, found_since, operations, rows, security
from faults.fault import Fault

HARNESS = Path(__file__).parents[1]
AREAS = {
    "Files": (files, "test_file_faults.py"),
    "Rows": (rows, "test_row_faults.py"),
    "CSV": (csv_files, "test_csv_faults.py"),
    "Configuration and statistics": (configuration, "test_configuration_faults.py"),
    "Operations": (operations, "test_operation_faults.py"),
    "Security": (security, "test_security_faults.py"),
    "Found on the project itself": (found_since, "test_faults_found_since.py"),
}
FAULTS = tuple(fault for area, _ in AREAS.values() for fault in area.FAULTS)
PAGE = """\
# Faults

What may go wrong with data, settings and machines, and what happens then. Nothing wrong may be
published, nothing be lost without a word, and one line should say what to do. This page is made of
the tests: the cases of `tests/harness/faults`, which make the faults and look at what comes of it,
and where another test shows all of that, that test.

Of {count} faults {proved} are met as this page says. Open: {open}. Waiting for what is yet to come:
{waits}.
"""


def scorecard() -> str:
    """Write the page."""
    counts = Counter(fault.status for fault in FAULTS)
    head = PAGE.format(
        count=len(FAULTS), **{status: counts[status] for status in ("proved", "open", "waits")}
    )
    return head + "".join(
        f"\n## {title}\n\n{_table(area.FAULTS, file)}\n" for title, (area, file) in AREAS.items()
    )


def _table(faults: tuple[Fault, ...], file: str) -> str:
    lines = ["| | fault | what happens | test |", "|---|---|---|---|"]
    lines += [
        f"| {fault.number} | {fault.title} | {fault.behaviour} | {_test(fault, file)} |"
        for fault in faults
    ]
    return "\n".join(lines)


def _test(fault: Fault, file: str) -> str:
    """Say which test shows it, or why none does."""
    if fault.waits_for:
        return f"waits for {fault.waits_for}"
    own = [f"`{file}` {fault.id}"] if fault.check else []
    if fault.open:
        return "; ".join([f"**open**: {fault.open}", *own])
    return "; ".join([*own, *(_shown(test) for test in fault.proved_by)])


def _shown(test: str) -> str:
    path, name = test.split("::")
    return f"`{path.split('/')[-1]}` {name}"


def exists(test: str) -> bool:
    """Tell whether there is a test of that name."""
    path, name = test.split("::")
    return name in _tests_of(HARNESS / path)


@cache
def _tests_of(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
