"""Hundreds of hostile texts as ids, names and settings, through build, commands and exports.

Nothing is merged, lost or run, and nothing that a terminal or a page shows leaves its place.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from dbt.cli.main import dbtRunnerResult
from hostile_texts import hostile_texts, is_quiet
from hostile_world import (
    ATTRIBUTES,
    EXPERIMENTS,
    METRIC,
    NAMED,
    NAMES,
    TAG,
    TEXT,
    VARIATIONS,
    HostileWorld,
    build,
)
from input_checks import InputChecks
from pipeline import check_launch, cli, export_datasets, results
from pipeline.csv_text import unmarked
from pipeline.dbt_run import report_of
from pipeline.errors import MESSAGE_LIMIT, PipelineError, one_line
from pipeline.input_files import InputWatch
from pipeline.screen import lay_out, line
from pipeline.summary import EXPERIMENT_LIMIT
from report_page import read_page
from results_page import command as report

LEAST_TEXTS = 500
HOSTILE = "'; --\x1b[2J\n\u202e"
LINES = "a\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029b"
Command = Callable[..., tuple[int, str]]


@dataclass(frozen=True)
class Built:
    """The world, and what was published of it."""

    world: HostileWorld
    path: Path
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the world once."""
    folder = tmp_path_factory.mktemp("hostile")
    world = HostileWorld()
    run = build(folder, world)
    assert run.returncode == 0, run.stdout + run.stderr
    return Built(world, folder / "published.duckdb", run.stdout, run.stderr)


@pytest.fixture
def tables(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give what was published, to be asked."""
    with duckdb.connect(str(built.path), read_only=True) as connection:
        yield connection


@pytest.fixture
def run(
    built: Built, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run a command's `main` on what was published; give its exit code and what it printed."""
    monkeypatch.setenv("WAREHOUSE_PATH", str(built.path))

    def run_on(main: Callable[[list[str]], int], *arguments: str) -> tuple[int, str]:
        code = main(list(arguments))
        said = capsys.readouterr()
        assert said.err == ""
        return code, said.out

    return run_on


def counted(rows: list[tuple]) -> Counter[tuple]:
    """Count rows, so that two lists of them compare whatever their order."""
    return Counter(rows)


# --- build ----------------------------------------------------------------------------------------


def test_the_build_says_what_it_does_in_lines(built: Built) -> None:
    """There are hundreds of texts, and none moves the terminal's cursor or stands in two lines."""
    assert len(set(built.world.texts)) >= LEAST_TEXTS
    assert is_quiet(built.stdout + built.stderr)
    assert "Traceback" not in built.stdout + built.stderr
    assert all(each.startswith(("warning: ", "build: ")) for each in built.stderr.splitlines())
    shown = built.stdout.splitlines()
    assert sum(each.startswith(f"{one_line(NAMES[0])} (") for each in shown) == 1
    of_metric = [each for each in shown if each.startswith(f"  {one_line(METRIC)}  ")]
    assert len(of_metric) == EXPERIMENT_LIMIT


def test_every_id_is_as_it_was_given(built: Built, tables: duckdb.DuckDBPyConnection) -> None:
    """Of units, attributes, events and variations, byte for byte."""
    rows = built.world.analysed
    ids = ("experiment_id", "variation_id", "visitor_id")
    found = tables.sql("select experiment_id, variation_id, unit_id from experiment_units")
    assert counted(found.fetchall()) == counted([tuple(row[name] for name in ids) for row in rows])
    counts = tables.sql("select experiment_id, variation_id, unit_count from dim_variations")
    assert {row[:2]: row[2] for row in counts.fetchall()} == built.world.unit_counts
    attributes = tables.sql(
        "select experiment_id, unit_id, attribute_name, attribute_value"
        " from experiment_unit_attributes"
    )
    assert counted(attributes.fetchall()) == counted(
        [
            (row["experiment_id"], row["visitor_id"], each["name"], each["value"])
            for row in rows
            for each in row["attributes"]
        ]
    )


def test_every_event_is_as_it_was_given(built: Built, tables: duckdb.DuckDBPyConnection) -> None:
    """With all its texts, once for each experiment that its visitor is in."""
    columns = ("visitor_id", "entity_id", "event_type", "event_name")
    events = {row["visitor_id"]: row for row in built.world.events}
    found = tables.sql(
        "select experiment_id, unit_id, entity_id, event_type, event_name, tags"
        " from experiment_events"
    ).fetchall()
    assert counted([row[:5] for row in found]) == counted(
        [
            (row["experiment_id"], *(events[row["visitor_id"]][name] for name in columns))
            for row in built.world.analysed
        ]
    )
    assert all(tags == dict(events[row[0]]["tags"]) for _, *row, tags in found)


def test_every_name_is_as_it_was_set(built: Built, tables: duckdb.DuckDBPyConnection) -> None:
    """Those of experiments and variations, and what a metric's file says of it."""
    named = tables.execute(
        "select variation_id, variation_name, experiment_name from dim_variations"
        " where experiment_id = ?",
        [NAMED],
    ).fetchall()
    world = built.world
    assert sorted(named) == sorted(
        (each, world.variation_name(number), NAMES[0]) for number, each in enumerate(VARIATIONS)
    )
    metric = "select description, owner, tags from dim_metrics where metric_name = ?"
    assert tables.execute(metric, [METRIC]).fetchall() == [(TEXT, TEXT, TAG)]


def test_a_metric_counts_the_name_it_filters(
    built: Built, tables: duckdb.DuckDBPyConnection
) -> None:
    """Each visitor of that event, and no other."""
    world = built.world
    doers = {row["visitor_id"] for row in world.events if row["event_name"] == world.filtered}
    wanted = Counter(
        (row["experiment_id"], row["variation_id"])
        for row in world.analysed
        if row["visitor_id"] in doers
    )
    assert sum(wanted.values()) > 1
    found = tables.execute(
        "select experiment_id, variation_id, observation_sum from variation_metrics"
        " where metric_name = ? and observation_sum > 0",
        [METRIC],
    ).fetchall()
    assert {row[:2]: row[2] for row in found} == wanted


# --- commands -------------------------------------------------------------------------------------

ASKED = (
    (results.main, ()),
    *((results.main, (experiment,)) for experiment in EXPERIMENTS),
    (results.main, (NAMES[0], "--segment", ATTRIBUTES[0])),
    (results.main, (NAMED, "--by-day", "--metric", METRIC)),
    (results.main, (NAMED, "--baseline", VARIATIONS[1])),
    *((check_launch.main, (experiment,)) for experiment in EXPERIMENTS),
    (check_launch.main, (NAMED, VARIATIONS[3])),
)


@pytest.mark.parametrize(("main", "arguments"), ASKED)
def test_commands_stay_in_their_lines(
    run: Command, main: Callable[[list[str]], int], arguments: tuple[str, ...]
) -> None:
    """What a terminal would obey is shown; the document has the names as they are."""
    code, text = run(main, *arguments)
    assert text
    assert is_quiet(text)
    json_code, document = run(main, *arguments, "--json")
    assert code == json_code
    assert document.isascii()
    read = json.loads(document)
    if arguments:
        experiment = read["experiment"]
        assert arguments[0] in {experiment["experiment_id"], experiment["experiment_name"]}
    else:
        assert {each["experiment_id"] for each in read["experiments"]} == set(EXPERIMENTS)


def test_documents_have_the_names(built: Built, run: Command) -> None:
    """Of all variations and metrics."""
    _, text = run(results.main, NAMED, "--json")
    document = json.loads(text)
    names = [built.world.variation_name(number) for number in range(len(VARIATIONS))]
    found = {row["variation_id"]: row["variation_name"] for row in document["results"]}
    assert found == dict(zip(VARIATIONS, names, strict=True))
    assert METRIC in {row["metric_name"] for row in document["results"]}
    _, text = run(check_launch.main, NAMED, "--json")
    judged = {row["variation_id"]: row["variation_name"] for row in json.loads(text)["variations"]}
    assert judged == {each: name for each, name in found.items() if each != VARIATIONS[0]}


def test_a_metric_has_one_line_for_each_variation(run: Command) -> None:
    """However many lines its name has."""
    _, text = run(results.main, NAMED)
    lines = text.splitlines()
    assert sum(each.startswith(f"  {one_line(METRIC)}, primary ") for each in lines) == 5


def test_exported_datasets_hold_them(built: Built, run: Command, tmp_path: Path) -> None:
    """In the files and in the names of their folders."""
    code, text = run(export_datasets.main, str(tmp_path / "export"))
    assert (code, is_quiet(text)) == (0, True)
    with duckdb.connect(str(built.path), read_only=True) as tables:
        for dataset in export_datasets.DATASETS:
            partitions = pa.schema([(name, pa.string()) for name in dataset.partition_columns])
            read = ds.dataset(
                tmp_path / "export" / dataset.folder_name,
                partitioning=ds.partitioning(partitions, flavor="hive"),
            )
            columns = [*dataset.partition_columns, "unit_id"]
            given = tables.execute(f"select {', '.join(columns)} from {dataset.table}").fetchall()
            rows = read.to_table(columns=columns).to_pylist()
            assert counted([tuple(row.values()) for row in rows]) == counted(given)


def test_exported_results_hold_them(built: Built, run: Command, tmp_path: Path) -> None:
    """A spreadsheet would run none, and they come back."""
    code, text = run(export_datasets.main, "--only", "results", str(tmp_path / "export"))
    assert (code, is_quiet(text)) == (0, True)
    with duckdb.connect(str(built.path), read_only=True) as tables:
        for table in ("dim_experiments", "dim_variations", "experiment_results_by_segment"):
            columns = tables.sql(f"describe {table}").fetchall()
            texts = [name for name, kind, *_ in columns if kind == "VARCHAR"]
            given = tables.sql(f"select {', '.join(texts)} from {table} order by all").fetchall()
            file = (tmp_path / "export" / "results" / f"{table}.csv").open("rb")
            lines = csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
            read = [tuple(unmarked(line[name]) for name in texts) for line in lines]
            assert counted(read) == counted([tuple(each or "" for each in row) for row in given])


def test_a_name_that_no_folder_can_have_is_refused(tmp_path: Path) -> None:
    """By the column and the name, and what to do."""
    with pytest.raises(
        PipelineError, match=r"^The event_name '界+ \.\.\.' is too long for"
    ) as told:
        export_datasets.make_partition_folder(tmp_path, ("event_name",), ("界" * 300,))
    assert one_line(str(told.value)) == str(told.value)


def test_pages_show_them_as_text(run: Command, tmp_path: Path) -> None:
    """A name that holds a script makes none."""
    code, text = run(report.main, "--output", str(tmp_path / "pages"))
    assert (code, is_quiet(text)) == (0, True)
    pages = [read_page(path) for path in (tmp_path / "pages").glob("*.html")]
    assert len(pages) == len(EXPERIMENTS) + 1
    assert any(NAMES[0] in page.text and METRIC in page.text for page in pages)
    for script in (each for page in pages for each in page.find_all("script")):
        text = "".join(map(str, script.children))
        is_data = script.attributes.get("type") == "application/json"
        assert ("<" if is_data else "alert") not in text


@pytest.mark.parametrize("place", range(0, 700, 100))
def test_any_text_is_one_line(place: int) -> None:
    """On a screen and in a message; in a document it is what it was."""
    for text in hostile_texts()[place : place + 100]:
        shown = one_line(text)
        assert is_quiet(shown)
        assert "\n" not in shown
        assert len(shown) <= MESSAGE_LIMIT
        assert lay_out(line(text)).strip() == shown.strip()
        assert json.loads(cli.as_json_text({text: text})) == {text: text}


# --- settings -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> InputChecks:
    """Parse the project once."""
    return InputChecks(tmp_path_factory.mktemp("settings"))


ALLOWED = {
    "segments": ["{{ 1/0 }}", "it's", "[a]?", HOSTILE, f"{HOSTILE}a*b", "é界"],
    "pooled_variations": {f"pool {HOSTILE}": ["{{ 1/0 }}", "*"], "{% x": ["'", HOSTILE, LINES]},
    "baseline_variations": ["{{ 1/0 }}", HOSTILE, "nul\x00byte"],
    "bot_user_agent_patterns": ["%'{{%", "\\", HOSTILE],
    "exposures_experiment_id": HOSTILE,
    "analysis_experiment_id": f"{HOSTILE}{'x' * 100_000}",
}
NO_VARS: dict[str, object] = {
    "segments": f"{HOSTILE}*",
    "pooled_variations": {f"x{HOSTILE}": ["a", "a"]},
    "baseline_variations": HOSTILE,
    "alpha": f"0.05{HOSTILE}",
    "as_of": f"2020-01-01{HOSTILE}",
    "crossover_policy": f"first{HOSTILE}",
    "call_time_zone": f"UTC{HOSTILE}",
    "csv_delimiter": HOSTILE,
    "exposure_columns": {f"x{HOSTILE}": "b"},
    "planned_days": HOSTILE,
    f"segmnets{HOSTILE}": ["a"],
    "{{ 1/0 }}": ["a"],
}


def test_an_unknown_metric_is_told_in_one_line() -> None:
    """Whatever it is called."""
    name = "obs\x1b[2J\n\u202e"
    problem = f"models/dim_metrics.sql depends on a node named '{name}' which was not found"
    outcome = dbtRunnerResult(success=False, exception=RuntimeError(problem))
    (told,) = report_of(outcome, InputWatch(), Path("none.duckdb")).failures
    assert f"lists '{one_line(name)}'" in told
    assert is_quiet(told)
    assert "\n" not in told


def test_hostile_settings_are_taken(checks: InputChecks) -> None:
    """Where any text may stand."""
    found = checks.found(**ALLOWED)
    assert (found.failures, found.warnings) == ([], [])
    for name in ("segments", "baseline_variations"):
        texts = checks.rendered(f"{{{{ text_rows(var('{name}'), 'text') }}}}", **ALLOWED)
        assert {row[0] for row in duckdb.sql(texts).fetchall()} == set(ALLOWED[name])
    # Within other SQL they are indented.
    members = duckdb.sql(checks.rendered("{{ pool_members() }}", **ALLOWED)).fetchall()
    pools = ALLOWED["pooled_variations"].items()
    assert sorted(members) == sorted((each, name) for name, ids in pools for each in ids)


@pytest.mark.parametrize(("end", "inner"), [("\r\n", "\n"), ("\n", "\r")])
def test_cells_of_several_lines_are_read(
    checks: InputChecks, tmp_path: Path, end: str, inner: str
) -> None:
    """Whatever ends the lines of a CSV file and of its cells, as a spreadsheet writes them."""
    calls = tmp_path / "calls.csv"
    lines = ("user_id,call_start,call_duration_min", f'"v{inner}1",3/3/2025 13:00:00,1')
    calls.write_text(end.join([*lines, ""]), encoding="utf-8", newline="")
    assert checks.found(CALL_DATA_PATH=calls).failures == []


@pytest.mark.parametrize("name", NO_VARS)
def test_hostile_settings_are_refused(checks: InputChecks, name: str) -> None:
    """Where it can't be what it should, in one line that names the setting."""
    (told,) = checks.found(**{name: NO_VARS[name]}).failures
    assert one_line(name) in told
    assert one_line(told) == told
    assert is_quiet(told)
