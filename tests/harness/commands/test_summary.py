"""The summary that ends a build, on the sample."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pipeline.published import PublishedTables, open_tables
from pipeline.summary import summarise, summarise_metrics
from pipeline.words import difference_text, unit_text, value_text


@pytest.fixture
def tables(sample_build: Path) -> Iterator[PublishedTables]:
    """Give the sample's published tables."""
    with open_tables(sample_build) as opened:
        yield opened


def cells(text: str, metric: str) -> list[str]:
    """Give what stands behind a metric's name in the first table that has it."""
    line = next(line.strip() for line in text.splitlines() if line.strip().startswith(metric))
    return line.removeprefix(metric).split("  ")


def test_every_value_is_the_headline_s(
    tables: PublishedTables, sample: duckdb.DuckDBPyConnection
) -> None:
    """Where the adjusted estimator speaks, it is its value and lift, and said to be so."""
    text = summarise(tables).text()
    rows = sample.execute(
        "select metric_name, estimator, metric_value, relative_lift, variation_name"
        " from experiment_results where is_headline and experiment_name = 'saved_designs_gate'"
    ).fetchall()
    gate = text.split("\nsaved_designs_gate")[1]
    assert {estimator for _, estimator, *_ in rows} == {"raw", "cuped"}
    for metric, estimator, value, lift, _ in rows:
        name = metric if estimator == "raw" else f"{metric} ({estimator})"
        shown = f"{value:,.2f}" if value >= 100 else f"{value:,.4f}"
        assert shown + ("" if lift is None else f" ({lift:+.2%})") in [
            cell.strip() for cell in cells(gate, name)
        ]


def test_money_is_shown_as_money(tables: PublishedTables) -> None:
    """Cents are hundredths, and the unit says so."""
    shown = [cell for cell in cells(summarise(tables).text(), "Electronics revenue") if cell]
    assert [cell.strip() for cell in shown][-4:] == [
        "cents / 100",
        "43.89",
        "44.43 (+1.24%)",
        "59.78 (+36.21%)",
    ]


@pytest.mark.parametrize(
    ("currency", "decimals", "unit", "value"),
    [(None, 2, "cents / 100", "1,234.56"), ("EUR", 2, "EUR", "1,234.56"),
     ("JPY", 0, "JPY", "123,456"), ("KWD", 3, "KWD", "123.456")],
)  # fmt: skip
def test_money_is_in_its_currency(
    currency: str | None, decimals: int, unit: str, value: str
) -> None:
    """The tables hold minor units, of which a yen has none."""
    metric = {"unit": "money", "currency": currency, "currency_decimals": decimals}
    assert unit_text(metric) == unit
    assert value_text(123456, metric) == value
    assert difference_text(123456, metric) == f"+{value}"


def test_a_metric_that_says_nothing_has_the_unit_of_its_type(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    """A conversion is a share, a number of rows a count; what is said goes before."""
    rows = sample.execute("select distinct metric_type, unit from dim_metrics order by all")
    assert rows.fetchall() == [
        ("conversion", "share"),
        ("count", "count"),
        ("funnel", "share"),
        ("quantile", "milliseconds"),
        ("ratio", "number"),
        ("retention", "share"),
        ("sum", "minutes"),
        ("sum", "money"),
        ("unit_count", "share"),
    ]


def test_what_is_hidden_is_counted(tables: PublishedTables) -> None:
    """People see the largest experiments, programs all."""
    assert (
        "... and 2 more experiments: ./scripts/results lists them." in summarise(tables, 1).text()
    )
    names = [each["experiment_name"] for each in summarise(tables, None).document()["experiments"]]
    assert len(names) == 3


def test_a_selection_s_metrics_are_summed_up(tables: PublishedTables) -> None:
    """Those that the built models measure, where they are used; rows left out are not repeated."""
    summary = summarise_metrics(tables, ["obs_purchase_conversion_rate", "experiment_results"])
    text = summary.text()
    assert text.startswith("covid_messaging_experiment (18786493712): 10,000 units; compared with ")
    assert "Purchase conversion rate" in text
    assert "Electronics" not in text
    assert "button_colour_test" not in text
    assert "\nRows" not in text
    everything = summarise_metrics(tables, ["experiment_results"]).text()
    assert "Electronics" in everything
    assert "button_colour_test" in everything
