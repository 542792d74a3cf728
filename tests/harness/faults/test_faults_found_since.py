"""Faults that were found on the project itself."""

import pytest
from faults import found_since
from faults.fault import Fault, cases, examine
from faults.lab import Lab


@pytest.mark.parametrize("fault", cases(found_since.FAULTS))
def test_fault(lab: Lab, fault: Fault) -> None:
    """Each is met as docs/faults.md says."""
    examine(fault, lab)
