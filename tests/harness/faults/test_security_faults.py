"""Faults that somebody may have made on purpose."""

import pytest
from faults import security
from faults.fault import Fault, cases, examine
from faults.lab import Lab


@pytest.mark.parametrize("fault", cases(security.FAULTS))
def test_fault(lab: Lab, fault: Fault) -> None:
    """Each is met as docs/faults.md says."""
    examine(fault, lab)
