"""Fetches Optimizely's export from S3 into a data folder that a build reads.

Only what is finished comes, only what is not there yet, and a day as a whole: docs/fetching.md.

Exit codes: 0 all that is finished is here, 1 something failed (what came whole stays), 2 it could
not start, 130 stopped.
"""

import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import click
from pipeline import cli
from pipeline.errors import PipelineError, UsageError
from pipeline.progress import shown_counts
from pipeline.settings import SAMPLE_DIR

from fetching import load_report
from fetching.bucket import Bucket, Listing
from fetching.credentials import ACCOUNT_FOLDER, Access, Source, read_access
from fetching.download import Downloads, Stage, Staged, in_parallel
from fetching.layout import PARTITIONS, Day, RemoteFile, Selection
from fetching.load_progress import Arrived
from fetching.manifest import Manifest
from fetching.placing import Placing, alone, due, prune
from fetching.plan import COMING, DayPlan, plan_days
from fetching.s3_problems import FetchError, GeneralFetchError

COMMAND = "load_export"
JOBS = 8
MOST_JOBS = 64
READ_SECONDS = 60.0
STOPPED = "stopped. What came whole stays; run this again for the rest."
HELP = """Fetch Optimizely's Enriched Events Export from S3 into a data folder.

A day comes when the export has finished it (_SUCCESS), as a whole, and once: what is there and
unchanged is skipped. A day that changed since is fetched again. A day whose folder you delete stays
away. See docs/fetching.md.

AWS keys come from where the AWS tools find them, or from Optimizely, where OPTIMIZELY_API_TOKEN
holds a personal access token; then the account needn't be named.

Exit codes: 0 all that is finished is here, 1 something failed and what came whole stays, 2 it could
not start, 130 stopped.
"""


@dataclass(frozen=True)
class Wishes:
    """What the arguments ask for."""

    source: Source
    folder: Path
    selection: Selection | None
    """None where only old days are to be removed."""
    prune_before: date | None
    refetch: bool
    require_success: bool
    dry_run: bool
    jobs: int
    read_seconds: float


def main(arguments: Sequence[str]) -> int:
    """Fetch what the arguments name; give the exit code."""
    return cli.run(COMMAND, arguments, _job, cli.Failing(stopped=STOPPED))


def _refuse_token(_: click.Context, __: click.Parameter, value: str | None) -> None:
    if value is not None:
        message = (
            "a token among the arguments can be read by other users of the machine. Set"
            " OPTIMIZELY_API_TOKEN to it instead, and revoke this one where others use the machine."
        )
        raise click.UsageError(message)


DAY = click.DateTime(["%Y-%m-%d"])


@click.command(COMMAND, cls=cli.Command, help=HELP)
@click.option("--account", "--account-id", metavar="ID", help="The account whose export it is.")
@click.option("--from", "--start", "first", type=DAY, metavar="DATE", help="The first day.")
@click.option(
    "--to", "--end", "last", type=DAY, metavar="DATE", help="The last day; without it, all since."
)
@click.option("--date", "single", type=DAY, metavar="DATE", help="One day, as --from and --to.")
@click.option("--type", "kind", type=click.Choice(sorted(PARTITIONS)), help="Only this; else both.")
@click.option(
    "--experiment", "experiments", multiple=True, metavar="ID", help="Only these decisions."
)
@click.option("--event", "events", multiple=True, metavar="NAME", help="Only these events.")
@click.option(
    "--output",
    metavar="DIR",
    envvar="OPTIMIZELY_DATA_DIR",
    help="The data folder; without it, OPTIMIZELY_DATA_DIR.",
)
@click.option(
    "--bucket",
    metavar="NAME",
    envvar="OPTIMIZELY_EXPORT_BUCKET",
    help="Another bucket than Optimizely's; also OPTIMIZELY_EXPORT_BUCKET.",
)
@click.option(
    "--prefix",
    metavar="FOLDER",
    envvar="OPTIMIZELY_EXPORT_PREFIX",
    help="What is before account_id=... in it, v1 by default; also OPTIMIZELY_EXPORT_PREFIX.",
)
@click.option("--prune-before", type=DAY, metavar="DATE", help="Remove older days, for good.")
@click.option("--refetch", is_flag=True, help="Fetch all these days anew, pruned ones too.")
@click.option("--require-success", is_flag=True, help="Fail where a day is not finished.")
@click.option("--dry-run", is_flag=True, help="Say what would come, and change nothing.")
@click.option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    default=JOBS,
    metavar="N",
    help=f"Files that come at once: {JOBS}.",
)
@click.option(
    "--timeout",
    "read_seconds",
    type=click.FloatRange(0, min_open=True),
    default=READ_SECONDS,
    metavar="SECONDS",
    help=f"How long S3 may be silent: {READ_SECONDS:.0f}.",
)
@click.option("--token", hidden=True, expose_value=False, callback=_refuse_token)
@cli.json_option
def _command(  # noqa: PLR0913 - the command's options
    *,
    account: str | None,
    first: datetime | None,
    last: datetime | None,
    single: datetime | None,
    kind: str | None,
    experiments: tuple[str, ...],
    events: tuple[str, ...],
    output: str | None,
    bucket: str | None,
    prefix: str | None,
    prune_before: datetime | None,
    refetch: bool,
    require_success: bool,
    dry_run: bool,
    jobs: int,
    read_seconds: float,
    as_json: bool,  # noqa: ARG001 - the runner's
) -> Wishes:
    days = _days(first, last, single)
    if days is None and prune_before is None:
        message = "which days? Name them by --from DATE and --to DATE, or by --date DATE."
        raise click.UsageError(message)
    names = {"decisions": experiments, "events": events}
    for other, option in (("decisions", "--event"), ("events", "--experiment")):
        if kind == other and names["events" if other == "decisions" else "decisions"]:
            message = f"{option} chooses nothing of --type {kind}: leave one of them out."
            raise click.UsageError(message)
    return Wishes(
        source=Source(account, bucket, prefix),
        folder=_folder(output),
        selection=days
        and Selection(
            kinds=(kind,) if kind else tuple(PARTITIONS),
            first=days[0],
            last=days[1],
            names={of: frozenset(wanted) for of, wanted in names.items() if wanted},
        ),
        prune_before=prune_before.date() if prune_before else None,
        refetch=refetch,
        require_success=require_success,
        dry_run=dry_run,
        jobs=jobs,
        read_seconds=read_seconds,
    )


def _days(
    first: datetime | None, last: datetime | None, single: datetime | None
) -> tuple[date, date | None] | None:
    """Give the first and the last day that are asked for."""
    if single is not None:
        if first is not None or last is not None:
            message = (
                "--date is one day, and --from and --to are several: give the one or the other."
            )
            raise click.UsageError(message)
        return single.date(), single.date()
    if first is None:
        if last is not None:
            message = "--to needs --from DATE, the first day."
            raise click.UsageError(message)
        return None
    if last is not None and last < first:
        message = f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}."
        raise click.UsageError(message)
    return first.date(), last.date() if last else None


def _folder(output: str | None) -> Path:
    if not output:
        message = "where to? Name a folder by --output DIR, or by OPTIMIZELY_DATA_DIR."
        raise click.UsageError(message)
    if output.startswith("s3:"):
        message = "the data folder is on S3. Name one of this machine by --output DIR."
        raise click.UsageError(message)
    folder = Path(output).absolute()
    if folder == SAMPLE_DIR:
        message = f"{folder} holds the sample, which is made anew. Name another folder by --output."
        raise click.UsageError(message)
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is no folder. Name one by --output DIR."
        raise click.UsageError(message)
    return folder


def _job(arguments: Sequence[str]) -> cli.Outcome:
    wishes: Wishes = cli.read(_command, arguments)
    manifest = Manifest(wishes.folder)
    if wishes.selection is None:
        return _only_prune(wishes, manifest)
    access = read_access(wishes.source)
    _check_account(manifest, access)
    bucket = Bucket(access, wishes.jobs, wishes.read_seconds)
    if wishes.dry_run:
        old = due(manifest, wishes.prune_before)
        look = _look(wishes, wishes.selection, manifest, bucket)
        return _report(wishes, access, look, [day.day for day in old], [])
    with alone(wishes.folder):
        pruned = prune(manifest, wishes.prune_before)
        look = _look(wishes, wishes.selection, manifest, bucket)
        placing = Placing(manifest, access.url, wishes.selection)
        failures = _Work(wishes, bucket, placing, look.plans).do()
        return _report(wishes, access, look, pruned, failures)


def _only_prune(wishes: Wishes, manifest: Manifest) -> cli.Outcome:
    """Remove old days, which needs nobody but the disk."""
    if not manifest:
        message = f"nothing was fetched into {wishes.folder}: there is nothing to remove."
        raise UsageError(message)
    if wishes.dry_run:
        old = [day.day for day in due(manifest, wishes.prune_before)]
        return load_report.of_pruning(wishes.folder, old, is_done=False)
    with alone(wishes.folder):
        return load_report.of_pruning(wishes.folder, prune(manifest, wishes.prune_before))


def _check_account(manifest: Manifest, access: Access) -> None:
    """Refuse to mix two accounts, whose days would overwrite each other's."""
    for fetched in manifest.days():
        found = ACCOUNT_FOLDER.search(fetched.source)
        if found and not access.root.endswith(f"account_id={found[2]}/"):
            message = (
                f"{manifest.data_folder} holds the export of account {found[2]}. Choose another"
                " --output for this one."
            )
            raise UsageError(message)


class _Look(NamedTuple):
    """What the bucket has, and what is to be done about it."""

    selection: Selection
    listing: Listing
    plans: list[DayPlan]


def _look(wishes: Wishes, selection: Selection, manifest: Manifest, bucket: Bucket) -> _Look:
    """List the bucket, and compare it with what is here."""
    listing = bucket.list_days(selection)
    plans = plan_days(
        listing.days,
        manifest,
        selection,
        refetch=wishes.refetch,
        pruned_before=wishes.prune_before,
    )
    return _Look(selection, listing, plans)


def _report(
    wishes: Wishes, access: Access, look: _Look, pruned: list[Day], failures: list[str]
) -> cli.Outcome:
    found = load_report.Found(
        wishes.folder, access.url, look.selection, look.plans, look.listing, pruned, failures
    )
    return load_report.of_fetching(
        found, require_success=wishes.require_success, is_done=not wishes.dry_run
    )


class _Work:
    """The downloads of one run, and the days that they complete."""

    def __init__(
        self, wishes: Wishes, bucket: Bucket, placing: Placing, plans: list[DayPlan]
    ) -> None:
        self._wishes, self._bucket, self._placing = wishes, bucket, placing
        self._plans = [plan for plan in plans if plan.status in COMING or plan.lacks_marker]
        self._plan_of = {file.path: plan for plan in self._plans for file in plan.fetch}
        self._stage = Stage(wishes.folder)
        self._staged: defaultdict[Day, list[Staged]] = defaultdict(list)
        self._failures: list[str] = []

    def do(self) -> list[str]:
        """Fetch what is missing, and place the days that are complete; give what failed."""
        self._stage.make()
        self._stage.clear(all_of_it=False)
        missing = []
        for plan in self._plans:
            for file in plan.fetch:
                found = self._stage.find(file)
                if found is None:
                    missing.append(file)
                else:
                    self._staged[plan.day].append(found)
            self._place_if_complete(plan)
        self._check_room(sum(file.size for file in missing))
        self._download(missing)
        if not self._failures:
            self._stage.clear(all_of_it=True)
        return self._failures

    def _check_room(self, needed: int) -> None:
        free = shutil.disk_usage(self._wishes.folder).free
        if needed > free:
            message = (
                f"{load_report.size_text(needed)} would come, and the disk of {self._wishes.folder}"
                f" has {load_report.size_text(free)}. Make room, or fetch fewer days."
            )
            raise PipelineError(message)

    def _download(self, files: list[RemoteFile]) -> None:
        arrived = Arrived(file_total=len(files), total=sum(file.size for file in files))
        with shown_counts(COMMAND, arrived) as display:
            downloads = Downloads(self._bucket, self._stage, arrived.taker(display))
            try:
                for file, result in in_parallel(downloads.fetch, files, self._wishes.jobs):
                    arrived.end_file(display)
                    if isinstance(result, Staged):
                        self._take(file, result)
                    else:
                        self._failures.append(str(result))
                    if isinstance(result, PipelineError) and _is_general(result):
                        break
            finally:
                downloads.stop()

    def _take(self, file: RemoteFile, staged: Staged) -> None:
        plan = self._plan_of[file.path]
        self._staged[plan.day].append(staged)
        self._place_if_complete(plan)

    def _place_if_complete(self, plan: DayPlan) -> None:
        if len(self._staged[plan.day]) < len(plan.fetch):
            return
        try:
            self._placing.place(plan, self._staged.pop(plan.day, []))
        except FetchError as problem:
            self._failures.append(str(problem))
        else:
            plan.is_placed = True


def _is_general(problem: PipelineError) -> bool:
    """Tell whether every other file would fail alike."""
    return isinstance(problem, GeneralFetchError) or not isinstance(problem, FetchError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
