"""The pages: one of each experiment, and the index of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.published import Row

from results_page import dbt_docs, formats, plans, words
from results_page.detail import Detail, cuts_of, detail
from results_page.experiment import Experiment, read_experiment
from results_page.headlines import Headline, headline
from results_page.intervals import Drawing, draw
from results_page.scales import Scale, scale_over
from results_page.scorecard import Keys, Scorecard, scorecard
from results_page.tables import ReportTables
from results_page.trust import (
    Fact,
    Flow,
    Health,
    Progress,
    flow,
    guardrail_fact,
    health,
    progress,
    stale_text,
    trust_fact,
    units_fact,
)
from results_page.verdicts import VerdictRow, verdict_rows
from results_page.views import Choices, Views, views

FAR = 10**6
"""Where what is over stands, when ordered by the days left."""
MOST_BARS = 5
"""So many variations of an experiment are shown in the index."""


@dataclass(frozen=True)
class ExperimentPage:
    """What the page of an experiment shows."""

    key: str
    """The file's name without its ending."""
    experiment: Experiment
    headline: Headline
    verdicts: list[VerdictRow]
    facts: list[Fact]
    progress: Progress | None
    scorecard: Scorecard
    details: list[Detail]
    """By metric, as in the scorecard."""
    health: Health
    flow: Flow
    stale: str
    views: Views

    @property
    def choices(self) -> Choices:
        """Give what may be chosen."""
        return self.views.choices

    @property
    def file_name(self) -> str:
        """Give the page's file."""
        return f"{self.key}.html"

    @property
    def dates(self) -> str:
        """Say from when to when exposures were."""
        start, end = self.experiment.started_at, self.experiment.exposures_end_at
        return formats.stretch(start, end) if start and end else ""

    @property
    def verdict_label(self) -> words.Label:
        """Give the headline for a line of the index."""
        return words.Label(self.headline.icon, self.headline.title, self.headline.tone)

    @property
    def time_text(self) -> str:
        """Say how long it runs."""
        if self.progress is None:
            return "no planned end"
        if not self.experiment.is_running:
            return "finished"
        return f"{words.counted(self.experiment.days_left, 'day')} left"


def experiment_page(
    experiment: Experiment, intervals: list[Row], key: str, queries: Mapping[str, str]
) -> ExperimentPage:
    """Lay out the page of an experiment."""
    card = scorecard(experiment)
    verdicts = verdict_rows(experiment, card.scale)
    found = health(experiment)
    cuts = cuts_of(experiment)
    return ExperimentPage(
        key=key,
        experiment=experiment,
        headline=headline(experiment, verdicts),
        verdicts=verdicts,
        facts=[trust_fact(found), guardrail_fact(experiment), units_fact(experiment)],
        progress=progress(experiment),
        scorecard=card,
        details=[detail(experiment, metric, cuts, queries) for metric in card.metrics],
        health=found,
        flow=flow(experiment),
        stale=stale_text(found),
        views=views(experiment, intervals),
    )


# --- index ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndexRow:
    """An experiment in the index."""

    page: ExperimentPage
    bars: list[tuple[VerdictRow, Drawing, str, str]]
    """Its variations, on the index's own scale, with their lifts and those in words."""
    hidden_count: int = 0
    """Variations that there is no room for."""

    @property
    def search_text(self) -> str:
        """Give what it is found by."""
        experiment = self.page.experiment
        names = [variation.name for variation in experiment.variations]
        metric = experiment.primary.name if experiment.primary else ""
        return " ".join([experiment.name, experiment.id, *names, metric]).lower()

    @property
    def order(self) -> dict[str, float | str]:
        """Give what the columns are ordered by."""
        page, experiment = self.page, self.page.experiment
        return {
            "name": experiment.name.lower(),
            "verdict": ("good", "bad", "warn", "none").index(page.headline.tone),
            "lift": max((bar[0].estimate for bar in self.bars), default=0),
            "health": 1000 * len(page.health.failed) + len(page.health.warned),
            "time": experiment.days_left if experiment.is_running else FAR,
        }


@dataclass(frozen=True)
class IndexPage:
    """What the index shows."""

    rows: list[IndexRow]
    scale: Scale
    sources: list[Row]
    plan_link: str | None = None
    """The page of the last plan, if there is one."""
    docs_link: str | None = None
    """Where dbt's documentation begins, if it lies beside the pages."""

    @property
    def as_of_at(self) -> datetime | None:
        """Give until when there are data."""
        times = [row.page.experiment.as_of_at for row in self.rows]
        return max(times, default=None)

    @property
    def lead(self) -> str:
        """Sum the experiments up."""
        running = sum(row.page.experiment.is_running for row in self.rows)
        ship = sum(row.page.headline.tone == "good" for row in self.rows)
        all_of_them = words.counted(len(self.rows), "experiment")
        finished = len(self.rows) - running
        return (
            f"{all_of_them}: {running} running, {finished} finished. {ship} with something to ship."
        )


def index_page(
    pages: list[ExperimentPage],
    sources: list[Row],
    plan_link: str | None = None,
    docs_link: str | None = None,
) -> IndexPage:
    """Lay out the index, running experiments first."""
    changes = [row.result.relative for page in pages for row in page.verdicts if row.result]
    spans = [change.span for change in changes if change.span]
    scale = scale_over([end for span in spans for end in (span.low, span.high)])
    rows = [_index_row(page, scale) for page in pages]
    rows.sort(key=lambda row: not row.page.experiment.is_running)
    return IndexPage(rows, scale, sources, plan_link, docs_link)


def _index_row(page: ExperimentPage, scale: Scale) -> IndexRow:
    bars = [
        (
            row,
            draw(row.result.relative, scale),
            formats.relative_change(row.result.relative.estimate),
            row.description,
        )
        for row in page.verdicts
        if row.result
    ]
    return IndexRow(page, bars[:MOST_BARS], len(bars) - len(bars[:MOST_BARS]))


# --- reading --------------------------------------------------------------------------------------


def file_keys(listed: list[Row]) -> dict[str, str]:
    """Name the files of experiments, by their ids; no two alike, and none like another page."""
    keys = Keys()
    for file in ("index.html", plans.FILE, dbt_docs.FILE):
        keys.key(file.removesuffix(".html"))
    return {
        row["experiment_id"]: keys.key(row["experiment_name"] or "", row["experiment_id"])
        for row in sorted(listed, key=lambda row: row["experiment_id"])
    }


def read_pages(
    tables: ReportTables, listed: list[Row], queries: Mapping[str, str]
) -> list[ExperimentPage]:
    """Read experiments that were listed; queries: the SQL of metrics, by their models' names."""
    keys = file_keys(listed)
    pages = []
    for row in listed:
        own = row["experiment_id"]
        intervals = tables.rows("experiment_result_intervals", experiment_id=own)
        experiment = read_experiment(tables, row)
        pages.append(experiment_page(experiment, intervals, keys[own], queries))
    return pages
