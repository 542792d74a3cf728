"""What a plan is asked for, read from the arguments of scripts/plan."""

import math
from dataclasses import dataclass
from typing import Any

import click
from pipeline import cli
from pipeline.errors import UsageError

HELP = """Tell how many units and days an experiment takes, and which lift it can show.

The days before now stand for the experiment: no other is needed. The warehouse's events are taken
as they were published last or, where nothing is, from the input of scripts/build.

Exit codes: 0 planned, 1 the baseline could not be built, 2 the arguments are wrong, 130 stopped.
"""
LEAST_POWER = 0.5
MOST_VARIATIONS = 100
# Beyond it a share is one no more.
SMALLEST_SHARE = 1e-6


@dataclass(frozen=True)
class Question:
    """An experiment that is planned, None where the project's vars say what it is."""

    metrics: tuple[str, ...]
    baseline_days: int
    shares: tuple[float, ...]
    """What part of the units each variation gets, that of the reference first."""
    lift: float | None
    power: float | None
    alpha: float | None
    days: int | None
    """How long the experiment may take."""
    entry_event: str
    as_of: str

    def settings(self) -> dict[str, Any]:
        """Give the vars of the dbt run."""
        given = {
            "target_relative_lift": self.lift,
            "power": self.power,
            "alpha": self.alpha,
            "as_of": self.as_of or None,
        }
        return {
            "plan_baseline_days": self.baseline_days,
            "plan_metrics": list(self.metrics),
            "plan_entry_event": self.entry_event,
            "plan_shares": list(self.shares),
            **{name: value for name, value in given.items() if value is not None},
        }


@click.command("plan", cls=cli.Command, help=HELP)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    required=True,
    metavar="NAME",
    help="A metric of the experiment; again for more, whose comparisons are adjusted together.",
)
@click.option(
    "--baseline-days",
    required=True,
    metavar="N",
    help="So many days of the past stand for the experiment.",
)
@click.option("--variations", metavar="N", help="With the reference. Default: 2, or as split.")
@click.option(
    "--split",
    metavar="A/B/…",
    help="The shares of the variations, the reference first; 80/20 with more than two variations"
    " divides the 20 among all but the reference. Default: even.",
)
@click.option("--lift", metavar="L", help="The relative lift to see, such as .05 or 5%.")
@click.option("--power", metavar="P", help="The chance to see it, such as .8.")
@click.option(
    "--alpha", metavar="A", help="The chance to see one where there is none, such as .05."
)
@click.option("--days", metavar="N", help="Tell which lift can be seen in so many days.")
@click.option(
    "--entry-event",
    default="",
    metavar="NAME",
    help="The event by which visitors come into the experiment. Default: their first.",
)
@click.option("--as-of", default="", metavar="TIME", help="The baseline ends before this UTC time.")
@cli.json_option
def plan_command(  # noqa: PLR0913 - the options that there are
    *,
    metrics: tuple[str, ...],
    baseline_days: str,
    variations: str | None,
    split: str | None,
    lift: str | None,
    power: str | None,
    alpha: str | None,
    days: str | None,
    entry_event: str,
    as_of: str,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> Question:
    """Read the arguments."""
    count = None if variations is None else whole("--variations", variations, 2, MOST_VARIATIONS)
    return Question(
        metrics=tuple(dict.fromkeys(metrics)),
        baseline_days=whole("--baseline-days", baseline_days, 1, 16_384),
        shares=read_split(split, count),
        lift=None if lift is None else number("--lift", lift, above=0, example=".05 or 5%"),
        power=None if power is None else _power(power),
        alpha=None if alpha is None else number("--alpha", alpha, above=0, below=1, example=".05"),
        days=None if days is None else whole("--days", days, 1, 100_000),
        entry_event=entry_event,
        as_of=as_of,
    )


def read_split(text: str | None, count: int | None) -> tuple[float, ...]:
    """Read the shares of variations; two stand for the reference and for all the others."""
    if text is None:
        return (1 / (count or 2),) * (count or 2)
    parts = [_number(part) for part in text.split("/")]
    if len(parts) < 2 or not all(part > 0 for part in parts):  # noqa: PLR2004
        message = (
            f"--split is '{text}', but must be a number above 0 for each variation, the reference"
            " first, such as 80/20."
        )
        raise UsageError(message)
    total = math.fsum(parts)
    whole_is = min((1, 100), key=lambda candidate: abs(total - candidate))
    if abs(total - whole_is) > SMALLEST_SHARE * whole_is:
        message = (
            f"--split is '{text}', which adds up to {total:.10g}. It must add up to 100, or 1."
        )
        raise UsageError(message)
    shares = [part / total for part in parts]
    if count is not None and count != len(shares):
        if len(shares) != 2:  # noqa: PLR2004
            message = (
                f"--split is '{text}', of {len(shares)} variations, where --variations is {count}."
                " Give a share for each, or two: the reference's and that of all others."
            )
            raise UsageError(message)
        shares = [shares[0], *[shares[1] / (count - 1)] * (count - 1)]
    return tuple(shares)


def number(option: str, text: str, *, above: float, below: float = math.inf, example: str) -> float:
    """Read a number within limits; 5% is .05."""
    value = _number(text)
    if not above < value < below:
        limit = f" and below {below:g}" if below < math.inf else ""
        message = f"{option} is '{text}', but must be above {above:g}{limit}, such as {example}."
        raise UsageError(message)
    return value


def whole(option: str, text: str, least: int, most: int) -> int:
    """Read a whole number within limits."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or not least <= int(digits[:9]) <= most:
        message = f"{option} is '{text}', but must be a whole number from {least} to {most:,}."
        raise UsageError(message)
    return int(digits)


def _power(text: str) -> float:
    power = _number(text)
    if not LEAST_POWER <= power < 1:
        message = (
            f"--power is '{text}', but must be at least {LEAST_POWER:g} and below 1, such as .8."
        )
        raise UsageError(message)
    return power


def _number(text: str) -> float:
    """Read a number or a percentage; what is neither is none that any limit lets pass."""
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        return math.nan
    return value / 100 if text.strip().endswith("%") else value
