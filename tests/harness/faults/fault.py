"""What a line of the catalogue of faults is, and the cases that pytest makes of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from faults.lab import Lab

Check = Callable[[Lab], None]


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with data, settings or machines, and what the project does then.

    It has a check, or names the tests elsewhere that prove it whole, or says why it has neither.
    """

    number: int
    name: str
    """What its test is called, after the number."""
    title: str
    """What is wrong."""
    behaviour: str
    """What happens."""
    check: Check | None = None
    """Makes the fault and asserts what happens."""
    proved_by: tuple[str, ...] = ()
    """Tests elsewhere, as `folder/file.py::test`, below tests/harness."""
    waits_for: str = ""
    """What has to be there before it can happen."""
    open: str = ""
    """What is not yet as it should be; its check, if there is one, is expected to fail."""

    @property
    def id(self) -> str:
        """Name its case."""
        return f"{self.number:03d}-{self.name}"

    @property
    def status(self) -> str:
        """Tell how it stands: `proved`, `open` or `waits`."""
        if self.open:
            return "open"
        return "waits" if self.waits_for else "proved"


def cases(faults: Iterable[Fault]) -> list:
    """Make a case of each fault; one that is open is expected to fail."""
    return [
        pytest.param(
            fault,
            id=fault.id,
            marks=pytest.mark.xfail(strict=True, reason=fault.open)
            if fault.open and fault.check
            else (),
        )
        for fault in faults
    ]


def examine(fault: Fault, lab: Lab) -> None:
    """Run a fault's check; what waits, is open or is proved elsewhere says so."""
    if fault.waits_for:
        pytest.skip(f"waits for {fault.waits_for}")
    if fault.check:
        fault.check(lab)
    elif fault.open:
        pytest.skip(f"open: {fault.open}")
    else:
        assert fault.proved_by, f"fault {fault.number} has no test"
