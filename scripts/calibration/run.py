"""Measures the error rates of the statistics and writes docs/calibration.md."""

import argparse
import sys
import tempfile
from pathlib import Path

from engine.compile import Project
from engine.warehouse import Warehouse

from calibration.report import FIGURE, PAGE, page, write
from calibration.study import FULL, SHORT, Measured, measure


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 where a rate is off its band or a mistake was missed."""
    parser = argparse.ArgumentParser(prog="calibrate", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="measure less, print the page, write nothing"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as directory:
        measured = measure(
            Project(Path(directory), Warehouse),
            SHORT if options.short else FULL,
            lambda step: print(step, file=sys.stderr, flush=True),
        )
    if options.short:
        print(page(measured))
    else:
        write(measured)
        print(f"Wrote {PAGE} and {FIGURE}.")
    return _conclude(measured)


def _conclude(measured: Measured) -> int:
    for check in measured.failures:
        print(f"off its band: {check}", file=sys.stderr)
    for name in measured.missed:
        print(f"not found: {name}", file=sys.stderr)
    return int(bool(measured.failures or measured.missed))


if __name__ == "__main__":
    sys.exit(main())
