"""The build gives the original notebook's numbers, on the sample and on real data."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

KEYS = {
    "unit_counts": ["experiment_name", "variation_name"],
    "event_counts": ["experiment_name", "variation_name", "event_name"],
    "metric_values_by_variation": ["metric_name", "experiment_name", "variation_name"],
    "metric_values_by_browser_first_20": [
        "metric_name", "experiment_name", "variation_name", "browser"],
}  # fmt: skip

QUERIES = {
    "unit_counts": """
        select experiment_name, variation_name, count(*) as unit_count
        from experiment_units group by all""",
    "event_counts": """
        select experiment_name, variation_name, event_name, event_count
        from variation_event_counts""",
    "metric_values_by_variation": """
        select metric_name, experiment_name, variation_name, unit_count, observation_sum,
            metric_value
        from variation_metrics""",
    "metric_values_by_browser_first_20": """
        select metric_name, experiment_name, variation_name, segment_value as browser, unit_count,
            observation_sum, metric_value
        from variation_metrics_by_segment where segment_name = 'browser'""",
}


@pytest.fixture(params=["sample_build", "reference_build"])
def published(request: pytest.FixtureRequest) -> Path:
    """Give each of the two builds whose numbers are known."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("table", sorted(KEYS))
def test_build_gives_the_published_table(published: Path, reference_dir: Path, table: str) -> None:
    """Every published row is there; counts are equal, sums and means within 1e-9 relative."""
    expected = pd.read_csv(reference_dir / "expected" / f"{table}.csv").set_index(KEYS[table])
    with duckdb.connect(str(published), read_only=True) as connection:
        actual = connection.sql(QUERIES[table]).df().set_index(KEYS[table])
    # The sample has other experiments besides.
    names = expected.index.get_level_values("experiment_name")
    actual = actual[actual.index.get_level_values("experiment_name").isin(names)]
    if not table.endswith("first_20"):
        assert len(actual) == len(expected)
    actual = actual.loc[expected.index]
    for column in expected:
        exact = column.endswith("_count")
        tolerance = {"abs": 0} if exact else {"rel": 1e-9}
        assert actual[column].tolist() == pytest.approx(expected[column].tolist(), **tolerance)
