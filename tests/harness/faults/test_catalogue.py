"""The catalogue of faults is whole, and docs/faults.md is what it says.

After a wanted change

    UPDATE_GOLDEN=1 .venv/bin/pytest tests/harness/faults/test_catalogue.py

writes the page anew.
"""

import os

import pytest
from conftest import PROJECT_ROOT
from faults.catalogue import FAULTS, HARNESS, exists, scorecard
from faults.fault import Fault, examine
from faults.lab import Lab

DOCS = PROJECT_ROOT / "docs" / "faults.md"


def test_every_fault_is_there_once() -> None:
    """By number and by name."""
    assert sorted(fault.number for fault in FAULTS) == list(range(1, 117))
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.id for fault in FAULTS])
def test_every_fault_is_tested_or_says_why_not(fault: Fault) -> None:
    """By a check, by tests elsewhere that there are, or by what it waits for."""
    assert fault.check or fault.proved_by or fault.waits_for or fault.open
    assert [test for test in fault.proved_by if not exists(test)] == []
    assert not (fault.waits_for and (fault.check or fault.open))


def test_the_page_is_up_to_date() -> None:
    """The table and its sums are made from the cases."""
    made = scorecard()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        DOCS.write_text(made, encoding="utf-8")
    text = DOCS.read_text(encoding="utf-8")
    assert text == made, "docs/faults.md is stale: the first lines of this module say what to do"


def test_a_test_that_there_is_not_is_noticed() -> None:
    """A renamed test can't go on proving anything."""
    here = "faults/test_catalogue.py"
    assert (HARNESS / here).is_file()
    assert exists(f"{here}::test_the_page_is_up_to_date")
    assert not exists(f"{here}::test_something_else")
    assert not exists("faults/test_nothing.py::test_the_page_is_up_to_date")


def test_a_case_without_any_proof_fails(lab: Lab) -> None:
    """A fault may not pass for want of a test."""
    with pytest.raises(AssertionError, match="has no test"):
        examine(Fault(0, "nothing", "Nothing", "nothing"), lab)
