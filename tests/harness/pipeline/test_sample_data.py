"""The generator of sample data makes what it says: the same files, the right types, a true truth.

The exports are counted again here from their files, in plain pandas that shares no code with the
generator.
"""

import re
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exports import (
    REPO,
    WINDOW,
    calls,
    contents,
    exposures,
    generate,
    generate_apart,
    in_window,
    rows,
    truth,
    units,
    usable_events,
)

LARGE_SIZE = {"visitors": 2_000, "experiments": 2, "days": 3}
LARGE_ARGUMENTS = ["--visitors", "2000", "--experiments", "2", "--days", "3", "--seed", "5"]

# The published results: units, homepage views, detail views, carts, purchases, purchasers,
# electronics cents, calls, minutes.
PUBLISHED = {
    "control": (3304, 3304, 1799, 326, 326, 163, 14_499_837, 1115, 5154.63733961806),
    "message_1": (3367, 3367, 2414, 338, 338, 169, 14_959_831, 1109, 5011.598830877945),
    "message_2": (3329, 3329, 2900, 446, 446, 223, 19_899_777, 1115, 5101.002656990411),
}
RESULTS = (
    "unit_count",
    "homepage_view",
    "detail_page_view",
    "add_to_cart",
    "purchase",
    "purchasers",
    "electronics_cents",
    "support_calls",
    "support_minutes",
)
# What happens in the sample's later experiments.
STUDIO_RESULTS = (
    "unit_count",
    "page_view",
    "visited_sign_up",
    "sign_up",
    "task_done",
    "subscription_state",
)
SHOP_EXPERIMENT = "18786493712"

TIME = pa.timestamp("ms", tz="UTC")
ATTRIBUTES = pa.list_(pa.struct([(name, pa.string()) for name in ("id", "name", "type", "value")]))
EXPERIMENTS = pa.list_(
    pa.struct(
        [
            ("campaign_id", pa.string()),
            ("experiment_id", pa.string()),
            ("variation_id", pa.string()),
            ("is_holdback", pa.bool_()),
        ]
    )
)
SCHEMAS = {
    "decisions": pa.schema(
        [
            ("uuid", pa.string()),
            ("timestamp", TIME),
            ("process_timestamp", TIME),
            ("visitor_id", pa.string()),
            ("session_id", pa.string()),
            ("account_id", pa.string()),
            ("campaign_id", pa.string()),
            ("experiment_id", pa.string()),
            ("variation_id", pa.string()),
            ("attributes", ATTRIBUTES),
            ("user_ip", pa.string()),
            ("user_agent", pa.string()),
            ("referer", pa.string()),
            ("is_holdback", pa.bool_()),
            ("revision", pa.string()),
            ("client_engine", pa.string()),
            ("client_version", pa.string()),
        ]
    ),
    "events": pa.schema(
        [
            ("uuid", pa.string()),
            ("timestamp", TIME),
            ("process_timestamp", TIME),
            ("visitor_id", pa.string()),
            ("session_id", pa.string()),
            ("account_id", pa.string()),
            ("experiments", EXPERIMENTS),
            ("entity_id", pa.string()),
            ("attributes", ATTRIBUTES),
            ("user_ip", pa.string()),
            ("user_agent", pa.string()),
            ("referer", pa.string()),
            ("event_type", pa.string()),
            ("event_name", pa.string()),
            ("revenue", pa.int64()),
            ("value", pa.float64()),
            ("quantity", pa.int64()),
            ("tags", pa.map_(pa.string(), pa.string())),
            ("revision", pa.string()),
            ("client_engine", pa.string()),
            ("client_version", pa.string()),
        ]
    ),
}


@pytest.fixture(scope="module")
def sample_export(generated_sample: Path) -> Path:
    """Give the default export."""
    return generated_sample


@pytest.fixture(scope="module")
def large_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small piece of large data."""
    output = tmp_path_factory.mktemp("large") / "export"
    made = generate(output, *LARGE_ARGUMENTS)
    assert made.code == 0, made.stderr
    return output


@pytest.fixture(params=["sample_export", "large_export"])
def export(request: pytest.FixtureRequest) -> Path:
    """Give each of the two kinds of export."""
    return request.getfixturevalue(request.param)


def reasons(export: Path, found: pd.DataFrame) -> dict[str, int]:
    """Count why rows belong to no unit; `found` has a number per row, and `is_bot`."""
    known = units(export)
    first = known.groupby("visitor_id")["exposed_at"].min()
    used = set(in_window(known, found)["number"])
    exposed_at = found["visitor_id"].map(first)
    reason = pd.Series("after_window", index=found.index)
    reason[found["timestamp"] < exposed_at] = "before_exposure"
    reason[found["number"].isin(used)] = "used"
    reason[exposed_at.isna()] = "not_exposed"
    reason[found["is_tester"]] = "excluded_visitor"
    reason[found["is_bot"]] = "bot"
    return {name: count for name, count in Counter(reason).items() if name != "used"}


def results(export: Path) -> pd.DataFrame:
    """Count what the units of each variation did: one row per variation, a column per result."""
    known = units(export)
    did = in_window(known, usable_events(export))
    category = did["tags"].map(lambda tags: dict(tags).get("category"))
    bought = did[did["event_name"] == "purchase"]
    sales = bought[category[bought.index] == "electronics"]
    called = in_window(known, calls(export))
    counts = pd.crosstab(did["variation_id"], did["event_name"])
    by_variation = "variation_id"
    table = counts.assign(
        unit_count=known.groupby(by_variation).size(),
        purchasers=bought.groupby(by_variation)["visitor_id"].nunique(),
        electronics_cents=sales.groupby(by_variation)["revenue"].sum(),
        support_calls=called.groupby(by_variation).size(),
        support_minutes=called.groupby(by_variation)["call_duration_min"].sum(),
    )
    return table.fillna(0)


def result_names(said: dict[str, object]) -> list[str]:
    """Name the results that the truth gives of a variation: all of the shop, or of the studio."""
    names = RESULTS if "purchase" in said else STUDIO_RESULTS
    assert set(names) <= set(said)
    return list(names)


def test_same_seed_gives_the_same_bytes(
    tmp_path: Path, sample_export: Path, large_export: Path
) -> None:
    """Wherever the export goes, and in whichever process."""
    again, large_again = tmp_path / "elsewhere", tmp_path / "large"
    generate(again)
    generate(large_again, *LARGE_ARGUMENTS)
    assert contents(again) == contents(sample_export)
    assert contents(large_again) == contents(large_export)


def test_another_seed_gives_other_rows_and_the_same_results(
    tmp_path: Path, sample_export: Path
) -> None:
    """The seed decides who does what; the published results hold for all, and the true effects."""
    generate(tmp_path / "export", "--seed", "1")
    other, said = truth(tmp_path / "export"), truth(sample_export)
    for ours, theirs in zip(said["variations"], other["variations"], strict=True):
        known = RESULTS if ours["experiment_id"] == SHOP_EXPERIMENT else ("variation_name",)
        known = (*known, "relative_lift")
        assert [ours[result] for result in known] == [theirs[result] for result in known]
        assert ours.get("lift_by_country") == theirs.get("lift_by_country")
    assert other["dirt"] == said["dirt"]
    ours, theirs = (units(export)["visitor_id"] for export in (sample_export, tmp_path / "export"))
    assert set(ours) != set(theirs)


@pytest.mark.parametrize("kind", ["decisions", "events"])
def test_schema(export: Path, kind: str) -> None:
    """Names, order and types of the columns, in every file."""
    for path in (export / f"type={kind}").rglob("*.parquet"):
        assert pq.read_schema(path).equals(SCHEMAS[kind]), path


@pytest.mark.parametrize("kind", ["decisions", "events"])
def test_schema_is_that_of_a_real_export(reference_dir: Path, kind: str) -> None:
    """What the tests pin is what Optimizely writes."""
    for path in (reference_dir / "optimizely" / f"type={kind}").rglob("*.parquet"):
        assert pq.read_schema(path).equals(SCHEMAS[kind]), path


def test_layout(export: Path) -> None:
    """Spark's folders and names, `_SUCCESS` in each day, and nothing else."""
    part = r"part-\d{5}-[0-9a-f-]{36}\.c000\.snappy\.parquet"
    day = r"date=\d{4}-\d{2}-\d{2}"
    layout = re.compile(
        rf"type=(decisions/{day}/(experiment=\d+/{part}|_SUCCESS)"
        rf"|events/{day}/(event=[a-z_]+/{part}|_SUCCESS))|call_data\.csv|truth\.json"
    )
    names = list(contents(export))
    assert [name for name in names if not layout.fullmatch(name)] == []
    days = set(export.glob("type=*/date=*"))
    assert days == {path.parent for path in export.rglob("_SUCCESS")}


def test_rows_lie_in_the_folders_of_their_columns(export: Path) -> None:
    """The day and the group of a folder are those of all its rows."""
    column = {"decisions": "experiment_id", "events": "event_name"}
    for path in export.rglob("*.parquet"):
        kind, date, group = (part.split("=")[1] for part in path.parts[-4:-1])
        read = [column[kind], "timestamp"]
        found = pq.read_table(path, columns=read, partitioning=None).to_pandas()
        assert set(found[column[kind]]) == {group}
        assert set(found["timestamp"].dt.strftime("%Y-%m-%d")) == {date}


def test_ids_and_addresses_are_nobody_s(sample_export: Path) -> None:
    """Made-up visitors, and addresses that are reserved for documentation."""
    for kind in ("decisions", "events"):
        found = rows(sample_export, kind)
        assert found["visitor_id"].str.fullmatch(r"visitor_\d{5}|qa_visitor_[123]").all()
        documentation = r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}"
        assert found["user_ip"].str.fullmatch(documentation).all()


def test_counts_of_rows_and_dirt_are_true(export: Path) -> None:
    """Each kind of dirt is there as often as the truth says."""
    said = truth(export)
    decisions, events = rows(export, "decisions"), rows(export, "events")
    found = exposures(export)
    arms = found.drop_duplicates(["experiment_id", "visitor_id", "variation_id"])
    known = set(decisions["visitor_id"])
    unexposed = set(events["visitor_id"]) - known
    hour = pd.Timedelta(hours=1)

    assert said["row_counts"] == {
        "decisions": len(decisions),
        "events": len(events),
        "calls": len(calls(export)),
    }
    dirt = dict(said["dirt"])
    # In large data, some of the visitors who are never exposed do nothing at all.
    if said["mode"] == "large":
        assert dirt["unexposed_visitors"] >= len(unexposed)
        dirt["unexposed_visitors"] = len(unexposed)
    assert dirt == {
        "duplicate_decisions": decisions["is_copy"].sum(),
        "duplicate_events": events["is_copy"].sum(),
        "upper_case_decision_uuids": (decisions["uuid"] != decisions["uid"]).sum(),
        "upper_case_event_uuids": (events["uuid"] != events["uid"]).sum(),
        "repeat_decisions": len(found) - len(arms),
        "crossover_units": len(arms) - len(units(export)),
        "holdback_visitors": decisions.loc[decisions["is_holdback"], "visitor_id"].nunique(),
        "bot_visitors": decisions.loc[decisions["is_bot"], "visitor_id"].nunique(),
        "excluded_visitors": decisions.loc[decisions["is_tester"], "visitor_id"].nunique(),
        "unexposed_visitors": len(unexposed),
        "late_decisions": (decisions["process_timestamp"] - decisions["timestamp"] > hour).sum(),
        "late_events": (events["process_timestamp"] - events["timestamp"] > hour).sum(),
    }


def test_counts_of_rows_left_out_are_true(export: Path) -> None:
    """The reasons are those of the pipeline, the first that holds."""
    said = truth(export)["excluded_rows"]
    decisions, events = rows(export, "decisions"), rows(export, "events")
    distinct = decisions[~decisions["is_copy"]]
    assert said["decisions"] == {
        "duplicate_id": decisions["is_copy"].sum(),
        "holdback": distinct["is_holdback"].sum(),
        "bot": distinct["is_bot"].sum(),
        "excluded_visitor": distinct["is_tester"].sum(),
        "repeat_exposure": len(exposures(export)) - len(units(export)),
    }
    distinct = events[~events["is_copy"]].assign(number=lambda frame: range(len(frame)))
    copies = {"duplicate_id": events["is_copy"].sum()}
    assert said["events"] == copies | reasons(export, distinct)
    called = calls(export).assign(number=lambda frame: range(len(frame)), is_bot=False)
    assert said["calls"] == reasons(export, called)


def test_results_are_true(export: Path) -> None:
    """What the units did inside their windows; the browsers add up to the variation."""
    found = results(export)
    listed = truth(export)["variations"]
    assert len(listed) == len(found)
    for said in listed:
        names = result_names(said)
        expected = {name: said[name] for name in names}
        actual = found.loc[said["variation_id"], names].to_dict()
        assert actual == pytest.approx(expected, rel=1e-12)
        for name in names:
            in_browsers = sum(cell[name] for cell in said["by_browser"].values())
            assert in_browsers == pytest.approx(said[name], rel=1e-12)


def test_sample_has_the_published_results(sample_export: Path) -> None:
    """Minutes agree to the last digits, everything else exactly."""
    said = {
        variation["variation_name"]: variation for variation in truth(sample_export)["variations"]
    }
    for name, published in PUBLISHED.items():
        found = [said[name][result] for result in RESULTS]
        assert found == pytest.approx(list(published), rel=1e-12, abs=0), name


def test_sample_reaches_the_edges_of_the_window(sample_export: Path) -> None:
    """Events lie on both ends of the window, and a millisecond beyond them."""
    known = units(sample_export)
    known = known[known["experiment_id"] == SHOP_EXPERIMENT]
    events = rows(sample_export, "events").merge(known, on="visitor_id")
    after = (events["timestamp"] - events["exposed_at"]).dt.total_seconds() * 1_000
    seen = set(after.round().astype(int))
    window = round(WINDOW.total_seconds() * 1_000)
    assert {-1, 0, window, window + 1} <= seen


def test_sample_s_buyers_saw_what_they_bought(sample_export: Path) -> None:
    """A purchase follows a detail view and a cart with the same product."""
    events = rows(sample_export, "events")
    events = events.assign(product=events["tags"].map(lambda tags: dict(tags).get("product")))
    did = in_window(units(sample_export), events[~events["is_copy"]])
    pair = ["visitor_id", "product"]
    bought = did[did["event_name"] == "purchase"][[*pair, "timestamp"]]
    for earlier in ("detail_page_view", "add_to_cart"):
        before = did[did["event_name"] == earlier][[*pair, "timestamp"]]
        both = bought.merge(before, on=pair, suffixes=("", "_before"))
        assert len(both) == len(bought)
        assert (both["timestamp_before"] < both["timestamp"]).all()


def test_large_data_has_the_size_and_the_dirt_that_were_asked_for(large_export: Path) -> None:
    """Shares of rows, or of units, are what the generator promises."""
    said, known = truth(large_export), units(large_export)
    assert said["settings"] == LARGE_SIZE
    assert known["visitor_id"].nunique() == LARGE_SIZE["visitors"]
    assert known["experiment_id"].nunique() == LARGE_SIZE["experiments"]
    assert known["exposed_at"].dt.normalize().nunique() == LARGE_SIZE["days"]
    shares = {
        "duplicate_events": said["dirt"]["duplicate_events"] / said["row_counts"]["events"],
        "repeat_decisions": said["dirt"]["repeat_decisions"] / len(known),
        "crossover_units": said["dirt"]["crossover_units"] / len(known),
        "before_exposure": (
            said["excluded_rows"]["events"]["before_exposure"] / said["row_counts"]["events"]
        ),
        "after_window": (
            said["excluded_rows"]["events"]["after_window"] / said["row_counts"]["events"]
        ),
    }
    assert shares == pytest.approx(
        {
            "duplicate_events": 0.01,
            "repeat_decisions": 0.3,
            "crossover_units": 0.005,
            "before_exposure": 0.1,
            "after_window": 0.1,
        },
        rel=0.1,
    )


def test_large_data_has_its_true_effects(large_export: Path) -> None:
    """The observed lifts lie within four standard errors of the true ones."""
    found = results(large_export)
    control: dict[str, pd.Series] = {}
    for said in truth(large_export)["variations"]:
        arm = found.loc[said["variation_id"]]
        base = control.setdefault(said["experiment_id"], arm)
        for metric, count in (
            ("detail_views", "detail_page_view"),
            ("conversion_rate", "purchasers"),
        ):
            ratio = (arm[count] / arm["unit_count"]) / (base[count] / base["unit_count"])
            error = ratio * (1 / arm[count] + 1 / base[count]) ** 0.5
            # Views of one visitor hang together, as other experiments shift them: hence 1.5.
            assert abs(ratio - 1 - said["relative_lift"][metric]) < 4 * 1.5 * error
    names = {said["variation_name"] for said in truth(large_export)["variations"]}
    assert {"control", "treatment_1"} <= names


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--visitors", "0"], "--visitors"),
        (["--days", "-3"], "--days"),
        (["--experiments", "two"], "--experiments"),
        (["--experiments", "1.5"], "--experiments"),
        (["--seed", "-1"], "--seed"),
        (["--rows", "5"], "--rows"),
    ],
)
def test_bad_arguments_are_one_line(tmp_path: Path, arguments: list[str], named: str) -> None:
    """Exit code 2, the argument named, nothing written."""
    made = generate(tmp_path / "export", *arguments)
    assert made.code == 2
    assert made.stdout == ""
    assert re.fullmatch(rf"error: [^\n]*{named}[^\n]*\n", made.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["notes.txt", "truth.json"])
def test_a_foreign_folder_is_not_replaced(tmp_path: Path, name: str) -> None:
    """Not even one with a truth.json of somebody else."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("{}", encoding="utf-8")
    made = generate(tmp_path / "mine")
    assert made.code == 2
    assert re.fullmatch(r"error: [^\n]*mine[^\n]*\n", made.stderr)
    assert contents(tmp_path) == {f"mine/{name}": b"{}"}


def test_a_file_is_no_place_for_an_export(tmp_path: Path) -> None:
    """One line, whether the file is the output or above it."""
    (tmp_path / "file").touch()
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        made = generate(output)
        assert made.code == 2
        assert re.fullmatch(r"error: [^\n]+\n", made.stderr)


def test_an_older_export_or_an_empty_folder_is_replaced(tmp_path: Path, large_export: Path) -> None:
    """And nothing is left beside it."""
    output = tmp_path / "export"
    output.mkdir()
    assert generate(output, *LARGE_ARGUMENTS, "--seed", "1").code == 0
    assert generate(output, *LARGE_ARGUMENTS).code == 0
    assert contents(output) == contents(large_export)
    assert list(tmp_path.iterdir()) == [output]


def test_a_killed_run_leaves_the_older_export(tmp_path: Path, large_export: Path) -> None:
    """An export is replaced at the very end, in one step."""
    output = tmp_path / "export"
    generate(output, *LARGE_ARGUMENTS)
    with generate_apart(output, "--visitors", "100000") as run:
        # Killed while it writes: its folder beside the export holds a first file.
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".export.partial-*/**/*.parquet")):
            assert run.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        run.kill()
    assert contents(output) == contents(large_export)


def test_seeds_come_from_the_generator(sample_export: Path) -> None:
    """The call records to the byte, the testers by name."""
    seeds = REPO / "seeds"
    assert (seeds / "call_data.csv").read_bytes() == (sample_export / "call_data.csv").read_bytes()
    excluded = pd.read_csv(seeds / "excluded_visitors.csv")
    found = rows(sample_export, "decisions")
    assert set(excluded["visitor_id"]) == set(found.loc[found["is_tester"], "visitor_id"])
