"""The package as it is installed: a project of its own brings data, metrics, a check and settings.

`integration_tests` is that project. Its numbers are computed here from its seeds, by pandas alone.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from conftest import PROJECT_ROOT, run_dbt
from semantic_layer import SemanticLayer

PUBLIC, INTERNAL, OWN = "experiments", "experiments_internal", "acme"
TESTER = "u0001"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package in a copy of the project, and build it whole."""
    package = tmp_path_factory.mktemp("package")
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", package)
    for folder in ("models", "macros", "seeds", "tests", "analyses", "integration_tests"):
        ignored = shutil.ignore_patterns("dbt_packages", "target", "logs", "harness")
        shutil.copytree(PROJECT_ROOT / folder, package / folder, ignore=ignored)
    project = package / "integration_tests"
    for command in ("deps", "build"):
        run = run_acme(project, command)
        assert run.returncode == 0, run.stdout
    return project


def run_acme(
    project: Path, *arguments: str, database: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run dbt there; where the data of the package's sample lie is nothing that it knows."""
    return run_dbt(
        project,
        *arguments,
        OPTIMIZELY_DATA_DIR="",
        DBT_DUCKDB_PATH=str(database or project / "acme.duckdb"),
    )


@pytest.fixture(scope="module")
def built(acme: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to what was built."""
    with duckdb.connect(str(acme / "acme.duckdb"), read_only=True) as connection:
        connection.execute(f"set search_path = '{PUBLIC}'")
        yield connection


def seed(name: str) -> pd.DataFrame:
    """Read a seed of the project."""
    frame = pd.read_csv(PROJECT_ROOT / "integration_tests" / "seeds" / f"{name}.csv", dtype=str)
    for column in ("timestamp", "ordered_at"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column])
    return frame


def first_exposures(log: pd.DataFrame, experiment: str, names: dict[str, str]) -> pd.DataFrame:
    """Give one row per user of an experiment: when it was first exposed, and to what."""
    log = log.rename(columns=names)
    log = log[(log["experiment"] == experiment) & (log["user_id"] != TESTER)]
    first = log.sort_values("timestamp").drop_duplicates("user_id")
    return first[["user_id", "variation", "timestamp"]]


def of_units(units: pd.DataFrame, events: pd.DataFrame, time: str, hours: int) -> pd.DataFrame:
    """Give the events of units in so many hours from their exposure, both ends included."""
    joined = units.merge(events, on="user_id", suffixes=("", "_of_event"))
    at = joined[f"{time}_of_event" if f"{time}_of_event" in joined else time]
    delay = at - joined["timestamp"]
    return joined[(delay >= pd.Timedelta(0)) & (delay <= pd.Timedelta(hours=hours))]


def published(built: duckdb.DuckDBPyConnection, experiment: str, metric: str) -> dict[str, tuple]:
    """Give units and value of each variation, as published."""
    rows = built.execute(
        "select variation_id, unit_count, metric_value from variation_metrics"
        " where experiment_id = ? and metric_name = ?",
        [experiment, metric],
    ).fetchall()
    return {variation: (count, pytest.approx(value, rel=1e-9)) for variation, count, value in rows}


def test_sign_ups_of_the_buttons_colours(built: duckdb.DuckDBPyConnection) -> None:
    """Four groups of an exposure log; the window of the var, in hours, is a week."""
    names = {"group": "variation"}
    units = first_exposures(seed("app_exposure_log"), "button_colour", names)
    events = seed("app_event_log").query("event_name == 'visited_signup'")
    signed_up = of_units(units, events, "timestamp", 168)["user_id"].unique()
    expected = {
        variation: (len(group), group["user_id"].isin(signed_up).mean())
        for variation, group in units.groupby("variation")
    }
    assert set(expected) == {"blue", "green", "orange", "purple"}
    assert published(built, "button_colour", "Sign-up rate") == expected


def test_orders_of_two_checkouts(built: duckdb.DuckDBPyConnection) -> None:
    """Variations are numbers there, and the metric's own window two days."""
    names = {"experiment_id": "experiment", "variation_id": "variation"}
    units = first_exposures(seed("shop_experiment_viewed"), "checkout-layout", names)
    orders = of_units(units, seed("shop_orders"), "ordered_at", 48)
    spent = orders["amount_cents"].astype(int).groupby(orders["user_id"]).sum()
    expected = {
        variation: (len(group), group["user_id"].map(spent).fillna(0).mean())
        for variation, group in units.groupby("variation")
    }
    assert published(built, "checkout-layout", "Order value") == expected


def test_the_gate_is_split_as_planned(built: duckdb.DuckDBPyConnection) -> None:
    """80/20, by the settings of the project; and compared with those for whom it was closed."""
    rows = built.sql(
        "select distinct variation_name, reference_variation_name, status from experiment_results"
        " where experiment_id = 'new_home' and variation_id = 'true'"
    ).fetchall()
    assert rows == [("open", "closed", "ok")]
    ratio = built.sql(
        "select status, value > 0.001 from experiment_health"
        " where experiment_id = 'new_home' and check_name = 'sample_ratio'"
    ).fetchall()
    assert ratio == [("ok", True)]


def test_results_by_country_sum_up(built: duckdb.DuckDBPyConnection) -> None:
    """The attributes come from a model of the project."""
    rows = built.sql(
        "select segment_value, sum(unit_count) from variation_metrics_by_segment"
        " where experiment_id = 'button_colour' and metric_name = 'Sign-up rate'"
        " group by all order by all"
    ).fetchall()
    log = seed("app_exposure_log").query("experiment == 'button_colour' and user_id != @TESTER")
    expected = log.drop_duplicates("user_id")["country"].value_counts().sort_index()
    assert rows == list(expected.items())


def test_every_row_of_every_source_is_accounted_for(built: duckdb.DuckDBPyConnection) -> None:
    """By the names of the models that brought them."""
    rows = built.sql(
        "select source_name, raw_row_count, raw_row_count - used_row_count - excluded_row_count"
        " from source_row_counts order by all"
    ).fetchall()
    assert rows == [
        ("app_events", len(seed("app_event_log")), 0),
        ("app_exposures", len(seed("app_exposure_log")), 0),
        ("shop_exposures", len(seed("shop_experiment_viewed")), 0),
        ("shop_orders_as_events", len(seed("shop_orders")), 0),
    ]


def test_its_own_check_stands_among_the_others(built: duckdb.DuckDBPyConnection) -> None:
    """With the threshold of its own var."""
    rows = built.sql(
        "select experiment_id, status, threshold from experiment_health"
        " where check_name = 'orders_without_amount' order by 1"
    ).fetchall()
    assert rows == [
        ("button_colour", "ok", 0.01),
        ("checkout-layout", "ok", 0.01),
        ("new_home", "ok", 0.01),
    ]
    count = built.sql("select count(distinct check_name) from experiment_health").fetchone()
    assert count > (20,)


def test_its_metrics_can_be_asked_by_the_semantic_layer(
    acme: Path, built: duckdb.DuckDBPyConnection
) -> None:
    """Which comes with the package, and reads the project's own schemas."""
    layer = SemanticLayer(acme / "target" / "manifest.json", built)
    assert layer.problems() == []
    given = layer.ask(
        ["experiment_metric_value"],
        ["experiment", "experiment_variation__variation_name", "experiment_metric"],
    )
    rows = built.sql(
        "select experiment_id, variation_name, metric_name, metric_value from variation_metrics"
    ).fetchall()
    assert {row[:3]: pytest.approx(row[3]) for row in rows} == {row[:3]: row[3] for row in given}


def test_relations_lie_where_the_project_wants_them(built: duckdb.DuckDBPyConnection) -> None:
    """Public tables in one schema, steps in another, its own models in a third; no sample."""
    rows = built.sql(
        "select table_schema, list(table_name) from information_schema.tables group by 1"
    ).fetchall()
    tables = {schema: set(names) for schema, names in rows}
    assert set(tables) == {PUBLIC, INTERNAL, OWN}
    assert {"experiment_results", "experiment_units", "dim_metrics"} <= tables[PUBLIC]
    assert {"sign_up_rate", "app_exposures"} <= tables[OWN]
    assert not [name for name in tables[PUBLIC] | tables[INTERNAL] if name.startswith("obs_")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("metrics: [sign_up_rate, ", "metrics: [", "models/metrics/sign_up_rate.sql is not in the"),
        (
            "health_checks: [health_orders_without_amount]",
            "health_checks: []",
            "models/checks/health_orders_without_amount.sql is not in the",
        ),
        (
            "attribution_window_hours: 168",
            "attribution_window_hours: none",
            "attribution_window_hou",
        ),
    ],
)
def test_what_is_forgotten_or_wrong_stops_its_build(
    acme: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """By the file of the project."""
    file = acme / "dbt_project.yml"
    settings = file.read_text(encoding="utf-8")
    assert old in settings
    file.write_text(settings.replace(old, new), encoding="utf-8")
    try:
        run = run_acme(acme, "run", "--select", "dim_metrics", database=tmp_path / "acme.duckdb")
    finally:
        file.write_text(settings, encoding="utf-8")
    assert run.returncode != 0
    assert said in re.sub(r"\s+", " ", run.stdout)


def test_a_repeated_key_is_told(acme: Path, tmp_path: Path) -> None:
    """An outcome that comes twice would count twice."""
    database = tmp_path / "acme.duckdb"
    shutil.copyfile(acme / "acme.duckdb", database)
    model = acme / "models" / "sources" / "shop_orders_as_events.sql"
    text = model.read_text(encoding="utf-8")
    model.write_text(text + "union all\n" + text, encoding="utf-8")
    try:
        selected = ("--select", "shop_orders_as_events", "all_events")
        run = run_acme(acme, "build", *selected, database=database)
    finally:
        model.write_text(text, encoding="utf-8")
    assert run.returncode != 0
    assert "FAIL" in run.stdout
    assert "events_have_an_id_of_their_own" in run.stdout


def test_a_repeated_key_of_its_own_outcomes_is_told(acme: Path, tmp_path: Path) -> None:
    """The project only writes a model with the macro, and no test of it."""
    database = tmp_path / "acme.duckdb"
    shutil.copyfile(acme / "acme.duckdb", database)
    twice = acme / "models" / "sources" / "shop_orders_twice.sql"
    order = "select order_id, user_id as visitor_id, ordered_at as occurred_at"
    twice.write_text(f"{order} from {{{{ ref('shop_orders') }}}} cross join range(2)\n")
    units = twice.with_name("unit_orders.sql")
    units.write_text(
        "{{ experiment_metrics.attribute_to_units("
        "ref('shop_orders_twice'), key='order_id', columns=[]) }}\n"
    )
    try:
        selected = ("--select", "shop_orders_twice", "unit_orders")
        run = run_acme(acme, "build", *selected, database=database)
    finally:
        twice.unlink()
        units.unlink()
    assert run.returncode != 0
    said = " ".join(run.stdout.split())
    assert "Compilation Error in model unit_orders (models/sources/unit_orders.sql)" in said
    assert "order_id is no key of shop_orders_twice: 78 value(s) of it are in several rows" in said
