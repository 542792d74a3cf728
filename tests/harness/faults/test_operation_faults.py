"""Faults of machines and of how the project is run."""

import pytest
from faults import operations
from faults.fault import Fault, cases, examine
from faults.lab import Lab


@pytest.mark.parametrize("fault", cases(operations.FAULTS))
def test_fault(lab: Lab, fault: Fault) -> None:
    """Each is met as docs/faults.md says."""
    examine(fault, lab)
