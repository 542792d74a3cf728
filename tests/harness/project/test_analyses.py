"""Every query in analyses/ gives what plain pandas computes from the raw Parquet files.

The pandas side shares no code with the SQL: it reads the export, applies docs' rules for who counts
and what belongs to whom, and computes each measure its own way.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import run_build
from engine.compile import compiled_texts, run_dbt
from engine.warehouse import Warehouse

PROJECT_ROOT = Path(__file__).resolve().parents[3]
WINDOW = pd.Timedelta(hours=48)
FUNNEL = ["homepage_view", "detail_page_view", "add_to_cart", "purchase"]
VARIATION = ["experiment_id", "experiment_name", "variation_id", "variation_name"]

# What the queries are compiled with; each test puts its own values in their place.
PLACEHOLDERS = {
    "analysis_experiment_id": 'it\'s "an" id',
    "analysis_starts_at": "2001-01-01 01:01:01.001",
    "analysis_ends_at": "2002-02-02 02:02:02.002",
}

# --- the raw data, in pandas ----------------------------------------------------------------------


class Build(NamedTuple):
    """A published file and the export that it was built from."""

    export: Path
    warehouse: Path


@dataclass(frozen=True)
class Scope:
    """What an analysis is limited to."""

    experiment_id: str = ""
    starts_at: pd.Timestamp | None = None
    ends_at: pd.Timestamp | None = None

    def of(self, frame: pd.DataFrame, time: str | None = None) -> pd.DataFrame:
        """Keep the rows of the experiment and, by a column of times, of the range."""
        if self.experiment_id:
            frame = frame[frame["experiment_id"] == self.experiment_id]
        if time and self.starts_at is not None:
            frame = frame[frame[time] >= self.starts_at]
        if time and self.ends_at is not None:
            frame = frame[frame[time] < self.ends_at]
        return frame


@dataclass(frozen=True)
class Facts:
    """Who was exposed to what and did what, by pandas."""

    decisions: pd.DataFrame
    units: pd.DataFrame
    events: pd.DataFrame
    variations: pd.DataFrame


def read_export(export: Path, kind: str) -> pd.DataFrame:
    """Read one kind of raw rows; times as UTC."""
    files = sorted((export / f"type={kind}").rglob("*.parquet"))
    table = pa.concat_tables(pq.read_table(file, partitioning=None) for file in files)
    # Of what lies in lists, only the attributes of decisions are looked at.
    lists = ["attributes", "experiments"] if kind == "events" else []
    frame = table.drop_columns(lists).to_pandas()
    for column in ("timestamp", "process_timestamp"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    frame["uuid"] = frame["uuid"].str.lower()
    return frame.rename(columns={"timestamp": "at"})


def usable(frame: pd.DataFrame, needed: list[str], order: list[str]) -> pd.DataFrame:
    """Drop rows that lack what is needed, bots, test visitors and further copies of a row."""
    for column in ["uuid", "visitor_id", *needed]:
        frame = frame[frame[column].notna() & (frame[column].astype(str).str.strip() != "")]
    frame = frame[frame["at"].notna() & (frame["visitor_id"] != "undefined")]
    # A row without a process timestamp comes last, as pandas sorts it.
    frame = frame.sort_values(["at", "process_timestamp", "visitor_id", *order])
    frame = frame.drop_duplicates("uuid")
    excluded = pd.read_csv(PROJECT_ROOT / "seeds" / "excluded_visitors.csv", dtype=str)
    return frame[~is_bot(frame["user_agent"]) & ~frame["visitor_id"].isin(excluded["visitor_id"])]


def is_bot(user_agents: pd.Series) -> pd.Series:
    """Tell which clients are no people: the patterns are all of the form %word%."""
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    patterns = project["vars"]["experiment_metrics"]["bot_user_agent_patterns"]
    words = [pattern.strip("%").lower() for pattern in patterns]
    lowered = user_agents.fillna("").str.lower()
    return lowered.map(lambda agent: any(word in agent for word in words)).astype(bool)


def first_exposures(decisions: pd.DataFrame) -> pd.DataFrame:
    """Find each visitor's first decision; none where two variations share the first instant."""
    visitor = ["experiment_id", "visitor_id"]
    first_at = decisions.groupby(visitor)["at"].transform("min")
    first = decisions[decisions["at"] == first_at]
    is_tied = first.groupby(visitor)["variation_id"].transform("nunique") > 1
    first = first[~is_tied].sort_values(["at", "process_timestamp", "uuid"])
    return first.drop_duplicates(visitor)


def browser(attributes: object) -> str:
    """Find a decision's browser."""
    found = [
        row["value"]
        for row in (attributes if attributes is not None else [])
        if row["name"] == "browser" and row["type"] != "metadata" and row["value"] is not None
    ]
    return min(found, default="(not set)")


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the names that the seed gives; an id without a name is its own."""
    seed = pd.read_csv(PROJECT_ROOT / "seeds" / "variations.csv", dtype=str)
    experiments = dict(zip(seed["experiment_id"], seed["experiment_name"], strict=True))
    keys = zip(seed["experiment_id"], seed["variation_id"], strict=True)
    variations = dict(zip(keys, seed["variation_name"], strict=True))
    pairs = zip(frame["experiment_id"], frame["variation_id"], strict=True)
    return frame.assign(
        experiment_name=[experiments.get(one, one) for one in frame["experiment_id"]],
        variation_name=[variations.get(pair, pair[1]) for pair in pairs],
    )


def window_of(experiment_ids: pd.Series) -> pd.Series:
    """Give the attribution window of each experiment: its own, or the default."""
    seed = pd.read_csv(PROJECT_ROOT / "seeds" / "experiments.csv", dtype=str)
    hours = seed.set_index("experiment_id")["attribution_window_hours"].astype(float)
    return pd.to_timedelta(experiment_ids.map(hours), unit="h").fillna(WINDOW)


@cache
def facts(export: Path) -> Facts:
    """Compute who was exposed to what and did what; no row is after the latest one's time."""
    decisions = usable(
        read_export(export, "decisions"),
        ["experiment_id", "variation_id", "is_holdback"],
        ["experiment_id", "variation_id"],
    )
    seed = pd.read_csv(PROJECT_ROOT / "seeds" / "variations.csv", dtype=str)
    declared = seed[seed["experiment_id"].isin(decisions["experiment_id"])]
    decisions = named(decisions[~decisions["is_holdback"].astype(bool)])
    units = first_exposures(decisions).rename(columns={"at": "exposed_at"})
    units["browser"] = units["attributes"].map(browser)
    events = usable(read_export(export, "events"), [], ["event_name"])
    events = events.merge(units[[*VARIATION, "visitor_id", "exposed_at"]], on="visitor_id")
    until = events["exposed_at"] + window_of(events["experiment_id"])
    events = events[(events["at"] >= events["exposed_at"]) & (events["at"] <= until)]
    variations = pd.concat([units, declared])[["experiment_id", "variation_id"]].drop_duplicates()
    return Facts(decisions, units, events, named(variations))


# --- the measures, in pandas ----------------------------------------------------------------------


def unique_visitors_decisions_only(data: Facts, scope: Scope) -> pd.DataFrame:
    """Count visitors with a decision."""
    decisions = scope.of(data.decisions, "at")
    return decisions.groupby(VARIATION)["visitor_id"].nunique().reset_index(name="visitor_count")


def unique_visitors(data: Facts, scope: Scope) -> pd.DataFrame:
    """Count visitors with a decision or an event."""
    columns = [*VARIATION, "visitor_id"]
    seen = pd.concat([scope.of(data.decisions, "at"), scope.of(data.events, "at")])[columns]
    return seen.drop_duplicates().groupby(VARIATION).size().reset_index(name="visitor_count")


def events_by_name(data: Facts, scope: Scope) -> pd.core.groupby.DataFrameGroupBy:
    """Group the events by what they are called."""
    events = scope.of(data.events, "at")
    events = events.assign(event_name=events["event_name"].fillna("(not set)"))
    return events.groupby([*VARIATION, "event_name"])


def unique_conversions(data: Facts, scope: Scope) -> pd.DataFrame:
    """Count visitors with an event of a name."""
    return events_by_name(data, scope)["visitor_id"].nunique().reset_index(name="visitor_count")


def total_conversions(data: Facts, scope: Scope) -> pd.DataFrame:
    """Count events of a name."""
    return events_by_name(data, scope).size().reset_index(name="conversion_count")


def total(data: Facts, scope: Scope, column: str) -> pd.DataFrame:
    """Add up a column of the events, for every variation."""
    sums = scope.of(data.events, "at").groupby(["experiment_id", "variation_id"])[column].sum()
    rows = scope.of(data.variations)
    pairs = zip(rows["experiment_id"], rows["variation_id"], strict=True)
    return rows.assign(**{f"total_{column}": [sums.get(pair, 0) for pair in pairs]})


def total_revenue(data: Facts, scope: Scope) -> pd.DataFrame:
    """Add up the revenue."""
    return total(data, scope, "revenue")


def total_value(data: Facts, scope: Scope) -> pd.DataFrame:
    """Add up the values."""
    return total(data, scope, "value")


def purchase_rate_by_browser(data: Facts, scope: Scope) -> pd.DataFrame:
    """Rate the units that bought something."""
    purchases = data.events[data.events["event_name"] == "purchase"]
    buyers = set(zip(purchases["experiment_id"], purchases["visitor_id"], strict=True))
    units = scope.of(data.units, "exposed_at")
    pairs = zip(units["experiment_id"], units["visitor_id"], strict=True)
    units = units.assign(bought=[pair in buyers for pair in pairs])
    return (
        units.groupby([*VARIATION, "browser"])["bought"]
        .agg(unit_count="size", purchaser_count="sum", purchase_rate="mean")
        .reset_index()
    )


def funnel_counts(data: Facts, scope: Scope) -> pd.DataFrame:
    """Walk through each unit's events in order of time, a step forward at each next step."""
    reached: dict[tuple[str, str], int] = {}
    events = data.events[data.events["event_name"].isin(FUNNEL)]
    # Events of one time can be taken in the order of the steps.
    events = events.assign(step=events["event_name"].map(FUNNEL.index)).sort_values(["at", "step"])
    columns = ["experiment_id", "visitor_id", "step"]
    for experiment, visitor, step in events[columns].itertuples(index=False):
        if step == reached.get((experiment, visitor), 0):
            reached[experiment, visitor] = step + 1
    units = scope.of(data.units, "exposed_at")
    pairs = zip(units["experiment_id"], units["visitor_id"], strict=True)
    units = units.assign(steps=[reached.get(pair, 0) for pair in pairs])
    rows = [
        (*names, number, step, len(group), int((group["steps"] >= number).sum()))
        for names, group in units.groupby(VARIATION)
        for number, step in enumerate(FUNNEL, start=1)
    ]
    return pd.DataFrame(
        rows, columns=[*VARIATION, "step_number", "event_name", "exposed_unit_count", "unit_count"]
    )


class Analysis(NamedTuple):
    """How a measure is computed in pandas, and what its rows are by."""

    compute: Callable[[Facts, Scope], pd.DataFrame]
    key: list[str]


BY_VARIATION = ["experiment_id", "variation_id"]
ANALYSES = {
    "unique_visitors_decisions_only": Analysis(unique_visitors_decisions_only, BY_VARIATION),
    "unique_visitors": Analysis(unique_visitors, BY_VARIATION),
    "unique_conversions": Analysis(unique_conversions, [*BY_VARIATION, "event_name"]),
    "total_conversions": Analysis(total_conversions, [*BY_VARIATION, "event_name"]),
    "total_revenue": Analysis(total_revenue, BY_VARIATION),
    "total_value": Analysis(total_value, BY_VARIATION),
    "purchase_rate_by_browser": Analysis(purchase_rate_by_browser, [*BY_VARIATION, "browser"]),
    "funnel_counts": Analysis(funnel_counts, [*BY_VARIATION, "step_number"]),
}

# --- builds and compiled queries ------------------------------------------------------------------


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Give a build of several experiments whose events also have values, and some no name."""
    folder = tmp_path_factory.mktemp("varied")
    generator = PROJECT_ROOT / "scripts" / "generate_sample_data.py"
    sizes = ["--visitors", "1500", "--experiments", "3", "--days", "3"]
    subprocess.run(
        [sys.executable, generator, *sizes, "--output", folder / "export"],
        check=True,
        capture_output=True,
    )
    for file in (folder / "export" / "type=events").rglob("*.parquet"):
        pq.write_table(with_values_and_gaps(pq.read_table(file, partitioning=None)), file)
    warehouse = folder / "experiment_metrics.duckdb"
    built = run_build(warehouse, is_parsed=True, OPTIMIZELY_DATA_DIR=str(folder / "export"))
    assert built.returncode == 0, built.stderr
    return Build(folder / "export", warehouse)


def with_values_and_gaps(events: pa.Table) -> pa.Table:
    """Give each row that isn't a further copy of another a value or no name, by its id."""
    last_digit = [int(uuid[-1], 16) for uuid in events["uuid"].to_pylist()]
    values = [digit / 4 - 1 if digit % 3 else None for digit in last_digit]
    has_name = pa.array([digit != 1 for digit in last_digit])
    names = pc.if_else(has_name, events["event_name"], None)
    revenue = pc.if_else(pa.array([digit != 2 for digit in last_digit]), events["revenue"], None)
    columns = {"value": pa.array(values, pa.float64()), "event_name": names, "revenue": revenue}
    for name, column in columns.items():
        place = events.schema.get_field_index(name)
        field = events.schema.field(place)
        events = events.set_column(place, field, pa.chunked_array(column).cast(field.type))
    return events


@pytest.fixture(params=["sample", "varied", "reference"])
def build(request: pytest.FixtureRequest) -> Build:
    """Give each build to compare on; the reference only where its data is there."""
    if request.param == "sample":
        return Build(PROJECT_ROOT / "data" / "sample", request.getfixturevalue("sample_build"))
    if request.param == "reference":
        reference = request.getfixturevalue("reference_dir")
        return Build(reference / "optimizely", request.getfixturevalue("reference_build"))
    return request.getfixturevalue("varied")


def compiled_queries(folder: Path, variables: dict[str, str]) -> dict[str, str]:
    """Compile the queries, for which no data is needed; give their SQL by name."""
    selection = ["--select", "path:analyses", "--vars", json.dumps(variables)]
    environment = Warehouse.environment(folder)
    return compiled_texts(run_dbt(PROJECT_ROOT, folder, environment, "compile", *selection))


@pytest.fixture(scope="session")
def default_queries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the queries as they are without any var."""
    return compiled_queries(tmp_path_factory.mktemp("default"), {})


@pytest.fixture(scope="session")
def scoped_queries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the queries with placeholders for what they are limited to."""
    return compiled_queries(tmp_path_factory.mktemp("scoped"), PLACEHOLDERS)


def sql_text(value: object) -> str:
    """Write a value as SQL text."""
    return "'" + ("" if value is None else str(value)).replace("'", "''") + "'"


def fill(query: str, scope: Scope) -> str:
    """Put a scope in the place of the placeholders; a limit that it lacks is no condition."""
    times = [time and time.tz_localize(None) for time in (scope.starts_at, scope.ends_at)]
    for name, value in zip(PLACEHOLDERS, (scope.experiment_id, *times), strict=True):
        placeholder = sql_text(PLACEHOLDERS[name])
        assert placeholder in query or name != "analysis_experiment_id"
        if value:
            query = query.replace(placeholder, sql_text(value))
        else:
            literal = rf"(cast\({re.escape(placeholder)} as \w+\)|{re.escape(placeholder)})"
            query = re.sub(rf"[\w.]+ (=|>=|<) {literal}", "true", query)
        assert placeholder not in query
    return query


def scopes(data: Facts) -> dict[str, Scope]:
    """Choose what to limit the measures to; the range begins and ends at the very time of a row."""
    experiment = data.units["experiment_id"].max()
    moments = data.events["at"].sort_values()
    starts_at, ends_at = moments.iloc[len(moments) // 4], moments.iloc[len(moments) * 3 // 4]
    exposures = data.units["exposed_at"].sort_values()
    return {
        "nothing": Scope(),
        "experiment": Scope(experiment),
        "start": Scope(starts_at=starts_at),
        "end": Scope(ends_at=ends_at),
        "experiment and range": Scope(experiment, starts_at, ends_at),
        "range of exposures": Scope("", exposures.iloc[10], exposures.iloc[-10]),
        "unknown experiment": Scope("it's none"),
        "empty range": Scope("", starts_at, starts_at),
    }


def assert_same(build: Build, query: str, analysis: Analysis, scope: Scope) -> pd.DataFrame:
    """Run a query and compare it with pandas; give its rows."""
    with duckdb.connect(str(build.warehouse), read_only=True) as connection:
        actual = connection.sql(query).df()
    expected = analysis.compute(facts(build.export), scope).sort_values(analysis.key)
    expected = expected[list(actual.columns)].reset_index(drop=True)
    pd.testing.assert_frame_equal(actual, expected, check_dtype=False, rtol=1e-12)
    return actual


# --- tests ----------------------------------------------------------------------------------------


def test_every_analysis_is_tested(default_queries: dict[str, str]) -> None:
    """A new file needs its measure here, and its description beside it."""
    assert set(default_queries) == set(ANALYSES)
    described = yaml.safe_load((PROJECT_ROOT / "analyses" / "_analyses.yml").read_text("utf-8"))
    assert {one["name"] for one in described["analyses"]} == set(ANALYSES)
    for one in described["analyses"]:
        assert one["description"].startswith("One row per ")


@pytest.mark.parametrize("name", ANALYSES)
def test_analysis_without_vars(build: Build, default_queries: dict[str, str], name: str) -> None:
    """Without vars, every experiment and all of the time; the columns are the documented ones."""
    rows = assert_same(build, default_queries[name], ANALYSES[name], Scope())
    assert not rows.empty
    described = yaml.safe_load((PROJECT_ROOT / "analyses" / "_analyses.yml").read_text("utf-8"))
    (columns,) = [one["columns"] for one in described["analyses"] if one["name"] == name]
    assert [column["name"] for column in columns] == list(rows.columns)


@pytest.mark.parametrize("name", ANALYSES)
def test_analysis_of_an_experiment_or_a_range(
    build: Build, scoped_queries: dict[str, str], name: str
) -> None:
    """The vars limit it to an experiment and to a range with its start and without its end."""
    row_counts = {}
    for label, scope in scopes(facts(build.export)).items():
        rows = assert_same(build, fill(scoped_queries[name], scope), ANALYSES[name], scope)
        row_counts[label] = len(rows)
    assert row_counts.pop("unknown experiment") == 0
    del row_counts["empty range"]  # no row, or zeros
    assert all(row_counts.values())


def test_the_pandas_side_meets_the_hard_cases(varied: Build) -> None:
    """The comparison would prove little on data without them."""
    data = facts(varied.export)
    assert data.units["experiment_id"].nunique() == 3
    assert (
        data.decisions.groupby(["experiment_id", "visitor_id"])["variation_id"].nunique().max() == 2
    )
    assert data.events["event_name"].isna().any()
    assert data.events["revenue"].isna().any()
    assert (total_value(data, Scope())["total_value"] != 0).all()
    counts = funnel_counts(data, Scope()).groupby("step_number")["unit_count"].sum()
    assert counts.is_monotonic_decreasing
    assert counts.iloc[-1] > 0


def test_a_mistyped_var_stops_the_compilation(tmp_path: Path) -> None:
    """An unknown name would otherwise give the numbers of everything."""
    with pytest.raises(RuntimeError, match=r"Did you mean 'analysis_experiment_id'\?"):
        compiled_queries(tmp_path, {"analysis_experiment": "18786493712"})
