#!/usr/bin/env python3
"""Makes an export in Optimizely's Enriched Events layout, and the call records beside it.

Without a size: the sample, three experiments of the shop "Attic & Button". The results of the first
are known exactly; of the others, the true effects. With a size: large data for benchmarks, with
known true effects. All of it is invented, and the same seed always gives the same files.

    python scripts/generate_sample_data.py
    python scripts/generate_sample_data.py --visitors 1000000 --experiments 3 --days 14 --output DIR

The export holds `type=decisions/`, `type=events/`, `call_data.csv`, and `truth.json`, which says
what a right pipeline finds in it. `seeds/call_data.csv` is a copy of the sample's call records.

Exit codes: 0 the export is in place, 1 it could not be written, 2 the arguments are wrong or the
output folder holds something else.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from sample_data.export import OutputError, check_replaceable, write_export
from sample_data.large import large
from sample_data.model import Dataset
from sample_data.sample import sample

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_OUTPUT = PROJECT_ROOT / "data" / "sample"
DEFAULT_SEED = 20200914

DEFAULT_VISITORS, MOST_VISITORS = 100_000, 50_000_000
DEFAULT_EXPERIMENTS, MOST_EXPERIMENTS = 3, 1_000
DEFAULT_DAYS, MOST_DAYS = 14, 3_650
LARGEST_SEED = 2**32 - 1


class OneLineParser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"error: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the export that the arguments ask for; give the exit code."""
    options = _parser().parse_args(arguments)
    try:
        check_replaceable(options.output.resolve())
        dataset = _plan(options)
        write_export(dataset, options.output)
    except OutputError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"error: could not write {options.output}: {error}\n")
        return 1
    sys.stdout.write(
        f"{options.output}: {len(dataset.decisions):,} decisions, {len(dataset.events):,} events,"
        f" {len(dataset.calls):,} calls (seed {dataset.seed})\n",
    )
    return 0


def _plan(options: argparse.Namespace) -> Dataset:
    """Choose the sample, or large data if any size is given."""
    if all(size is None for size in (options.visitors, options.experiments, options.days)):
        return sample(options.seed)
    return large(
        options.seed,
        visitors=options.visitors or DEFAULT_VISITORS,
        experiments=options.experiments or DEFAULT_EXPERIMENTS,
        days=options.days or DEFAULT_DAYS,
    )


def _parser() -> OneLineParser:
    parser = OneLineParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument(
        "--output",
        type=Path,
        default=DEFAULT_OUTPUT,
        metavar="DIR",
        help="the folder to make or replace (default: data/sample in the project)",
    )
    parser.add_argument(
        "--seed",
        type=_whole_number(0, LARGEST_SEED),
        default=DEFAULT_SEED,
        metavar="S",
        help=f"the same seed gives the same files (default: {DEFAULT_SEED})",
    )
    parser.add_argument(
        "--visitors",
        type=_whole_number(1, MOST_VISITORS),
        metavar="N",
        help=f"exposed visitors of large data (default: {DEFAULT_VISITORS})",
    )
    parser.add_argument(
        "--experiments",
        type=_whole_number(1, MOST_EXPERIMENTS),
        metavar="K",
        help=f"experiments of large data (default: {DEFAULT_EXPERIMENTS})",
    )
    parser.add_argument(
        "--days",
        type=_whole_number(1, MOST_DAYS),
        metavar="D",
        help=f"days over which the visitors of large data arrive (default: {DEFAULT_DAYS})",
    )
    return parser


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    """Make an argument type that takes whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        message = f"must be a whole number from {least} to {most}, not {text!r}"
        raise argparse.ArgumentTypeError(message)

    return read


if __name__ == "__main__":
    sys.exit(main())
