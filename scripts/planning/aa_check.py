"""Tells which metrics keep their error rate on one's own units: scripts/aa_check."""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import pandas as pd
from calibration.bands import at_most, two_sided
from pipeline import cli
from pipeline.choosing import choose, choose_names, label
from pipeline.errors import UsageError
from pipeline.progress import shown_counts
from pipeline.published import PublishedTables, Row, open_published
from pipeline.readings import list_experiments
from pipeline.screen import indented, lay_out, line, table
from pipeline.settings import read_settings

from planning.question import read_split, whole
from planning.rerandomise import (
    compiled_models,
    least_runs,
    past_units,
    published_settings,
    rerandomised,
)

HELP = """Tell which metrics keep their error rate on the units of an EXPERIMENT that was.

Its units are dealt out anew many times, so that there is nothing to find, and the models of results
say each time whether they find something. Without EXPERIMENT the one with most units is taken.

Exit codes: 0 all keep it, 1 one does not, 2 the arguments name nothing that there is, or no results
can be read.
"""
DEFAULT_RUNS = 500
TESTS = {"fixed": "p_value", "sequential": "sequential_p_value"}


@dataclass(frozen=True)
class Arguments:
    """What is asked for."""

    experiment: str | None
    metrics: tuple[str, ...]
    runs: int
    share: float
    """Of the units that the variation gets."""


@dataclass(frozen=True)
class Finding:
    """How often a test found something where there is nothing."""

    metric_name: str
    estimator: str
    is_headline: bool
    test: str
    run_count: int
    """Re-randomisations that gave a p-value."""
    false_positive_count: int
    false_positive_rate: float | None
    band_low: float | None
    band_high: float | None
    verdict: str
    reason: str | None


@dataclass
class Runs:
    """How many re-randomisations are done."""

    total: int
    done: int = 0

    def text(self) -> str:
        """Say so."""
        if not self.done:
            return "reading the project"
        return f"{self.done} of {self.total} re-randomisations done"


def main(arguments: Sequence[str]) -> int:
    """Check what the arguments ask for; give the exit code."""
    return cli.run("aa_check", arguments, _job)


def _job(arguments: Sequence[str]) -> cli.Outcome:
    asked = cli.read(_command, arguments)
    warehouse_path = read_settings().warehouse_path
    with open_published(warehouse_path) as tables:
        experiment = _experiment(tables, asked.experiment)
        metrics = _metrics(tables, experiment, asked.metrics)
        settings = published_settings(tables)
    alpha = float(settings["alpha"])
    counts = Runs(asked.runs)
    with (
        tempfile.TemporaryDirectory() as directory,
        shown_counts("aa_check", counts) as display,
        past_units(warehouse_path, experiment["id"], metrics) as (database, row_count),
    ):

        def told(done: int) -> None:
            counts.done = done
            display.update(counts)

        models = compiled_models(Path(directory), settings)
        rows = rerandomised(
            database,
            models,
            row_count=row_count,
            runs=asked.runs,
            share=asked.share,
            told=told,
        )
    findings = judge(rows, alpha)
    document = {
        "experiment_id": experiment["id"],
        "experiment_name": experiment["name"],
        "run_count": asked.runs,
        "variation_share": asked.share,
        "alpha": alpha,
        "findings": [asdict(finding) for finding in findings],
    }
    exceeded = any(finding.verdict == "exceeds" for finding in findings)
    return cli.Outcome(write(experiment, asked, alpha, findings), document, code=int(exceeded))


@click.command("aa_check", cls=cli.Command, help=HELP)
@click.argument("experiment", required=False)
@click.option(
    "--metric", "metrics", multiple=True, metavar="NAME", help="Only this metric; again for more."
)
@click.option(
    "--runs",
    default=str(DEFAULT_RUNS),
    metavar="N",
    help=f"How many times. Default: {DEFAULT_RUNS}.",
)
@click.option(
    "--split",
    default="50/50",
    metavar="A/B",
    help="The shares of the reference and of the variation. Default: 50/50.",
)
@cli.json_option
def _command(
    *,
    experiment: str | None,
    metrics: tuple[str, ...],
    runs: str,
    split: str,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> Arguments:
    _, *others = read_split(split, None)
    if len(others) > 1:
        message = f"--split is '{split}', but units are dealt out to two variations."
        raise UsageError(message)
    return Arguments(experiment, metrics, whole("--runs", runs, 10, 100_000), others[0])


def _experiment(tables: PublishedTables, wanted: str | None) -> Row:
    """Find the experiment, which must have units."""
    there = list_experiments(tables)
    if wanted is not None:
        found = choose("experiment", wanted, there)
    elif there:
        found = there[0]
    else:
        message = "There is no experiment whose units could be dealt out anew."
        raise UsageError(message)
    if not found["unit_count"]:
        message = f"Nobody was exposed in {label(found)}: there is nothing to deal out anew."
        raise UsageError(message)
    return found


def _metrics(tables: PublishedTables, experiment: Row, wanted: Sequence[str]) -> list[str]:
    rows = tables.query(
        "select metric_name from used_metrics where experiment_id = ? order by metric_name",
        [experiment["id"]],
    )
    there = [row["metric_name"] for row in rows]
    choose_names("metric of the experiment", wanted, there)
    return list(dict.fromkeys(wanted)) or there


def judge(rows: pd.DataFrame, alpha: float) -> list[Finding]:
    """Compare the rate of each metric, estimator and test with the band of a right one."""
    return [
        _finding(group, str(metric), str(estimator), test, alpha)
        for (metric, estimator), group in rows.groupby(["metric_name", "estimator"])
        for test in TESTS
    ]


def _finding(group: pd.DataFrame, metric: str, estimator: str, test: str, alpha: float) -> Finding:
    p_values = group[TESTS[test]].dropna()
    count, positives = len(p_values), int((p_values < alpha).sum())
    named = (metric, estimator, bool(group["is_headline"].iloc[0]), test, count, positives)
    if count < least_runs(alpha):
        reason = f"{count} re-randomisations gave a p-value, of {least_runs(alpha)} that it takes."
        missing = group.loc[group[TESTS[test]].isna(), "status_reason"].dropna()
        if len(missing):
            reason += f" {Counter(missing).most_common(1)[0][0]}"
        return Finding(*named, None, None, None, "too_few", reason)
    # A sequential test spends its alpha on all looks, of which this is one.
    low, high = two_sided(alpha, count) if test == "fixed" else at_most(alpha, count)
    rate = positives / count
    verdict = "exceeds" if rate > high else "falls_short" if rate < low else "keeps"
    return Finding(*named, rate, low, high, verdict, _REASONS[verdict])


_REASONS = {
    "keeps": None,
    "exceeds": "It calls more differences where there are none than alpha allows.",
    "falls_short": "It calls fewer than alpha allows: it is safe, and sees less than it might.",
}


def write(experiment: Row, asked: Arguments, alpha: float, findings: Sequence[Finding]) -> str:
    """Write the findings for people to read."""
    title = (
        f"{label(experiment)}: {experiment['unit_count']:,} units, dealt out anew"
        f" {asked.runs:,} times, {100 * (1 - asked.share):.4g} / {100 * asked.share:.4g};"
        f" how often p is below {alpha:g} though there is nothing to find"
    )
    header = ["metric", "estimator", "test", "verdict", "runs", "rate", "band"]
    rows = [
        [
            finding.metric_name,
            finding.estimator + ("*" if finding.is_headline else ""),
            finding.test,
            finding.verdict,
            f"{finding.run_count:,}",
            "-" if finding.false_positive_rate is None else f"{finding.false_positive_rate:.2%}",
            "-"
            if finding.band_low is None
            else f"{finding.band_low:.2%} to {finding.band_high:.2%}",
        ]
        for finding in findings
    ]
    notes = dict.fromkeys(
        f"{finding.metric_name} ({finding.estimator}), {finding.test}: {finding.reason}"
        for finding in findings
        if finding.reason
    )
    return lay_out(line(title), table(header, rows, texts=4), *(indented(note) for note in notes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
