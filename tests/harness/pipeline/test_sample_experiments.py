"""The sample's experiments are what they are said to be, by the rows of its files in plain pandas.

The first one's rows are pinned. Of the button-colour test and the gate: who is assigned to what,
when and where they come from, what they do before and after, and that the true effects are there.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exports import REPO, exposures, rows, settings, truth, units, usable_events

SHOP, COLOURS, GATE = "18786493712", "18791230454", "18794561209"
COUNTRIES = {"BR", "DE", "FR", "GB", "US"}
STUDIO_EVENTS = {"page_view", "visited_sign_up", "sign_up", "task_done", "subscription_state"}
TREATMENTS = ("green", "orange", "purple")
DAY = pd.Timedelta(days=1)
# How docs/sample.md calls the effects.
DOCUMENTED = {
    "visited sign-up rate: green": "visited_sign_up_rate",
    "latency of tasks at p90: orange": "task_latency_p90",
    "tasks of a visitor: purple": "tasks",
    "page views of a visitor: purple": "page_views",
}

# Rows of the first experiment's visitors, and the SHA-256 of what they say, as they were before the
# others joined it.
SHOP_ROWS = {
    "decisions": (10_120, "5108ee3974be270514400a25bccedd34384115ec9ce34b5b6d0f2e579651baaf"),
    "events": (20_217, "d5767226b5dde2a42b7b368b39c3d5d7fa51a01a00be65af0266d1d07579e264"),
}


@cache
def seeded_variations(experiment_id: str) -> pd.DataFrame:
    """Read what the seed says of an experiment's variations, by their ids."""
    seed = pd.read_csv(REPO / "seeds" / "variations.csv", dtype={"traffic_share": float})
    seed = seed.astype({"experiment_id": str, "variation_id": str})
    return seed[seed["experiment_id"] == experiment_id].set_index("variation_id")


@cache
def people(export: Path, experiment_id: str) -> pd.DataFrame:
    """Read an experiment's units, by visitor: variation, times, country, browser."""
    known = units(export)
    known = known[known["experiment_id"] == experiment_id]
    attributes = exposures(export).drop_duplicates(["experiment_id", "visitor_id"])["attributes"]
    named = [{one["name"]: one["value"] for one in attributes[index]} for index in known.index]
    names = seeded_variations(experiment_id)["variation_name"]
    return known.assign(
        variation=known["variation_id"].map(names),
        country=[found.get("country") for found in named],
        browser=[found.get("browser") for found in named],
    ).set_index("visitor_id")


@cache
def deeds(export: Path, experiment_id: str) -> pd.DataFrame:
    """Pair an experiment's units with all their events; `is_inside` means in the window."""
    known = people(export, experiment_id).reset_index()
    paired = usable_events(export)[
        ["visitor_id", "timestamp", "event_name", "value", "tags"]
    ].merge(known, on="visitor_id")
    inside = paired["timestamp"].between(paired["exposed_at"], paired["window_ends_at"])
    return paired.assign(is_inside=inside, is_before=paired["timestamp"] < paired["exposed_at"])


@cache
def per_unit(export: Path, experiment_id: str) -> pd.DataFrame:
    """Count each unit's events: columns such as `page_view`, and `page_view before`."""
    did, known = deeds(export, experiment_id), people(export, experiment_id)
    for suffix, chosen in (("", did[did["is_inside"]]), (" before", did[did["is_before"]])):
        counts = pd.crosstab(chosen["visitor_id"], chosen["event_name"]).add_suffix(suffix)
        known = known.join(counts)
    counted = [name for name in known if name.split()[0] in STUDIO_EVENTS]
    return known.fillna(dict.fromkeys(counted, 0))


def relative_lift(treated: pd.Series, control: pd.Series) -> tuple[float, float]:
    """Give the relative lift of the mean and its standard error, by the delta method."""
    ratio = treated.mean() / control.mean()
    squares = sum(group.var() / len(group) / group.mean() ** 2 for group in (treated, control))
    return ratio - 1, ratio * squares**0.5


def p90_lift(treated: pd.DataFrame, control: pd.DataFrame) -> tuple[float, float]:
    """Give the relative lift of the latency's p90 and its standard error, by drawing visitors."""
    rng = np.random.default_rng(0)
    drawn = []
    for group in (treated, control):
        latencies = [values.to_numpy() for _, values in group.groupby("visitor_id")["value"]]
        picks = rng.integers(0, len(latencies), (80, len(latencies)))
        samples = (np.concatenate([latencies[place] for place in pick]) for pick in picks)
        drawn.append(np.array([np.quantile(sample, 0.9) for sample in samples]))
    lift = treated["value"].quantile(0.9) / control["value"].quantile(0.9) - 1
    return lift, float((drawn[0] / drawn[1]).std())


def observed_lifts(export: Path, variation: str, country: str | None) -> dict[str, tuple]:
    """Give each metric's lift against blue and its standard error, in a country or in all."""
    table, did = per_unit(export, COLOURS), deeds(export, COLOURS)
    tasks = did[did["is_inside"] & (did["event_name"] == "task_done")]
    if country is not None:
        table, tasks = table[table["country"] == country], tasks[tasks["country"] == country]
    treated, control = (table[table["variation"] == name] for name in (variation, "blue"))
    return {
        "visited_sign_up_rate": relative_lift(
            (treated["visited_sign_up"] > 0).astype(float),
            (control["visited_sign_up"] > 0).astype(float),
        ),
        "tasks": relative_lift(treated["task_done"], control["task_done"]),
        "page_views": relative_lift(treated["page_view"], control["page_view"]),
        "task_latency_p90": p90_lift(
            *(tasks[tasks["variation"] == name] for name in (variation, "blue"))
        ),
    }


def shop_digest(export: Path, kind: str) -> tuple[int, str]:
    """Count the rows of visitors who are not the studio's, and hash all that they say."""
    tables = []
    for path in (export / f"type={kind}").rglob("*.parquet"):
        table = pq.read_table(path, partitioning=None)
        is_studio = table["visitor_id"].to_pandas().between("visitor_20001", "visitor_89999")
        tables.append(table.filter(pa.array(~is_studio)))
    found = pa.concat_tables(tables).sort_by(
        [("uuid", "ascending"), ("process_timestamp", "ascending")]
    )
    text = found.to_pandas().to_json(orient="values", date_format="iso", date_unit="ms")
    return len(found), hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("kind", ["decisions", "events"])
def test_the_first_experiment_s_rows_are_as_they_were(generated_sample: Path, kind: str) -> None:
    """Every column of every row: published numbers hang on them."""
    count, digest = shop_digest(generated_sample, kind)
    assert (count, digest) == SHOP_ROWS[kind]


@pytest.mark.parametrize(
    ("experiment_id", "buckets"),
    [
        (COLOURS, {"blue": 25, "green": 50, "orange": 75, "purple": 100}),
        (GATE, {"closed": 20, "open": 100}),
    ],
)
def test_units_are_assigned_by_a_hash_of_their_id(
    generated_sample: Path, experiment_id: str, buckets: dict[str, int]
) -> None:
    """SHA-256 of experiment and visitor, its first eight bytes modulo 100; shares as the seed's."""
    known = people(generated_sample, experiment_id)
    for visitor_id, variation in known["variation"].items():
        hashed = hashlib.sha256(f"{experiment_id}:{visitor_id}".encode()).digest()
        bucket = int.from_bytes(hashed[:8], "big") % 100
        assert variation == next(name for name, end in buckets.items() if bucket < end)
    shares = seeded_variations(experiment_id).set_index("variation_name")["traffic_share"]
    counts = known["variation"].value_counts()
    expected = shares * len(known)
    assert set(counts.index) == set(buckets) == set(shares.index)
    # Chi-square with three degrees of freedom at most: 11.3 has a chance of 1 %.
    assert ((counts - expected) ** 2 / expected).sum() < 11.3


def test_sizes_and_overlap(generated_sample: Path) -> None:
    """Small enough for CI; few are in both, and nobody of the first experiment is in another."""
    shop, colours, gate = (
        set(people(generated_sample, experiment).index) for experiment in (SHOP, COLOURS, GATE)
    )
    assert (len(shop), len(colours), len(gate)) == (10_000, 8_000, 2_600)
    assert len(colours & gate) == 200
    assert not shop & (colours | gate)
    events = rows(generated_sample, "events")
    assert 100_000 < events["visitor_id"].isin(colours).sum() <= 120_000


def test_attributes(generated_sample: Path) -> None:
    """Five countries for all, and a browser for most."""
    for experiment in (COLOURS, GATE):
        known = people(generated_sample, experiment)
        assert set(known["country"]) == COUNTRIES
        assert set(known["browser"].dropna()) == {"chrome", "firefox", "safari"}
        assert 0 < known["browser"].isna().mean() < 0.03


def test_exposures_are_spread_over_the_experiment(generated_sample: Path) -> None:
    """Inside the seed's dates, in each week, and less on weekends."""
    for experiment, weeks in ((COLOURS, 5), (GATE, 2)):
        known, terms = people(generated_sample, experiment), settings().loc[experiment]
        starts_at, ends_at = (
            pd.Timestamp(terms[name], tz="UTC") for name in ("starts_at", "ends_at")
        )
        assert ends_at - starts_at == weeks * 7 * DAY
        assert known["exposed_at"].between(starts_at, ends_at).all()
        week = (known["exposed_at"] - starts_at) // (7 * DAY)
        assert week.value_counts(normalize=True).loc[range(weeks)].min() > 0.08
        weekend = known["exposed_at"].dt.day_of_week >= 5
        assert weekend.mean() < 0.24


def test_now_is_after_all_that_counts(generated_sample: Path) -> None:
    """The latest row is a nightly state: no exposure comes after it, and some windows are over."""
    events = rows(generated_sample, "events")
    latest = events.loc[events["timestamp"].idxmax()]
    now = latest["timestamp"]
    assert latest["event_name"] == "subscription_state"
    assert now.date().isoformat() == "2020-11-23"
    mature = {
        experiment: (people(generated_sample, experiment)["window_ends_at"] <= now).mean()
        for experiment in (SHOP, COLOURS, GATE)
    }
    assert mature == pytest.approx({SHOP: 1, COLOURS: 0.36, GATE: 1}, abs=0.02)


def test_tasks_have_a_latency(generated_sample: Path) -> None:
    """Whole milliseconds above 0, a heavy tail, several for many; no other event has a value."""
    events = rows(generated_sample, "events")
    tasks = events[events["event_name"] == "task_done"]
    assert events.loc[events["value"].notna(), "event_name"].eq("task_done").all()
    assert ((tasks["value"] > 0) & (tasks["value"] % 1 == 0)).all()
    median, p90, p99 = tasks["value"].quantile([0.5, 0.9, 0.99])
    assert p90 > 2.5 * median
    assert p99 > 2.5 * p90
    table = per_unit(generated_sample, COLOURS)
    assert (table["task_done"] >= 3).mean() > 0.2


def test_subscriptions_are_reported_nightly(generated_sample: Path) -> None:
    """One state a night, with gaps, and with subscriptions whose last nights are not there yet."""
    did = deeds(generated_sample, COLOURS)
    nights = did[did["event_name"] == "subscription_state"]
    nights = nights.assign(
        date=nights["timestamp"].dt.floor("D"),
        state=nights["tags"].map(lambda tags: dict(tags).get("state")),
    )
    assert set(nights["state"]) == {"trialing", "active", "paused", "cancelled"}
    assert not nights.duplicated(["visitor_id", "date"]).any()
    spans = nights.groupby("visitor_id")["date"].agg(["min", "max", "count"])
    span_days = (spans["max"] - spans["min"]) / DAY + 1
    assert 0.88 < spans["count"].sum() / span_days.sum() < 0.96
    lag = (nights["date"].max() - spans["max"]) / DAY
    assert 0.1 < (lag >= 1).mean() < 0.3
    assert nights["is_before"].any()
    # Who cancelled stays cancelled.
    ordered = nights.sort_values("timestamp")
    was_cancelled = ordered["state"].eq("cancelled").groupby(ordered["visitor_id"]).cummax()
    assert ordered.loc[was_cancelled, "state"].eq("cancelled").all()


def test_sign_ups_follow_visits_that_follow_views(generated_sample: Path) -> None:
    """By at least some seconds; the first two of them at the exposure or later."""
    did = deeds(generated_sample, COLOURS)
    after = did[~did["is_before"]]
    first = after.pivot_table("timestamp", "visitor_id", "event_name", aggfunc="min")
    visited, signed = first["visited_sign_up"].dropna(), first["sign_up"].dropna()
    assert (first["page_view"][visited.index] < visited).all()
    assert (first["visited_sign_up"][signed.index] < signed).all()
    assert not did.loc[did["is_before"], "event_name"].isin(["visited_sign_up", "sign_up"]).any()


@pytest.mark.parametrize("experiment_id", [COLOURS, GATE])
def test_many_were_there_before(generated_sample: Path, experiment_id: str) -> None:
    """So that what they did before foretells what they do after."""
    table = per_unit(generated_sample, experiment_id)
    assert 0.5 < (table["page_view before"] > 0).mean() < 0.8
    least = {COLOURS: 0.4, GATE: 0.25}[experiment_id]
    for event in ("page_view", "task_done"):
        assert np.corrcoef(table[event], table[f"{event} before"])[0, 1] > least


def test_the_truth_names_every_effect(generated_sample: Path) -> None:
    """By variation and country; blue and the gate have none."""
    said = truth(generated_sample)["variations"]
    colours = {one["variation_name"]: one for one in said if one["experiment_id"] == COLOURS}
    assert set(colours) == {"blue", *TREATMENTS}
    for one in colours.values():
        assert set(one["lift_by_country"]) == COUNTRIES
    blue = colours["blue"]["lift_by_country"]
    assert {lift for country in blue.values() for lift in country.values()} == {0}
    gate = [one["relative_lift"] for one in said if one["experiment_id"] == GATE]
    assert len(gate) == 2
    assert {lift for lifts in gate for lift in lifts.values()} == {0}
    # One colour helps in most countries and harms in one.
    signs = [
        country["visited_sign_up_rate"] > 0
        for country in colours["green"]["lift_by_country"].values()
    ]
    assert (signs.count(True), signs.count(False)) == (4, 1)


def test_the_docs_tell_the_truth(generated_sample: Path) -> None:
    """The table of effects in docs/sample.md, number by number; what it leaves out is 0."""
    text = (REPO / "docs" / "sample.md").read_text(encoding="utf-8")
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    (countries,) = [cells for cells in lines if set(cells) == COUNTRIES]
    found = {}
    for name, metric in DOCUMENTED.items():
        (cells,) = [cells for cells in lines if cells[0] == name]
        numbers = [
            float(cell.replace("\N{MINUS SIGN}", "-").removesuffix("%")) / 100 for cell in cells[1:]
        ]
        found[name.split(": ")[1], metric] = dict(zip(countries, numbers, strict=True))
    for one in truth(generated_sample)["variations"]:
        for country, lifts in one.get("lift_by_country", {}).items():
            for metric, lift in lifts.items():
                documented = found.get((one["variation_name"], metric), {}).get(country, 0)
                assert documented == lift, (one["variation_name"], metric, country)


@pytest.mark.parametrize("country", sorted(COUNTRIES))
@pytest.mark.parametrize("variation", TREATMENTS)
def test_true_effects_are_there_in_each_country(
    generated_sample: Path, variation: str, country: str
) -> None:
    """Within three and a half standard errors of the truth."""
    (said,) = [
        one["lift_by_country"][country]
        for one in truth(generated_sample)["variations"]
        if (one["experiment_id"], one["variation_name"]) == (COLOURS, variation)
    ]
    found = observed_lifts(generated_sample, variation, country)
    assert set(found) == set(said)
    for metric, (lift, error) in found.items():
        assert abs(lift - said[metric]) < 3.5 * error, metric


def test_large_effects_are_significant_and_others_not(generated_sample: Path) -> None:
    """Over all countries, and where an effect goes the other way, in that country."""
    scores = {
        (variation, metric): lift / error
        for variation in TREATMENTS
        for metric, (lift, error) in observed_lifts(generated_sample, variation, None).items()
    }
    large = {
        ("green", "visited_sign_up_rate"),
        ("orange", "task_latency_p90"),
        ("purple", "tasks"),
    }
    assert {key for key, score in scores.items() if abs(score) > 3} == large
    assert all(scores[key] > 3.5 for key in large)
    lift, error = observed_lifts(generated_sample, "green", "BR")["visited_sign_up_rate"]
    assert lift / error < -3
    # The guardrail hardly moves.
    for variation in TREATMENTS:
        lift, error = observed_lifts(generated_sample, variation, None)["page_views"]
        assert abs(lift) < 0.04
        assert error < 0.03


def test_the_gate_has_no_effect(generated_sample: Path) -> None:
    """Open against closed, no count differs by two standard errors."""
    table = per_unit(generated_sample, GATE)
    for event in ("page_view", "task_done", "page_view before", "task_done before"):
        opened, closed = (
            table.loc[table["variation"] == name, event] for name in ("open", "closed")
        )
        lift, error = relative_lift(opened, closed)
        assert abs(lift) < 2 * error, event


def test_seeds_name_the_sample_s_variations(generated_sample: Path) -> None:
    """The same ids and names as in the truth, one control each."""
    said = truth(generated_sample)["variations"]
    for experiment in (SHOP, COLOURS, GATE):
        seeded = seeded_variations(experiment)
        listed = [one for one in said if one["experiment_id"] == experiment]
        names = {one["variation_id"]: one["variation_name"] for one in listed}
        assert seeded["variation_name"].to_dict() == names
        assert set(seeded["experiment_name"]) == {one["experiment_name"] for one in listed}
        assert seeded["is_reference"].sum() == 1
        assert seeded["traffic_share"].sum() == pytest.approx(1)
