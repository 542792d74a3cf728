"""What lies behind a metric: estimators, time, segments, power, definition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.published import Row

from results_page import formats, words
from results_page.distributions import Distribution, distribution
from results_page.experiment import Experiment, Metric, Variation, grouped
from results_page.results import Result, read_result
from results_page.scales import Scale
from results_page.scorecard import MetricRows, ScoreRow, scale_of, score_row
from results_page.timelines import Curve, Day, Growth, Series, growth, time_curve, time_scale

ESTIMATORS = ("raw", "capped", "cuped")


@dataclass(frozen=True)
class EstimatorRow:
    """A variation's lift by one estimator."""

    row: ScoreRow
    name: str
    note: str
    plain_p: str
    sequential_p: str
    is_first: bool
    """Whether it is the first of its variation."""


@dataclass(frozen=True)
class Timeline:
    """A variation's lift over time."""

    variation: Variation
    curve: Curve
    state: str


@dataclass(frozen=True)
class SegmentRow:
    """A variation's lift in one value of a segment, or in all units."""

    value: str
    row: ScoreRow
    is_all: bool = False


@dataclass(frozen=True)
class Forest:
    """A variation's lifts by the values of a segment."""

    segment: str
    variation: Variation
    rows: tuple[SegmentRow, ...]


@dataclass(frozen=True)
class Term:
    """A line of a metric's definition."""

    name: str
    text: str
    is_code: bool = False


@dataclass(frozen=True)
class Detail:
    """What lies behind a metric."""

    description: str
    reasons: tuple[tuple[str, str], ...]
    """What to know of a variation's numbers."""
    estimators: tuple[EstimatorRow, ...]
    estimator_scale: Scale
    absent: str
    """Why estimators are absent."""
    timelines: tuple[Timeline, ...]
    no_timelines: str
    growth: Growth | None
    forests: tuple[Forest, ...]
    segment_scale: Scale
    distribution: Distribution | None
    definition: tuple[Term, ...]
    definition_text: str
    """The file that the metric is, as it stands there."""
    query: str
    """The SQL that this file became; empty where it isn't known."""

    @property
    def has_choice(self) -> bool:
        """Tell whether there are several estimators, of which one decides."""
        return len({each.name for each in self.estimators}) > 1


@dataclass(frozen=True)
class Cuts:
    """An experiment's rows by segment and time, by metric and variation."""

    segments: dict[tuple[str, ...], list[Row]]
    days: dict[tuple[str, ...], list[Row]]
    exposure_days: dict[tuple[str, ...], list[Row]]
    distributions: dict[tuple[str, ...], list[Row]]


def cuts_of(experiment: Experiment) -> Cuts:
    """Sort an experiment's rows, once for all metrics."""
    key = ("metric_name", "variation_id")
    return Cuts(
        grouped([row for row in experiment.segments if row["is_headline"]], *key),
        grouped([row for row in experiment.days if row["is_headline"]], *key),
        grouped(experiment.exposure_days, *key),
        grouped(experiment.distributions, "metric_name"),
    )


def detail(
    experiment: Experiment, rows: MetricRows, cuts: Cuts, queries: Mapping[str, str]
) -> Detail:
    """Gather what lies behind a metric; queries: the SQL of metrics, by their models' names."""
    metric = rows.metric
    mine = [result for result in experiment.results if result.metric == metric.name]
    compared = [result for result in mine if not result.is_reference]
    segments = {
        variation.id: [
            (row["segment_name"], row["segment_value"], read_result(row))
            for row in cuts.segments.get((metric.name, variation.id), [])
        ]
        for variation in experiment.treatments
    }
    shown = [each[2] for found in segments.values() for each in found]
    whole = [row.result for row in rows.rows]
    estimator_scale, segment_scale = (
        scale_of(experiment, results) for results in (compared, [*shown, *whole])
    )
    timelines = _timelines(experiment, metric, rows, cuts)
    return Detail(
        description=metric.row["description"] or "",
        reasons=_reasons(rows),
        estimators=tuple(_estimators(experiment, metric, compared, estimator_scale)),
        estimator_scale=estimator_scale,
        absent=_absent(metric, {result.estimator for result in mine}),
        timelines=timelines,
        no_timelines="" if timelines else _no_timelines(metric),
        growth=_growth(experiment, metric, cuts),
        forests=tuple(_forests(experiment, metric, rows, segments, segment_scale)),
        segment_scale=segment_scale,
        distribution=distribution(
            cuts.distributions.get((metric.name,), []), experiment.variations, metric.unit
        ),
        definition=tuple(_definition(experiment, metric, whole)),
        definition_text=metric.row["definition"] or "",
        query=queries.get(metric.row["model_name"], ""),
    )


def _reasons(rows: MetricRows) -> tuple[tuple[str, str], ...]:
    return tuple((row.variation.name, row.result.reason) for row in rows.rows if row.result.reason)


# --- estimators -----------------------------------------------------------------------------------


def _estimators(
    experiment: Experiment, metric: Metric, compared: Sequence[Result], scale: Scale
) -> list[EstimatorRow]:
    found = []
    for variation in experiment.treatments:
        mine = [result for result in compared if result.variation_id == variation.id]
        mine.sort(key=lambda result: ESTIMATORS.index(result.estimator))
        for place, result in enumerate(mine):
            row = score_row(experiment, metric, variation, result, scale)
            found.append(
                EstimatorRow(
                    row,
                    words.ESTIMATORS[result.estimator],
                    _estimator_note(metric, result),
                    formats.p_value(result.p),
                    formats.p_value(result.sequential_p),
                    is_first=place == 0,
                )
            )
    return found


def _estimator_note(metric: Metric, result: Result) -> str:
    definition = metric.row
    if result.estimator == "cuped" and result.row["variance_reduction"] is not None:
        less = formats.percent(result.row["variance_reduction"], 0)
        before = formats.hours(definition["covariate_hours"] or 0)
        return f"{less} less variance, from the {before} before exposure"
    if result.estimator == "capped":
        return _cap_text(metric)
    return ""


def _cap_text(metric: Metric) -> str:
    definition = metric.row
    if definition["cap_upper_percentile"] is not None:
        return f"at the {100 * definition['cap_upper_percentile']:g}th percentile"
    if definition["cap_upper"] is not None:
        return f"at {formats.value(definition['cap_upper'], metric.unit)}"
    return ""


def _absent(metric: Metric, there: set[str]) -> str:
    said = []
    if "capped" not in there:
        said.append("Not capped: the metric names no cap.")
    if "cuped" not in there:
        why = (
            "no covariate could be used"
            if metric.row["has_covariate"]
            else "the metric names no covariate"
        )
        said.append(f"No CUPED: {why}.")
    if len(there) > 1:
        said.append("★ is what the scorecard shows and the verdict uses.")
    return " ".join(said)


# --- time -----------------------------------------------------------------------------------------


def _timelines(
    experiment: Experiment, metric: Metric, rows: MetricRows, cuts: Cuts
) -> tuple[Timeline, ...]:
    states = {row.variation.id: row.state for row in rows.rows}
    series = {
        variation: [
            Day(row["as_of_date"], read_result(row).relative)
            for row in cuts.days.get((metric.name, variation.id), [])
        ]
        for variation in experiment.treatments
    }
    scale = time_scale(list(series.values()))
    if scale is None:
        return ()
    return tuple(
        Timeline(variation, time_curve(days, scale), states.get(variation.id, ""))
        for variation, days in series.items()
        if any(day.change.estimate is not None for day in days)
    )


def _no_timelines(metric: Metric) -> str:
    if metric.row["is_quantile"]:
        return "Quantiles aren’t computed by day."
    return "There is no day with an interval."


def _growth(experiment: Experiment, metric: Metric, cuts: Cuts) -> Growth | None:
    found = []
    for place, variation in enumerate(experiment.variations):
        rows = cuts.exposure_days.get((metric.name, variation.id), [])
        values = tuple(row["metric_value"] for row in rows)
        found.append(Series(variation.name, variation is experiment.reference, place, values))
    return growth([each for each in found if each.values], metric.unit)


# --- segments -------------------------------------------------------------------------------------


def _forests(
    experiment: Experiment,
    metric: Metric,
    rows: MetricRows,
    segments: dict[str, list[tuple[str, str, Result]]],
    scale: Scale,
) -> list[Forest]:
    names = sorted({each[0] for found in segments.values() for each in found})
    whole = {row.variation.id: row.result for row in rows.rows}
    forests = []
    for name in names:
        for variation in experiment.treatments:
            mine = [each for each in segments[variation.id] if each[0] == name]
            mine.sort(key=lambda each: (each[1] == words.NOT_SET, -(each[2].unit_count or 0)))
            found = [
                SegmentRow(value, score_row(experiment, metric, variation, result, scale))
                for _, value, result in mine
            ]
            if variation.id in whole:
                row = score_row(experiment, metric, variation, whole[variation.id], scale)
                found.insert(0, SegmentRow("All", row, is_all=True))
            if mine:
                forests.append(Forest(name, variation, tuple(found)))
    return forests


# --- definition -----------------------------------------------------------------------------------


def _definition(experiment: Experiment, metric: Metric, whole: Sequence[Result]) -> list[Term]:
    row = metric.row
    window = row["window_hours"] or experiment.row["attribution_window_hours"]
    terms = [
        Term("Type", words.in_words(row["metric_type"])),
        Term("Unit", metric.row["unit"] or "share"),
        Term("Counts", row["row_filter"] or "all rows", is_code=bool(row["row_filter"])),
    ]
    if row["value_expression"]:
        terms.append(Term("Value", row["value_expression"], is_code=True))
    if row["has_window_end"] and window:
        terms.append(Term("Window", f"{formats.hours(window)} after exposure"))
    terms += [
        Term("Owner", row["owner"] or "nobody named"),
        Term("Tags", row["tags"] or "none"),
        Term("Model", row["model_file"] or row["model_name"], is_code=True),
    ]
    return terms + _power(experiment, whole)


def _power(experiment: Experiment, whole: Sequence[Result]) -> list[Term]:
    """Say what could be seen now, and how long until what is aimed at can be."""
    judged = [
        result for result in whole if result.row["relative_minimum_detectable_effect"] is not None
    ]
    if not judged:
        return []
    worst = max(judged, key=lambda result: result.row["relative_minimum_detectable_effect"])
    seen = formats.percent(worst.row["relative_minimum_detectable_effect"])
    terms = [Term("Can see now", f"a change of ±{seen} or more")]
    units, days = worst.row["required_unit_count"], worst.row["days_to_target"]
    if units is not None and days is not None:
        noun = experiment.unit_nouns[1]
        more = (
            f"about {words.counted(days, 'more day')} at this pace" if days else "there are enough"
        )
        terms.append(
            Term("To the target", f"{formats.count(units)} {noun} in both variations: {more}")
        )
    return terms
