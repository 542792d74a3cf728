"""scripts/plan on the sample: its numbers from the rows by pandas, its tables, its refusals."""

import json
import math
import shutil
import subprocess
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import PROJECT_ROOT, run_dbt, run_script
from pipeline.errors import UsageError
from planning import plan
from planning.question import read_split
from scipy.stats import norm

PAGES, TASKS, LATENCY = (
    "Page views per visitor",
    "Tasks per active user",
    "90th percentile of task latency",
)
METRICS = (
    PAGES,
    TASKS,
    LATENCY,
    "Daily active users",
    "Purchase conversion rate",
    "Sign-up funnel: sign-up",
)
DAYS, WINDOW = 28, pd.Timedelta(hours=48)
ARGUMENTS = (
    *(part for name in METRICS for part in ("--metric", name)),
    *("--baseline-days", str(DAYS), "--split", "80/20", "--variations", "3"),
    *("--lift", "10%", "--power", ".9", "--json"),
)
PLAN_VARS = {"plan_baseline_days": 14, "plan_schema": "main"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a published file of the tests' own."""
    path = tmp_path_factory.mktemp("planned") / "experiment_metrics.duckdb"
    return Path(shutil.copyfile(sample_build, path))


@pytest.fixture(scope="module")
def planned(warehouse: Path) -> dict:
    """Plan an experiment of three variations; give the document."""
    done = run_script("plan", warehouse, *ARGUMENTS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def events(sample_build: Path) -> pd.DataFrame:
    """Give the sample's events by visitors who are analysed, with their entry and its day."""
    with duckdb.connect(str(sample_build), read_only=True) as connection:
        connection.execute("set search_path = 'main,main_internal'")
        frame = connection.sql(
            "select visitor_id, occurred_at, event_name, value, event_id from all_events"
            " where not is_bot and visitor_id not in (select visitor_id from stg_excluded_visitors)"
        ).df()
    end = frame["occurred_at"].max() - WINDOW
    start = end - pd.Timedelta(days=DAYS)
    within = frame[(frame["occurred_at"] > start) & (frame["occurred_at"] <= end)]
    entries = within.groupby("visitor_id")["occurred_at"].min().rename("entered_at")
    frame = frame.join(entries, on="visitor_id", how="inner")
    frame["entry_day"] = np.ceil((frame["entered_at"] - start) / pd.Timedelta(days=1))
    frame["is_after"] = frame["occurred_at"].between(
        frame["entered_at"], frame["entered_at"] + WINDOW
    )
    frame["is_before"] = (frame["occurred_at"] < frame["entered_at"]) & (
        frame["occurred_at"] >= frame["entered_at"] - pd.Timedelta(days=14)
    )
    return frame


def row_of(planned: dict, metric: str, estimator: str = "raw", test: str = "fixed") -> dict:
    """Give the row of a plan."""
    (found,) = (
        row
        for row in planned["plans"]
        if (row["metric_name"], row["estimator"], row["test"]) == (metric, estimator, test)
    )
    return found


def per_unit(events: pd.DataFrame, when: str, name: str) -> pd.Series:
    """Count a kind of event of each unit."""
    counts = events[events[when] & (events["event_name"] == name)].groupby("visitor_id").size()
    return counts.reindex(events["visitor_id"].unique(), fill_value=0).sort_index().astype(float)


def required(value: float, variance: float, skewness: float) -> int:
    """Give the units for 80, 10 and 10 % of them, six metrics and a lift of a tenth."""
    quantile, power_z = norm.isf(0.025 / (2 * len(METRICS))), norm.isf(0.1)
    spread = 1 / 0.1 + 1 / 0.8
    of_one = abs(skewness) * (1 / 0.1 - 1 / 0.8) / math.sqrt(spread)
    shift = quantile + power_z
    a = 0.1 * abs(value) / math.sqrt(variance * spread)
    c = shift * of_one * (quantile / 3 + power_z / 6)
    for_power = ((shift + math.sqrt(shift**2 + 4 * a * c)) / (2 * a)) ** 2
    return math.ceil(max(for_power, (of_one / 0.3) ** 2, 1_000))


def skewness_of(values: np.ndarray) -> float:
    """Give the skewness, of the population."""
    deviations = values - values.mean()
    return float((deviations**3).mean() / (deviations**2).mean() ** 1.5)


def test_estimators_of_a_count_are_those_of_its_rows(planned: dict, events: pd.DataFrame) -> None:
    """Page views of 48 hours, as they are, capped at the 99th percentile, and less their past."""
    raw = per_unit(events, "is_after", "page_view").to_numpy()
    cap = np.sort(raw)[math.ceil(0.99 * len(raw)) - 1]
    capped = np.minimum(raw, cap)
    past = np.minimum(per_unit(events, "is_before", "page_view").to_numpy(), cap)
    theta = np.cov(capped, past)[0, 1] / past.var(ddof=1)
    for estimator, values, of in (
        ("raw", raw, raw),
        ("capped", capped, capped),
        ("cuped", capped - theta * past, capped),
    ):
        row = row_of(planned, PAGES, estimator)
        assert row["metric_value"] == pytest.approx(of.mean(), rel=1e-9)
        assert row["standard_deviation"] == pytest.approx(values.std(ddof=1), rel=1e-9)
        assert row["unit_skewness"] == pytest.approx(skewness_of(values), rel=1e-6)
        units = required(of.mean(), values.var(ddof=1), skewness_of(values))
        assert row["required_unit_count"] == pytest.approx(units, abs=1)
        assert row["is_headline"] == (estimator == "cuped")


def test_a_ratio_is_linear_over_units(planned: dict, events: pd.DataFrame) -> None:
    """Tasks per visitor who did one: the delta method, and the part of units that count."""
    tasks = per_unit(events, "is_after", "task_done").to_numpy()
    active = (tasks > 0).astype(float)
    ratio = tasks.sum() / active.sum()
    form = (tasks - ratio * active) / active.mean()
    row = row_of(planned, TASKS)
    assert row["metric_value"] == pytest.approx(ratio, rel=1e-9)
    assert row["standard_deviation"] == pytest.approx(form.std(ddof=1), rel=1e-9)
    units = required(ratio, form.var(ddof=1), skewness_of(form))
    assert row["required_unit_count"] == pytest.approx(units, abs=1)


def test_days_are_those_in_which_new_visitors_came(planned: dict, events: pd.DataFrame) -> None:
    """Who comes back is none, the window comes on top, and nothing is promised beyond the days."""
    first = events.drop_duplicates("visitor_id")["entry_day"]
    came = [int((first <= day).sum()) for day in range(1, DAYS + 1)]
    lifts = [
        row
        for row in planned["detectable_lifts"]
        if (row["metric_name"], row["estimator"], row["test"]) == (PAGES, "raw", "fixed")
    ]
    assert [row["unit_count"] for row in lifts] == came
    assert [row["experiment_days"] for row in lifts] == [day + 2 for day in range(1, DAYS + 1)]
    assert row_of(planned, PAGES)["baseline_unit_count"] == came[-1]
    for row in planned["plans"]:
        units = row["required_unit_count"]
        if units is None:
            assert row["required_days"] is None
        elif units > came[-1]:
            assert (row["status"], row["required_days"]) == ("beyond_baseline", None)
            pace = (came[-1] - came[-8]) / 7
            least = DAYS + math.ceil((units - came[-1]) / pace) + row["window_days"]
            assert row["least_required_days"] == least
        else:
            day = next(number for number, count in enumerate(came, start=1) if count >= units)
            assert (row["status"], row["required_days"]) == ("ok", day + row["window_days"])
    assert {row["status"] for row in planned["plans"]} >= {"ok", "beyond_baseline"}


def test_what_has_no_number_says_why(planned: dict) -> None:
    """A count by days has no end, and in these weeks nobody bought anything."""
    assert row_of(planned, "Daily active users")["status"] == "open_ended"
    purchases = row_of(planned, "Purchase conversion rate")
    assert (purchases["status"], purchases["required_unit_count"]) == ("zero_value", None)
    for row in [*planned["plans"], *planned["detectable_lifts"]]:
        assert (row["status_reason"] is None) == (row["status"] == "ok"), row


def test_a_quantile_of_events_counts_those_who_have_one(
    planned: dict, events: pd.DataFrame
) -> None:
    """So that more have to come than the test needs."""
    done = events[events["is_after"] & (events["event_name"] == "task_done")]
    share = done["visitor_id"].nunique() / events["visitor_id"].nunique()
    row = row_of(planned, LATENCY)
    assert row["metric_value"] == np.sort(done["value"])[math.ceil(0.9 * len(done)) - 1]
    counted = required(row["metric_value"], row["standard_deviation"] ** 2, 0)
    assert row["required_unit_count"] == pytest.approx(counted / share, rel=1e-4)


def test_tables_lie_beside_what_is_published(
    planned: dict, warehouse: Path, sample_build: Path
) -> None:
    """With the columns that their YAML describes; what is published is as it was."""
    assert warehouse.read_bytes() == sample_build.read_bytes()
    assert planned["plans_path"] == str(warehouse.with_name("experiment_metrics_plans.duckdb"))
    with duckdb.connect(planned["plans_path"], read_only=True) as connection:
        for table in ("metric_plans", "detectable_lifts"):
            model = PROJECT_ROOT / "models" / "marts" / "planning" / f"{table}.yml"
            (described,) = yaml.safe_load(model.read_text(encoding="utf-8"))["models"]
            found = connection.sql(f"describe {table}").fetchall()
            assert [(name, kind.lower()) for name, kind, *_ in found] == [
                (column["name"], column["data_type"]) for column in described["columns"]
            ]
        (named,) = connection.sql("select count(*) from dim_metrics").fetchone()
    assert named == len(METRICS)


def test_events_alone_are_enough(tmp_path: Path) -> None:
    """Where nothing is published and nobody was ever exposed."""
    rng = np.random.default_rng(1)
    count = 3_000
    begin = np.datetime64("2024-03-01T00:00:00")
    frame = pd.DataFrame(
        {
            "user_id": rng.integers(0, 900, count),
            "event": rng.choice(["view", "purchase"], count, p=[0.7, 0.3]),
            "amount": rng.gamma(2, 10, count).round(2),
            "event_ts": begin + rng.integers(0, 21 * 86_400, count).astype("timedelta64[s]"),
        }
    )
    frame.to_csv(tmp_path / "events.csv", index=False)
    warehouse = tmp_path / "own.duckdb"
    done = run_script(
        "plan",
        warehouse,
        *("--metric", "Purchase conversion rate", "--baseline-days", "14", "--entry-event", "view"),
        *("--days", "10"),
        EVENTS=str(tmp_path / "events.csv"),
    )
    assert done.returncode == 0, done.stderr
    assert not warehouse.exists()
    assert (tmp_path / "own_plans.duckdb").is_file()
    last = frame["event_ts"].max() - WINDOW
    window = frame["event_ts"].between(last - pd.Timedelta(days=14), last)
    viewers = frame[window & (frame["event"] == "view")]["user_id"].nunique()
    assert f"{viewers:,} units came" in done.stdout
    assert "10 days" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--entry-event", "no such event"], "No visitor has an event in the days of the baseline"),
        (["--baseline-days", "500"], "The baseline begins before the first event"),
    ],
)
def test_a_baseline_without_data_is_no_plan(
    warehouse: Path, planned: dict, arguments: list[str], said: str
) -> None:
    """The last plan stays as it was."""
    before = Path(planned["plans_path"]).read_bytes()
    done = run_script("plan", warehouse, "--metric", PAGES, "--baseline-days", "14", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert Path(planned["plans_path"]).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: --metric."),
        (["--metric", PAGES], "required: --baseline-days."),
        (["--baseline-days", "0"], "--baseline-days is '0', but must be a whole number from 1"),
        (["--baseline-days", "1.5"], "--baseline-days is '1.5', but must be a whole number"),
        (["--lift", "0"], "--lift is '0', but must be above 0, such as .05 or 5%."),
        (["--lift", "-5%"], "--lift is '-5%', but must be above 0"),
        (["--lift", "much"], "--lift is 'much', but must be above 0"),
        (["--lift", "inf"], "--lift is 'inf', but must be above 0"),
        (["--power", ".4"], "--power is '.4', but must be at least 0.5 and below 1"),
        (["--power", "1"], "--power is '1', but must be at least 0.5 and below 1"),
        (["--alpha", "0"], "--alpha is '0', but must be above 0 and below 1"),
        (["--variations", "1"], "--variations is '1', but must be a whole number from 2 to 100."),
        (["--split", "80/30"], "--split is '80/30', which adds up to 110. It must add up to 100"),
        (["--split", "100"], "--split is '100', but must be a number above 0 for each variation"),
        (["--split", "100/0"], "--split is '100/0', but must be a number above 0"),
        (["--split", "a/b"], "--split is 'a/b', but must be a number above 0"),
        (
            ["--split", "50/30/20", "--variations", "4"],
            "--split is '50/30/20', of 3 variations, where --variations is 4.",
        ),
        (["--days", "soon"], "--days is 'soon', but must be a whole number from 1"),
        (["--metrik", "x"], "unrecognized arguments: --metrik"),
    ],
)
def test_a_wrong_argument_is_told_in_a_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is read."""
    complete = {"--metric": PAGES, "--baseline-days": "14"}
    given = []
    if not said.startswith("required"):
        given = [part for pair in complete.items() if pair[0] not in arguments for part in pair]
    assert plan.main([*given, *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("plan: ")
    assert said in output.err
    assert output.err.count("\n") == 1


def test_a_metric_that_there_is_not_is_told_before_the_build(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the nearest that there is."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(warehouse))
    assert plan.main(["--metric", "Page views per visitors", "--baseline-days", "14"]) == 2
    assert "Did you mean 'Page views per visitor'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "count", "shares"),
    [
        (None, None, (0.5, 0.5)),
        (None, 4, (0.25, 0.25, 0.25, 0.25)),
        ("80/20", None, (0.8, 0.2)),
        ("80/20", 3, (0.8, 0.1, 0.1)),
        ("60/30/10", None, (0.6, 0.3, 0.1)),
        (".6/.3/.1", 3, (0.6, 0.3, 0.1)),
        ("33.3333/33.3333/33.3334", 3, (1 / 3, 1 / 3, 1 / 3)),
    ],
)
def test_splits_are_read_as_shares(
    text: str | None, count: int | None, shares: tuple[float, ...]
) -> None:
    """Which add up to 1."""
    read = read_split(text, count)
    assert read == pytest.approx(shares, abs=1e-5)
    assert abs(math.fsum(read) - 1) < 1e-12


def test_a_split_of_nothing_is_none() -> None:
    """An empty text has no shares."""
    with pytest.raises(UsageError, match="must be a number above 0 for each variation"):
        read_split("", 2)


def dbt_of_plan(
    warehouse: Path, folder: Path, *arguments: str, **settings: object
) -> subprocess.CompletedProcess[str]:
    """Run plain dbt on a copy of what is published, with the vars of a plan."""
    return run_dbt(
        PROJECT_ROOT,
        *(*arguments, "--vars", json.dumps({**PLAN_VARS, **settings})),
        DBT_DUCKDB_PATH=str(shutil.copyfile(warehouse, folder / "experiment_metrics.duckdb")),
        DBT_TARGET_PATH=str(folder / "target"),
        DBT_LOG_PATH=str(folder / "logs"),
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"plan_schema": ""}, "build them into a schema of their own"),
        ({"plan_metrics": ["Page view per visitor"]}, "Did you mean 'Page views per visitor'?"),
    ],
)
def test_a_plan_by_dbt_alone_is_checked(
    warehouse: Path, tmp_path: Path, settings: dict, said: str
) -> None:
    """It may not take the place of the experiments by mistake."""
    done = dbt_of_plan(warehouse, tmp_path, "run", "--select", "baseline_period", **settings)
    assert done.returncode != 0
    assert said in " ".join(done.stdout.split())


def test_its_unit_tests_do_not_depend_on_settings(warehouse: Path, tmp_path: Path) -> None:
    """All those of planning, with other values of the vars that it reads."""
    other = {
        "plan_metrics": [PAGES],
        "plan_entry_event": "page_view",
        "plan_shares": [0.6, 0.4],
        "alpha": 0.1,
        "power": 0.7,
        "target_relative_lift": 0.2,
        "p_value_adjustment": "holm",
        "skewness_correction": False,
        "min_units_per_variation": 7,
        "sequential_target_units": 900,
        "attribution_window_hours": 30,
    }
    only = [f"+{table},baseline_period+" for table in ("metric_plans", "detectable_lifts")]
    paths = ["path:models/staging/planning", "path:models/marts/planning"]
    built = dbt_of_plan(
        warehouse,
        tmp_path,
        *("build", "--empty", "--select", *only, *paths),
        *("--indirect-selection", "empty", "--exclude-resource-type", "test"),
        **other,
    )
    assert built.returncode == 0, built.stdout
    assert "13 unit tests" in built.stdout


def test_settings_that_no_plan_can_have_are_told(tmp_path: Path) -> None:
    """By the check of settings, though models that use them are read before it runs."""
    wrong = {
        "plan_baseline_days": {},
        "plan_shares": 5,
        "plan_metrics": 5,
        "attribution_window_hours": "none",
        "alpha": "none",
    }
    run = run_dbt(
        PROJECT_ROOT,
        *("run", "--select", "stg_experiments", "--vars", json.dumps(wrong)),
        DBT_DUCKDB_PATH=str(tmp_path / "plan.duckdb"),
        DBT_TARGET_PATH=str(tmp_path / "target"),
        DBT_LOG_PATH=str(tmp_path / "logs"),
    )
    assert run.returncode != 0
    said = " ".join(run.stdout.split())
    assert "Compilation Error in model" not in said
    assert any(name in said for name in wrong)
