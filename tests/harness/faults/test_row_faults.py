"""Faults of single rows: ids, times, copies, exposures, amounts."""

import pytest
from faults import rows
from faults.fault import Fault, cases, examine
from faults.lab import Lab


@pytest.mark.parametrize("fault", cases(rows.FAULTS))
def test_fault(lab: Lab, fault: Fault) -> None:
    """Each is met as docs/faults.md says."""
    examine(fault, lab)
