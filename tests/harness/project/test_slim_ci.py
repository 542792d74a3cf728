"""Slim CI builds a changed metric and its children, and reads the rest from the last build."""

import json
from pathlib import Path

import duckdb
from conftest import run_dbt

METRIC = Path("models/observations/obs_product_detail_page_views_per_visitor.sql")
FILTER = "in ('detail_page_view', 'add_to_cart')"


def test_only_the_changed_metric_and_its_children_are_built(
    project_copy: Path, sample_build: Path
) -> None:
    """The run holds the metric, the union and the marts; staging and other metrics are deferred."""
    metric = project_copy / METRIC
    text = metric.read_text()
    assert "= 'detail_page_view'" in text
    metric.write_text(text.replace("= 'detail_page_view'", FILTER))
    options = ["--target", "slim_ci"]
    selection = [
        "--select",
        "state:modified+",
        "--defer",
        "--state",
        f"{sample_build}.state",
    ]
    run = run_dbt(
        project_copy,
        *["build", *options, *selection],
        WAREHOUSE_PATH=str(sample_build),
        DBT_DUCKDB_PATH=str(project_copy / "slim_ci.duckdb"),
    )
    assert run.returncode == 0, run.stdout
    # Such as descriptions of a model that is no longer there.
    assert "Did not find matching node" not in run.stdout
    results = json.loads((project_copy / "target" / "run_results.json").read_text())["results"]
    built = {
        result["unique_id"].split(".")[-1]
        for result in results
        if result["unique_id"].startswith("model.")
    }
    assert METRIC.stem in built
    assert {"fct_metric_observations", "variation_metrics", "dim_metrics"} <= built
    assert not [name for name in built if name.startswith("stg_")]
    assert not built & {"experiment_units", "experiment_events", "experiment_calls"}
    assert not built & {"unit_events", "unit_calls", "unit_segments"}
    assert [name for name in built if name.startswith("obs_")] == [METRIC.stem]
    with duckdb.connect(str(project_copy / "slim_ci.duckdb"), read_only=True) as changed:
        changed.execute(f"attach '{sample_build}' as experiment_metrics (read_only)")
        for database, expected in (("slim_ci", 1799 + 326), ("experiment_metrics", 1799)):
            views = changed.sql(
                f"select observation_sum from {database}.main.variation_metrics"
                " where metric_name like 'Product detail%' and variation_name = 'control'"
            ).fetchone()
            assert views == (expected,)
