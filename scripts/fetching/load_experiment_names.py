"""Fills the settings with what Optimizely knows of the experiments in the data.

Exit codes: 0 every experiment was found, 1 some weren't and the others were written, 2 nothing was
written.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from pipeline import cli
from pipeline.choosing import choose_names
from pipeline.errors import UsageError, one_line
from pipeline.progress import shown_counts
from pipeline.sample import make_sample
from pipeline.screen import indented, lay_out, line
from pipeline.settings import PROJECT_ROOT, SAMPLE_DIR, read_settings
from rich.text import Text

from fetching.experiment import Experiment, read_experiment
from fetching.exported_experiments import Exported, exported_experiments
from fetching.optimizely_api import NotThereError, OptimizelyApi, api_from_environment
from fetching.settings_files import Finding, SettingsFiles, read_settings_files, write_files

NAME = "load_experiment_names"
HELP = """Fill the settings with what Optimizely knows of the experiments in the data.

Of each experiment that the export has, Optimizely's REST API is asked for names, the reference
variation, traffic shares and dates. Blank cells of variations.csv and experiments.csv are filled
and lines added; a cell that holds something else stays, and is named.

The environment holds OPTIMIZELY_API_TOKEN, a personal access token.

Exit codes: 0 every experiment was found, 1 Optimizely doesn't know some of them and the others were
written, 2 nothing was written, 130 stopped.
"""


@dataclass(frozen=True)
class Order:
    """What is asked for."""

    data_dir: Path
    seeds_dir: Path
    experiments: tuple[str, ...]
    is_dry: bool
    overwrite: bool


@dataclass
class Asked:
    """How many experiments were asked for, of how many."""

    total: int
    done: int = 0

    def text(self) -> str:
        """Say what is done."""
        return f"{self.done} of {self.total} experiments asked for"


@dataclass(frozen=True)
class Report:
    """What became of one experiment; without a name where Optimizely doesn't know it."""

    experiment_id: str
    experiment_name: str | None
    findings: Sequence[Finding]
    notes: Sequence[str]

    def document(self) -> dict[str, Any]:
        """Give it to programs."""
        return {
            "experiment_id": self.experiment_id,
            "experiment_name": self.experiment_name,
            "is_known": self.experiment_name is not None,
            "findings": [finding.document() for finding in self.findings],
            "notes": list(self.notes),
        }


def main(arguments: Sequence[str]) -> int:
    """Ask, and write; give the exit code."""
    return cli.run(NAME, arguments, _job, cli.Failing(stopped="stopped; nothing was written."))


@click.command(NAME, cls=cli.Command, help=HELP)
@click.option(
    "--data-dir",
    metavar="DIR",
    help="The export; without it OPTIMIZELY_DATA_DIR, without that the sample.",
)
@click.option(
    "--seeds",
    "seeds_dir",
    metavar="DIR",
    help="The folder of variations.csv and experiments.csv; without it the project's own.",
)
@click.option(
    "--experiment",
    "experiments",
    multiple=True,
    metavar="ID",
    help="Only this experiment; again for more.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would change, and write nothing.")
@click.option(
    "--overwrite", is_flag=True, help="Take what Optimizely has in place of what cells hold, too."
)
@cli.json_option
def _command(  # noqa: PLR0913 - the options that there are
    *,
    data_dir: str | None,
    seeds_dir: str | None,
    experiments: tuple[str, ...],
    is_dry: bool,
    overwrite: bool,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> Order:
    seeds = Path(seeds_dir).absolute() if seeds_dir else PROJECT_ROOT / "seeds"
    return Order(_data_dir(data_dir), seeds, experiments, is_dry, overwrite)


def _data_dir(given: str | None) -> Path:
    named = given or os.environ.get("OPTIMIZELY_DATA_DIR", "")
    if named.lower().startswith("s3:"):
        message = (
            "This reads an export on a disk alone. Fetch it by ./scripts/load_export, and name its"
            " folder by --data-dir: a few days of each experiment are enough."
        )
        raise UsageError(message)
    if not named and read_settings().exposures:
        message = (
            "EXPOSURES is set, whose ids needn't be Optimizely's. If they come from an export of"
            " its, name that by --data-dir."
        )
        raise UsageError(message)
    return Path(named).absolute() if named else SAMPLE_DIR


def _job(arguments: Sequence[str]) -> cli.Outcome:
    order = cli.read(_command, arguments)
    # What can be wrong here is told before anything is asked for.
    api = api_from_environment()
    files = read_settings_files(order.seeds_dir, overwrite=order.overwrite)
    if order.data_dir == SAMPLE_DIR:
        make_sample()
    exported = exported_experiments(order.data_dir)
    choose_names("experiment", order.experiments, list(exported))
    wanted = [name for name in exported if not order.experiments or name in order.experiments]
    answers = _ask_all(api, wanted)
    reports = [
        _report(files, experiment_id, answer, exported) for experiment_id, answer in answers.items()
    ]
    changed = files.changed
    if not order.is_dry:
        with _not_to_be_stopped():
            write_files(changed)
    return _outcome(order, reports, [file.path for file in changed])


@contextlib.contextmanager
def _not_to_be_stopped() -> Iterator[None]:
    """Let a moment pass that must not end halfway, after which there is nothing left to stop."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ask_all(api: OptimizelyApi, wanted: Sequence[str]) -> dict[str, Experiment | str]:
    answers: dict[str, Experiment | str] = {}
    asked = Asked(len(wanted))
    with shown_counts(NAME, asked) as display:
        for experiment_id in wanted:
            display.update(asked)
            answers[experiment_id] = _ask(api, experiment_id)
            asked.done += 1
    return answers


def _ask(api: OptimizelyApi, experiment_id: str) -> Experiment | str:
    """Give an experiment, or why there is none: the others are no worse for that."""
    if not experiment_id.strip(".") or not experiment_id.isprintable():
        return f"'{experiment_id}' is no id that Optimizely can be asked for."
    try:
        document = api.get(f"/v2/experiments/{quote(experiment_id, safe='')}")
    except NotThereError as problem:
        return str(problem)
    return read_experiment(document, experiment_id)


def _report(
    files: SettingsFiles, experiment_id: str, answer: Experiment | str, exported: Exported
) -> Report:
    if isinstance(answer, str):
        cli.tell(NAME, answer)
        return Report(experiment_id, None, [], [answer])
    variations = exported[experiment_id]
    findings = files.take(answer, variations)
    notes = [*answer.notes, *_differences(answer, variations)]
    return Report(experiment_id, answer.name or experiment_id, findings, notes)


def _differences(experiment: Experiment, exported: set[str]) -> list[str]:
    """Say where Optimizely and the data don't have the same variations."""
    known = {variation.id for variation in experiment.variations}
    shown = [one for one in experiment.variations if one.is_shown]
    notes = [
        f"The data have variation {unknown}, which Optimizely doesn't know."
        for unknown in sorted(exported - known)
    ]
    notes += [
        f"The data have nothing of {one.name} ({one.id}), which visitors should see."
        for one in shown
        if one.id not in exported
    ]
    notes += [
        f"{one.name} ({one.id}) is shown to nobody any more, so its share of the traffic, whatever"
        " it was, isn't taken."
        for one in experiment.variations
        if not one.is_shown and one.id in exported
    ]
    wanted = experiment.wanted(exported)
    if wanted and wanted[0] is not experiment.variations[0]:
        notes.append(
            "Its first variation is shown to nobody and not in the data, so the next that is either"
            f" counts as the first: {wanted[0].name} ({wanted[0].id})."
        )
    return notes


# --- saying it ------------------------------------------------------------------------------------


def _outcome(order: Order, reports: Sequence[Report], changed: Sequence[Path]) -> cli.Outcome:
    is_complete = all(report.experiment_name is not None for report in reports)
    status = "unchanged" if not changed else "dry run" if order.is_dry else "written"
    document = {
        "status": status,
        "data_dir": order.data_dir,
        "seeds_dir": order.seeds_dir,
        "files": changed,
        "experiments": [report.document() for report in reports],
    }
    return cli.Outcome(_text(order, reports, changed), document, code=0 if is_complete else 1)


def _text(order: Order, reports: Sequence[Report], changed: Sequence[Path]) -> str:
    findings = [finding for report in reports for finding in report.findings]
    kept = "What cells hold is kept; --overwrite takes what Optimizely has."
    return lay_out(
        line(f"Experiments in {order.data_dir}"),
        *(
            block
            for report in reports
            for block in ("", _heading(report), *map(indented, _lines(report)))
        ),
        "",
        *([kept] if any(finding.what == "kept" for finding in findings) else []),
        line(_end(order, changed)),
    )


def _heading(report: Report) -> Text:
    if report.experiment_name in {None, report.experiment_id}:
        return line(report.experiment_id)
    return line(f"{report.experiment_name} ({report.experiment_id})")


def _lines(report: Report) -> list[str]:
    if report.experiment_name is None:
        return ["Optimizely doesn't know it: its lines stay as they are."]
    return [*map(_sentence, report.findings), *report.notes] or ["As Optimizely has it."]


def _sentence(finding: Finding) -> str:
    """Say what becomes of a cell or a line, whether or not it is written."""
    of = f" of {finding.variation_id}" if finding.variation_id else ""
    cell, old, new = f"{finding.column}{of}", one_line(finding.old or ""), finding.new
    said = {
        "added": f"a line is added{of}: {new}",
        "filled": f"{cell} is filled: {new}",
        "replaced": f"{cell} was {old}, and becomes {new}",
        "kept": f"{cell} is kept: {old}. Optimizely has {new}",
        "refused": f"{cell} is not taken: {new} would have it end before it starts",
    }
    return f"{finding.file}: {said[finding.what]}"


def _end(order: Order, changed: Sequence[Path]) -> str:
    if not changed:
        return "Nothing to write: the settings have it all."
    names = " and ".join(str(path) for path in changed)
    return f"Dry run, so not written: {names}" if order.is_dry else f"Wrote {names}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
