"""scripts/load_experiment_names: what it asks for, and what it does to the settings."""

import csv
import io
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fetching import load_experiment_names, settings_files
from fetching.csv_file import read_csv
from fetching.experiment import read_experiment
from optimizely_api import (
    TOKEN,
    TOKEN_PART,
    Answer,
    FakeOptimizely,
    experiment,
    fake_optimizely,
    problem,
)
from pipeline.errors import PipelineError
from small_exports import decisions, write_rows

COMMAND = Path(__file__).resolve().parents[3] / "scripts" / "load_experiment_names"
VARIATIONS_HEAD = (
    "experiment_id,experiment_name,variation_id,variation_name,is_reference,traffic_share"
)
EXPERIMENTS_HEAD = (
    "experiment_id,starts_at,ends_at,randomisation_unit,attribution_window_hours,crossover_policy,"
    "primary_metric,metric_tags"
)
HOSTILE = 'It\'s "5 %", 日本\r\n=HYPERLINK("x")\u202e{{ x }}'

Done = tuple[int, str, str]
Run = Callable[..., Done]


class Place:
    """A folder of settings, an export and the server, for a test to fill."""

    def __init__(self, folder: Path, server: FakeOptimizely) -> None:
        """Begin with settings of nothing, and an export of two variations."""
        self.server = server
        self.data, self.seeds = folder / "export [1]", folder / "seeds"
        self.variations = self.seeds / "variations.csv"
        self.experiments = self.seeds / "experiments.csv"
        self.seeds.mkdir()
        self.variations.write_text(f"{VARIATIONS_HEAD}\n")
        self.experiments.write_text(f"{EXPERIMENTS_HEAD}\n")

    def export(self, *ids: tuple[object, object], kind: pa.DataType | None = None) -> None:
        """Write decisions of experiments and variations, into a folder whose name lies."""
        row = decisions(1)[0]
        rows = [row | {"experiment_id": one, "variation_id": other} for one, other in ids]
        types = {"experiment_id": kind or pa.string(), "variation_id": kind or pa.string()}
        folder = self.data / "type=decisions" / "date=2025-03-03" / "experiment_id=lie"
        write_rows(folder / f"part-{len(list(folder.glob('*')))}.parquet", rows, types)

    def rows(self, path: Path | None = None) -> list[dict[str, str]]:
        """Read a file of the settings; without a path that of variations."""
        text = (path or self.variations).read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def cells(self, *columns: str) -> list[tuple[str, ...]]:
        """Give some columns of the variations."""
        return [tuple(row[column] for column in columns) for row in self.rows()]

    def contents(self) -> dict[str, bytes]:
        """Give all that lies in the folder of the settings."""
        return {path.name: path.read_bytes() for path in self.seeds.iterdir()}


def arm(variation_id: object, key: str, weight: object = 5000, **more: object) -> dict[str, Any]:
    """Give a variation as the API does."""
    return {"variation_id": variation_id, "key": key, "weight": weight, "status": "active", **more}


ARMS = [arm(11, "off"), arm(12, "on")]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Give a place with one experiment of two variations, which the API knows."""
    with fake_optimizely() as server:
        found = Place(tmp_path, server)
        found.export(("1", "11"), ("1", "12"))
        server.answer_experiment(experiment(1, ARMS, key="checkout"))
        yield found


@pytest.fixture
def run(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process; the token is in nothing that it says or writes."""
    for name, value in place.server.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("OPTIMIZELY_DATA_DIR", "EXPOSURES"):
        monkeypatch.delenv(name, raising=False)

    def _run(*arguments: str, data: bool = True) -> Done:
        given = ["--data-dir", str(place.data)] if data else []
        code = load_experiment_names.main([*given, "--seeds", str(place.seeds), *arguments])
        said = capsys.readouterr()
        written = b"".join(place.contents().values()).decode("utf-8", "replace")
        assert TOKEN_PART not in f"{said.out}{said.err}{written}"
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return _run


# --- what it writes -------------------------------------------------------------------------------


def test_names_reference_and_shares_are_filled_in(place: Place, run: Run) -> None:
    """The first variation is the reference; weights are of 10,000."""
    place.server.answer_experiment(
        experiment(
            1,
            [arm(11, "off", 3334), arm(12, "on", 3333), arm(13, "more", 3333)],
            key="checkout",
            name="Checkout test",
            status="running",
            earliest="2024-01-31T12:00:00.000000Z",
            latest="2024-02-01T00:00:00.000000Z",
        )
    )
    place.export(("1", "13"))
    code, out, err = run()
    assert (code, err) == (0, "")
    assert place.variations.read_text() == (
        f"{VARIATIONS_HEAD}\n"
        "1,checkout,11,off,true,0.3334\n"
        "1,checkout,12,on,false,0.3333\n"
        "1,checkout,13,more,false,0.3333\n"
    )
    # It still runs, so it has no end.
    assert place.experiments.read_text() == f"{EXPERIMENTS_HEAD}\n1,2024-01-31 12:00:00,,,,,,\n"
    assert "checkout (1)" in out
    assert "variations.csv: a line is added of 12: on" in out
    assert f"Wrote {place.variations} and {place.experiments}" in out
    assert place.server.paths == ["/v2/experiments/1"]


def test_web_experiments_go_by_their_names(place: Place, run: Run) -> None:
    """They have no key."""
    arms = [{"variation_id": 11, "name": "Original", "weight": 10000}]
    arms += [{"variation_id": 12, "key": " ", "name": "Variation #1", "weight": "0"}]
    place.server.answer_experiment(experiment("1", arms, name="Home page", key=None))
    assert run()[0] == 0
    assert place.cells("experiment_name", "variation_name", "traffic_share") == [
        ("Home page", "Original", "1"),
        ("Home page", "Variation #1", ""),
    ]


def test_a_second_run_changes_nothing(place: Place, run: Run) -> None:
    """Neither the files nor what would be said of them."""
    assert run()[0] == 0
    before, times = place.contents(), [path.stat() for path in place.seeds.iterdir()]
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "As Optimizely has it." in out
    assert "Nothing to write" in out
    assert place.contents() == before
    assert [path.stat() for path in place.seeds.iterdir()] == times


def test_a_dry_run_says_it_and_writes_nothing(place: Place, run: Run) -> None:
    """The very words of the run that writes."""
    before = place.contents()
    code, dry, _ = run("--dry-run")
    assert (code, place.contents()) == (0, before)
    assert f"Dry run, so not written: {place.variations}" in dry
    _, done, _ = run()
    assert dry.splitlines()[:-1] == done.splitlines()[:-1]


HAND = (
    f"{VARIATIONS_HEAD}\n"
    "0,other,1,a,true,\n"
    '1, Our checkout ,12,"On, please",true,0.7\n'
    "1,,11, ,,\n"
    "2,later,1,a,true,0.5\n"
)


def test_what_people_wrote_stays_and_is_said(place: Place, run: Run) -> None:
    """Only blank cells are filled; one reference variation is enough, and so is one name."""
    place.variations.write_text(HAND)
    place.experiments.write_text(f"{EXPERIMENTS_HEAD}\n1,2024-01-01,,,168,,Revenue,\n")
    dates = {"earliest": "2024-01-31T12:00:00Z", "latest": "2024-03-01T01:00:00+02:00"}
    arms = [*ARMS, arm(13, "more")]
    place.server.answer_experiment(experiment(1, arms, key="checkout", status="paused", **dates))
    code, out, _ = run()
    assert code == 0
    assert place.variations.read_text() == HAND.replace(
        "1,,11, ,,\n",
        "1,Our checkout,11,off,false,0.5\n1,Our checkout,13,more,false,0.5\n",
    )
    assert place.rows(place.experiments)[0] | {"starts_at": ""} == {
        "experiment_id": "1",
        "starts_at": "",
        "ends_at": "2024-02-29 23:00:00",
        "randomisation_unit": "",
        "attribution_window_hours": "168",
        "crossover_policy": "",
        "primary_metric": "Revenue",
        "metric_tags": "",
    }
    assert "experiment_name is kept: Our checkout. Optimizely has checkout" in out
    assert "variation_name of 12 is kept: On, please. Optimizely has on" in out
    assert "is_reference of 12 is kept: true. Optimizely has false" in out
    assert "traffic_share of 12 is kept: 0.7. Optimizely has 0.5" in out
    assert "starts_at is kept: 2024-01-01. Optimizely has 2024-01-31 12:00:00" in out
    assert "--overwrite takes what Optimizely has" in out
    before = place.contents()
    run()
    assert place.contents() == before


def test_all_can_be_taken_from_optimizely(place: Place, run: Run) -> None:
    """There is still one reference and one name, and other experiments' lines are untouched."""
    hand = HAND.replace("2,later", "1,Mine,99,extra,TRUE,0.1\n2,later")
    place.variations.write_text(hand)
    code, out, _ = run("--overwrite")
    assert code == 0
    assert place.variations.read_text() == (
        f"{VARIATIONS_HEAD}\n"
        "0,other,1,a,true,\n"
        '1,checkout,12,"on",false,0.5\n'
        "1,checkout,11,off,true,0.5\n"
        "1,checkout,99,extra,false,0.1\n"
        "2,later,1,a,true,0.5\n"
    )
    assert "variation_name of 12 was On, please, and becomes on" in out


@pytest.mark.parametrize("share", ["0.5", ".5", " 0.50 ", "0.49999"])
def test_one_share_may_be_written_in_several_ways(place: Place, run: Run, share: str) -> None:
    """A third has more digits than a weight."""
    place.variations.write_text(
        f"{VARIATIONS_HEAD}\n1,checkout,11,off,TRUE,{share}\n1,checkout,12,on, false,{share}\n"
    )
    before = place.contents()
    assert "As Optimizely has it." in run()[1]
    assert place.contents() == before


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_every_other_byte_stays(
    place: Place,
    run: Run,
    end: str,
    mark: str,
    last: bool,  # noqa: FBT001 - parametrised
) -> None:
    """Quotes, line ends, comments, columns of one's own, a byte order mark."""
    lines = [
        'note,"traffic_share",variation_id,experiment_id,is_reference,experiment_name,variation_name',
        "# all of these are ours",
        f'"two{end}lines, ""quoted""",0.5,"11","1",true,"checkout","off"',
        "",
        "mine,0.5,a,0,true,zero,ä",
    ]
    text = mark + end.join(lines) + (end if last else "")
    place.variations.write_bytes(text.encode())
    assert run()[0] == 0
    added = ',"0.5",12,1,false,checkout,on'
    lines.insert(3, added)
    assert place.variations.read_bytes().decode() == (
        mark + end.join(lines) + (end if last else "")
    )


def test_a_line_may_follow_one_without_an_end(place: Place, run: Run) -> None:
    """The last line of a file often has none."""
    place.variations.write_text(VARIATIONS_HEAD)
    assert run()[0] == 0
    assert place.variations.read_text() == (
        f"{VARIATIONS_HEAD}\n1,checkout,11,off,true,0.5\n1,checkout,12,on,false,0.5"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_names_are_data(place: Place, run: Run, end: str) -> None:
    """Whatever they hold; line ends are those of the file. On the screen they move no cursor."""
    place.variations.write_bytes(f"{VARIATIONS_HEAD}{end}".encode())
    name = HOSTILE.replace("\r\n", end)
    arms = [arm(11, HOSTILE), arm(12, "a\ud800b"), arm(13, "#1", status="active")]
    place.server.answer_experiment(experiment(1, arms, key=f" {HOSTILE}\x1b[2J"))
    code, out, _ = run()
    assert code == 0
    assert place.cells("experiment_name", "variation_name") == [
        (f"{name}\x1b[2J", name),
        (f"{name}\x1b[2J", "a?b"),
        (f"{name}\x1b[2J", "#1"),
    ]
    assert "\x1b" not in out
    assert "\u202e" not in out
    before = place.contents()
    assert run()[0] == 0
    assert place.contents() == before


# --- which experiments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "exported", "as_text"),
    [
        (pa.int64(), 9007199254740993, "9007199254740993"),
        (pa.uint64(), 2**63 + 1, str(2**63 + 1)),
        (pa.string(), "123456789012345678901234567890", "123456789012345678901234567890"),
        (pa.float64(), 18786493712.0, "18786493712"),
        (pa.decimal128(20, 0), 18786493712, "18786493712"),
    ],
)
def test_ids_are_exact(
    place: Place, run: Run, kind: pa.DataType, exported: object, as_text: str
) -> None:
    """Numbers or texts, in the export and in the answer, beyond what a float can hold."""
    for file in place.data.rglob("*.parquet"):
        file.unlink()
    place.export((exported, exported), kind=kind)
    for answered in (as_text, int(as_text)):
        place.server.answer_experiment(experiment(answered, [arm(answered, "off", 10000)]))
        code, out, _ = run()
        assert code == 0
        assert place.cells("experiment_id", "variation_id") == [(as_text, as_text)]
    assert "As Optimizely has it." in out


def test_folders_bring_no_experiments(place: Place, run: Run) -> None:
    """Nor do blank ids and half-written files; each experiment is asked for once, by its id."""
    for name in (".part-9.parquet", "_part-9.parquet"):
        (place.data / "type=decisions" / name).write_bytes(b"PAR1")
    place.export(
        ("a/../b?c#d é", "1"), (None, "1"), (" ", "1"), ("..", "1"), ("1", None), ("a\nb", "1")
    )
    code, _, err = run()
    assert code == 1
    assert sorted(place.server.paths) == [
        "/v2/experiments/1",
        "/v2/experiments/a%2F..%2Fb%3Fc%23d%20%C3%A9",
    ]
    assert "'..' is no id" in err


def test_one_experiment_can_be_asked_for(place: Place, run: Run) -> None:
    """Of those in the data; others are refused before anything is asked."""
    place.export(("2", "21"))
    assert run("--experiment", "1")[0] == 0
    assert place.server.paths == ["/v2/experiments/1"]
    code, _, err = run("--experiment", "1", "--experiment", "3")
    assert code == 2
    assert "There is no experiment '3'" in err
    assert "There are: 1, 2." in err
    assert len(place.server.requests) == 1


def test_an_experiment_that_is_not_known_is_no_harm_to_others(place: Place, run: Run) -> None:
    """The exit code says that not all is as it should be."""
    place.export(("2", "21"), ("0", "1"))
    place.variations.write_text(f"{VARIATIONS_HEAD}\n2,mine,21,a,true,\n")
    code, out, err = run()
    assert code == 1
    assert [row["experiment_id"] for row in place.rows()] == ["2", "1", "1"]
    assert place.rows()[0]["experiment_name"] == "mine"
    assert out.count("Optimizely doesn't know it: its lines stay as they are.") == 2
    assert [line.split(":")[1] for line in err.splitlines()] == [
        " 127.0.0.1 answers /v2/experiments/0 with 404",
        " 127.0.0.1 answers /v2/experiments/2 with 404",
    ]
    document = json.loads(run("--json")[1])
    assert document["status"] == "unchanged"
    assert [one["is_known"] for one in document["experiments"]] == [False, True, False]


def test_variations_that_only_one_side_has_are_said(place: Place, run: Run) -> None:
    """One that visitors should see gets a line, by which the build notices that it lacks."""
    place.export(("1", "99"))
    arms = [arm(11, "off", 4000), arm(12, "on", 4000), arm(13, "lost", 2000), arm(14, "spare", 0)]
    place.server.answer_experiment(experiment(1, arms))
    code, out, _ = run()
    assert code == 0
    assert [row["variation_id"] for row in place.rows()] == ["11", "12", "13"]
    assert "The data have variation 99, which Optimizely doesn't know." in out
    assert "The data have nothing of lost (13)" in out
    assert "spare" not in out


# --- what else the API may say --------------------------------------------------------------------


@pytest.mark.parametrize(
    "stopped", [{"status": "paused"}, {"status": "archived"}, {"archived": True}, {"weight": 0}]
)
def test_what_is_shown_no_more_has_no_share(
    place: Place, run: Run, stopped: dict[str, object]
) -> None:
    """Its weight of today is not that of the days of the data; a build would take 0 for a slip."""
    arms = [arm(10, "gone") | stopped, arm(11, "off", 2500) | stopped, arm(12, "on", 2500)]
    place.server.answer_experiment(experiment(1, arms))
    code, out, _ = run()
    assert code == 0
    # The first one isn't in the data, either: the reference is the next.
    assert place.cells("variation_id", "is_reference", "traffic_share") == [
        ("11", "true", ""),
        ("12", "false", "0.25"),
    ]
    assert "off (11) is shown to nobody any more" in out
    assert "counts as the first: off (11)" in out


def test_variations_that_stopped_with_their_experiment_keep_the_split(
    place: Place, run: Run
) -> None:
    """All of them are archived with it."""
    arms = [one | {"status": "archived"} for one in ARMS]
    place.server.answer_experiment(experiment(1, arms, status="archived"))
    assert run()[0] == 0
    assert place.cells("traffic_share") == [("0.5",), ("0.5",)]


@pytest.mark.parametrize(
    ("weights", "shares", "said"),
    [
        ((2000, 3000), ("0.2", "0.3"), "The weights add up to 5,000 of 10,000"),
        ((3333.5, "6666.5"), ("0.33335", "0.66665"), "of 12: on\n\nWrote"),
        ((None, 5000), ("", "0.5"), "Variation 11 has no weight of 0 to 10,000."),
        ((-1, 5000), ("", "0.5"), "Variation 11 has no weight"),
        ((10001, 5000), ("", "0.5"), "Variation 11 has no weight"),
        ((True, 5000), ("", "0.5"), "Variation 11 has no weight"),
        (("half", 5000), ("", "0.5"), "Variation 11 has no weight"),
        ((float("nan"), 5000), ("", "0.5"), "Variation 11 has no weight"),
    ],
)
def test_weights_are_taken_as_they_are(
    place: Place, run: Run, weights: tuple[object, object], shares: tuple[str, str], said: str
) -> None:
    """What isn't one is no share, and is said."""
    arms = [arm(11, "off", weights[0]), arm(12, "on", weights[1])]
    place.server.answer_experiment(experiment(1, arms))
    code, out, _ = run()
    assert code == 0
    assert place.cells("traffic_share") == [(share,) for share in shares]
    assert said in out


def test_a_bandit_has_no_shares(place: Place, run: Run) -> None:
    """Its weights change by the hour."""
    place.server.answer_experiment(experiment(1, ARMS, allocation_policy="min_regret"))
    _, out, _ = run()
    assert place.cells("traffic_share") == [("",), ("",)]
    assert "Optimizely moves its traffic while it runs" in out
    place.server.answer_experiment(experiment(1, ARMS, allocation_policy="manual"))
    run()
    assert place.cells("traffic_share") == [("0.5",), ("0.5",)]


@pytest.mark.parametrize(
    ("answered", "written"),
    [
        ("2024-01-31T12:00:00.000000Z", "2024-01-31 12:00:00"),
        ("2024-01-31T12:00:00.250000Z", "2024-01-31 12:00:00.250000"),
        ("2024-01-31T12:00:00+02:00", "2024-01-31 10:00:00"),
        ("2024-01-31 12:00:00", "2024-01-31 12:00:00"),
        ("2024-01-31", "2024-01-31"),
        ("", ""),
        (None, ""),
    ],
)
def test_times_are_written_as_the_settings_have_them(
    place: Place, run: Run, answered: object, written: str
) -> None:
    """In UTC; an experiment without dates gets no line."""
    place.server.answer_experiment(experiment(1, ARMS, earliest=answered))
    code, out, _ = run()
    assert code == 0
    assert [row["starts_at"] for row in place.rows(place.experiments)] == (
        [written] * bool(written)
    )
    assert "can't be read" not in out
    before = place.contents()
    assert "As Optimizely has it." in run()[1]
    assert place.contents() == before


@pytest.mark.parametrize(
    "answered", ["31.1.2024", "2024-02-31T00:00:00Z", "0001-01-01T00:00:00Z", 1706702400, [], {}]
)
def test_a_time_that_can_not_be_read_is_said(place: Place, run: Run, answered: object) -> None:
    """And the cell stays as it was."""
    place.server.answer_experiment(experiment(1, ARMS, earliest=answered))
    code, out, _ = run()
    assert code == 0
    assert "Its time 'earliest' can't be read" in out
    assert place.rows(place.experiments) == []


def test_dates_never_end_an_experiment_before_it_starts(place: Place, run: Run) -> None:
    """The build would fail."""
    place.experiments.write_text(f"{EXPERIMENTS_HEAD}\n1,2024-06-01,,,,,,\n")
    dates = {"earliest": "2024-01-01T00:00:00Z", "latest": "2024-02-01T00:00:00Z"}
    place.server.answer_experiment(experiment(1, ARMS, status="concluded", **dates))
    code, out, _ = run()
    assert code == 0
    assert "ends_at is not taken: 2024-02-01 00:00:00 would have it end before it starts" in out
    assert place.rows(place.experiments)[0]["ends_at"] == ""
    run("--overwrite")
    assert place.rows(place.experiments)[0]["starts_at"] == "2024-01-01 00:00:00"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": 1},
        {"id": 1, "variations": None},
        {"id": 2, "variations": []},
        {"id": True, "variations": []},
        {"variations": ARMS},
    ],
)
def test_an_answer_of_something_else_is_refused(
    place: Place, run: Run, document: Mapping[str, object]
) -> None:
    """Nothing of it may get into the settings of this experiment."""
    before = place.contents()
    place.server.answer("/v2/experiments/1", document)
    code, _, err = run()
    assert (code, place.contents()) == (2, before)
    assert "another id, or no list of variations" in err


def test_fields_may_be_of_any_type(place: Place, run: Run) -> None:
    """What can't be understood says nothing."""
    for odd in ([], {}, [[]], 1.5, True, "", None):
        arms = [arm(11, "off", odd, status=odd, name=odd, archived=odd)]
        arms.append(arm(12, "on") | {"key": odd})
        dates = {"earliest": odd, "latest": odd, "schedule": odd, "status": odd}
        more = {"key": odd, "name": odd, "allocation_policy": odd}
        place.server.answer_experiment(experiment(1, arms, **more, **dates))
        assert run()[0] == 0
    assert place.cells("variation_id", "is_reference") == [("11", "true"), ("12", "false")]


def test_variations_without_an_id_are_left_out() -> None:
    """The others are as good as ever."""
    found = read_experiment(
        experiment("1", [arm(None, "none"), 17, arm(11, "off"), arm("11", "again")]), "1"
    )
    assert [variation.name for variation in found.variations] == ["off"]
    assert len([note for note in found.notes if "without an id" in note]) == 3


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(401, f"Invalid token {TOKEN}"), "doesn't know the token"),
        (problem(403, "Forbidden"), "may not see this"),
        (problem(429, "later", Retry_After="3600"), "Wait 3600 seconds"),
        (Answer(b"<html>"), "no JSON"),
        (Answer([]), "JSON that is no object"),
        (Answer(b"", 302, {"Location": "http://127.0.0.1:1/"}), "must not go"),
    ],
)
def test_nothing_is_written_where_something_goes_wrong(
    place: Place, run: Run, answer: Answer, said: str
) -> None:
    """Not even of the experiments that were answered before."""
    before = place.contents()
    place.export(("2", "21"))
    place.server.answer("/v2/experiments/2", answer)
    code, out, err = run()
    assert (code, out, place.contents()) == (2, "", before)
    assert said in err
    assert err.count("\n") == 1


def test_what_passes_is_waited_for(place: Place, run: Run) -> None:
    """Also an answer that came in half."""
    document = experiment(1, ARMS)
    place.server.answer(
        "/v2/experiments/1",
        problem(429, "later", Retry_After="1"),
        Answer(document, cut=40),
        Answer(document),
    )
    assert run()[0] == 0
    assert len(place.rows()) == 2


def test_without_a_token_nothing_is_done(
    place: Place, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says which variable to set; with --json it is the document."""
    monkeypatch.delenv("OPTIMIZELY_API_TOKEN")
    code, out, _ = run("--json")
    assert code == 2
    assert json.loads(out)["error"].startswith("OPTIMIZELY_API_TOKEN isn't set")
    assert place.server.requests == []


def test_wrong_input_is_told_before_anything_is_asked(
    place: Place, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of the settings, and the export."""
    head = f"{VARIATIONS_HEAD}\n".encode()
    wrong = {
        "can't be read": None,
        "needs the column 'traffic_share' once": head.replace(b"traffic", b"trafic"),
        "needs the column 'experiment_id' once": b"experiment_id," + head,
        "Line 3 of": head + b"1,a,11,b,true,1\n1,a,1,2,c,false,1\n",
        "a quote that isn't closed": head + b'1,"a,11,b,true,1\n',
        "not in UTF-8": head + b"1,\xe4,11,b,true,1\n",
    }
    for said, content in wrong.items():
        place.variations.unlink(missing_ok=True)
        if content is not None:
            place.variations.write_bytes(content)
        code, _, err = run()
        assert (code, said in err, err.count("\n")) == (2, True, 1), err
        assert str(place.variations) in err
    place.variations.write_text(f"{VARIATIONS_HEAD}\n")
    for folder, said in {
        "nowhere": "No Parquet file matches",
        "damaged": "can't be read",
        "blank": "names an experiment",
    }.items():
        data = place.data.with_name(folder)
        monkeypatch.setenv("OPTIMIZELY_DATA_DIR", str(data))
        if folder == "damaged":
            (data / "type=decisions").mkdir(parents=True)
            (data / "type=decisions" / "part.parquet").write_bytes(b"PAR1 nothing PAR1")
        if folder == "blank":
            row = decisions(1)[0] | {"experiment_id": " "}
            write_rows(data / "type=decisions" / "part.parquet", [row])
        code, _, err = run(data=False)
        assert (code, said in err, err.count("\n")) == (2, True, 1), err
    monkeypatch.delenv("OPTIMIZELY_DATA_DIR")
    monkeypatch.setenv("EXPOSURES", "/my/exposures.csv")
    code, _, err = run(data=False)
    assert code == 2
    assert "EXPOSURES is set" in err
    monkeypatch.setenv("OPTIMIZELY_DATA_DIR", "s3://bucket/v1")
    assert "Fetch it by ./scripts/load_export" in run(data=False)[2]
    assert place.server.requests == []


def test_both_files_are_written_or_none(
    place: Place, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the second can't be, the first is what it was."""
    document = experiment(1, ARMS, earliest="2024-01-31T12:00:00Z")
    place.server.answer_experiment(document)
    before = place.contents()
    replace = Path.replace

    def _fails(self: Path, target: Path) -> Path:
        if target == place.experiments:
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", _fails)
    code, _, err = run()
    assert (code, place.contents()) == (2, before)
    assert f"{place.experiments} can't be written: No space left on device" in err


def test_what_changed_meanwhile_is_not_lost(
    place: Place, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saved the file while the API was asked."""
    take = settings_files.SettingsFiles.take

    def _edited(*arguments: Any) -> Any:  # noqa: ANN401 - as what it stands for
        place.variations.write_text(HAND)
        return take(*arguments)

    monkeypatch.setattr(settings_files.SettingsFiles, "take", _edited)
    code, _, err = run()
    assert code == 2
    assert "has changed since it was read" in err
    assert place.variations.read_text() == HAND
    assert len(place.contents()) == 2


def test_links_and_permissions_stay(place: Place, run: Run) -> None:
    """The settings may be kept elsewhere."""
    kept = place.seeds.with_name("kept.csv")
    place.variations.rename(kept)
    kept.chmod(0o640)
    place.variations.symlink_to(kept)
    assert run()[0] == 0
    assert place.variations.is_symlink()
    assert kept.stat().st_mode & 0o777 == 0o640
    assert len(place.rows(kept)) == 2


def test_a_file_that_is_not_changed_is_given_back_as_it_is(tmp_path: Path) -> None:
    """Whatever is in it."""
    path = tmp_path / "any.csv"
    for text in (
        "a",
        "a\n",
        "\ufeffa,b\r\n\r\n1,2",
        'a,"b"\n"x\n""y""",2\n\n\n',
        "a,b\n1,\n#,,,\n",
    ):
        path.write_bytes(text.encode())
        assert read_csv(path, ["a"]).content() == text.encode()
    for text in ("", 'a\n"b', 'a\n"b""\n'):
        path.write_bytes(text.encode())
        with pytest.raises(PipelineError):
            read_csv(path, ["a"])


# --- as people run it -----------------------------------------------------------------------------


def test_the_command_reads_its_environment(place: Place) -> None:
    """From any folder; the token is in no output and no file, and a retry is no news."""
    document = experiment(1, ARMS)
    place.server.answer("/v2/experiments/1", problem(503, "later"), Answer(document))
    done = subprocess.run(
        [COMMAND, "--seeds", place.seeds.name, "--json"],
        cwd=place.seeds.parent,
        env={**os.environ, **place.server.environment, "OPTIMIZELY_DATA_DIR": place.data.name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert TOKEN_PART not in done.stdout
    document = json.loads(done.stdout)
    assert document["status"] == "written"
    assert document["files"] == [str(place.variations)]
    assert document["experiments"][0]["findings"][0] == {
        "what": "added",
        "file": "variations.csv",
        "experiment_id": "1",
        "variation_id": "11",
        "column": None,
        "old": None,
        "new": "off",
    }
    for path in place.seeds.parent.rglob("*"):
        assert path.is_dir() or TOKEN_PART.encode() not in path.read_bytes()
