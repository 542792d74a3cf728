"""What MetricFlow answers by the semantic layer is what the published tables hold."""

import copy
from pathlib import Path

import duckdb
import pytest
from conftest import published_manifest
from semantic_layer import SemanticLayer

EXPERIMENT = "experiment__experiment_name"
VARIATION = "experiment_variation__variation_name"


@pytest.fixture(scope="module")
def layer(sample_build: Path) -> SemanticLayer:
    """Give the semantic layer of the sample's published build."""
    connection = duckdb.connect(str(sample_build), read_only=True)
    return SemanticLayer(published_manifest(sample_build), connection)


def rows_of(sample: duckdb.DuckDBPyConnection, sql: str) -> set[tuple[object, ...]]:
    """Give the rows of a query of the published tables."""
    return set(sample.sql(sql).fetchall())


def rounded(rows: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """Round the numbers, which are sums of floating point in whatever order."""
    return {
        tuple(float(f"{each:.9g}") if isinstance(each, float) else each for each in row)
        for row in rows
    }


def test_the_definitions_are_valid_and_name_what_there_is(layer: SemanticLayer) -> None:
    """By MetricFlow's own checks, as `mf validate-configs` makes them."""
    assert layer.problems() == []


def test_a_column_that_is_not_there_is_a_problem(layer: SemanticLayer) -> None:
    """The check above can fail."""
    wrong = copy.copy(layer)
    wrong.manifest = layer.manifest.copy(deep=True)
    model = next(each for each in wrong.manifest.semantic_models if each.name == "dim_variations")
    model.dimensions[0].expr = "no_such_column"
    assert any("no_such_column" in problem for problem in wrong.problems())


def test_values_of_metrics_are_those_of_variation_metrics(
    layer: SemanticLayer, sample: duckdb.DuckDBPyConnection
) -> None:
    """Of means, shares, ratios and metrics of mature units alone; all but quantiles."""
    columns = [EXPERIMENT, "experiment_metric", VARIATION, "experiment_metric_value"]
    given = layer.ask_saved("experiment_metric_values", columns)
    expected = rows_of(
        sample,
        "select experiment_name, metric_name, variation_name, metric_value from variation_metrics"
        " where metric_name not in (select metric_name from dim_metrics where is_quantile)",
    )
    assert len(expected) > 60
    assert rounded(given) == rounded(expected)


def test_units_are_those_of_the_variations(
    layer: SemanticLayer, sample: duckdb.DuckDBPyConnection
) -> None:
    """Each is counted once, and the share of those that crossed over is a share of them."""
    given = layer.ask(["experiment_unit_count"], ["experiment", VARIATION])
    expected = "select experiment_id, variation_name, unit_count from dim_variations"
    assert given == rows_of(sample, expected)
    shares = layer.ask(["experiment_crossover_share"], [EXPERIMENT])
    expected = "select experiment_name, crossover_unit_count / unit_count from dim_experiments"
    assert rounded(shares) == rounded(rows_of(sample, expected))


def test_units_so_far_grow_from_day_to_day(
    layer: SemanticLayer, sample: duckdb.DuckDBPyConnection
) -> None:
    """Along days without gaps, up to the as-of time."""
    counts = ["experiment_unit_count", "experiment_unit_count_so_far"]
    columns = ["metric_time__day", EXPERIMENT, VARIATION, *counts]
    given = layer.ask_saved("experiment_units_by_day", columns)
    expected = """
        select
            cast(spine.calendar_date as timestamp), of_variation.experiment_name,
            of_variation.variation_name,
            count(*) filter (cast(units.exposed_at as date) = spine.calendar_date), count(*)
        from (
            select unnest(generate_series(
                (select min(cast(first_exposed_at as date)) from dim_experiments),
                (select max(cast(as_of_at as date)) from dim_experiments),
                interval 1 day
            )) as calendar_date
        ) as spine
        cross join dim_variations as of_variation
        inner join experiment_units as units
            on
                of_variation.experiment_id = units.experiment_id
                and of_variation.variation_id = units.variation_id
                and cast(units.exposed_at as date) <= spine.calendar_date
        group by all
    """
    assert given == rows_of(sample, expected)


def test_events_and_revenue_are_those_inside_the_window(
    layer: SemanticLayer, sample: duckdb.DuckDBPyConnection
) -> None:
    """Revenue is in cents, as in the tables."""
    counts = ["experiment_event_count", "experiment_active_unit_count"]
    given = layer.ask(counts, ["experiment", VARIATION, "experiment_event__event_name"])
    assert given == rows_of(
        sample,
        "select experiment_id, variation_name, event_name, event_count, unit_count"
        " from variation_event_counts where event_count > 0",
    )
    revenue = layer.ask(
        ["experiment_revenue"],
        [VARIATION],
        f"{{{{ Dimension('{EXPERIMENT}') }}}} = 'covid_messaging_experiment'",
    )
    expected = {("control", 15151022), ("message_1", 15634986), ("message_2", 20790662)}
    assert revenue == expected


def test_verdicts_are_counted(layer: SemanticLayer, sample: duckdb.DuckDBPyConnection) -> None:
    """An experiment of which nothing is shipped has a share of 0."""
    columns = [f"experiment_variation__{each}" for each in ("verdict", "rule")]
    given = layer.ask_saved("experiment_verdicts", [*columns, "experiment_decision_count"])
    assert given == rows_of(
        sample, "select verdict, rule, count(*) from experiment_decisions group by all"
    )
    shares = layer.ask(["experiment_ship_share"], [EXPERIMENT])
    assert shares == {
        ("button_colour_test", 0.0),
        ("covid_messaging_experiment", 0.5),
        ("saved_designs_gate", 0.0),
    }
