"""Faults of settings and of what statistics are asked to do."""

import pytest
from faults import configuration
from faults.fault import Fault, cases, examine
from faults.lab import Lab


@pytest.mark.parametrize("fault", cases(configuration.FAULTS))
def test_fault(lab: Lab, fault: Fault) -> None:
    """Each is met as docs/faults.md says."""
    examine(fault, lab)
