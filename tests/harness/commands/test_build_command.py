"""scripts/build publishes a good build whole, and nothing of a bad one."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import PROJECT_ROOT, run_build

SAMPLE = PROJECT_ROOT / "data" / "sample"


def digest(path: Path) -> str:
    """Give a hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def published(tmp_path: Path, sample_build: Path) -> Path:
    """Give a good published file that a bad build must leave alone."""
    path = tmp_path / "warehouse" / "experiment_metrics.duckdb"
    path.parent.mkdir()
    shutil.copyfile(sample_build, path)
    return path


@pytest.fixture
def export(tmp_path: Path, sample_build: Path) -> Path:  # noqa: ARG001 - makes the sample
    """Give a copy of the sample's export, to be broken."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "export"))


def one_part(export: Path, pattern: str) -> Path:
    """Give one of the export's files."""
    return min(export.glob(pattern))


def assert_refused(
    published: Path,
    message: str,
    *arguments: str,
    returncode: int = 1,
    is_parsed: bool = True,
    **environment: str,
) -> None:
    """Check that a build fails with one line of that message and publishes nothing."""
    before = digest(published)
    run = run_build(published, *arguments, is_parsed=is_parsed, **environment)
    said = [line for line in run.stderr.splitlines() if message in line]
    assert run.returncode == returncode, run.stdout + run.stderr
    assert len(said) == 1, run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    assert digest(published) == before
    assert not list(published.parent.glob(".*.building"))


def test_a_missing_folder_is_named(published: Path, tmp_path: Path) -> None:
    """The folder is said, and how to set it."""
    missing = str(tmp_path / "nowhere")
    assert_refused(published, f"No Parquet file matches {missing}", OPTIMIZELY_DATA_DIR=missing)


def test_a_folder_without_events_is_named(published: Path, export: Path) -> None:
    """Decisions alone are no export."""
    shutil.rmtree(export / "type=events")
    assert_refused(published, "type=events", OPTIMIZELY_DATA_DIR=str(export))


@pytest.mark.parametrize(
    ("pattern", "column"),
    [("type=decisions/**/*.parquet", "is_holdback"), ("type=events/**/*.parquet", "value")],
)
def test_a_missing_column_is_named_with_its_file(
    published: Path, export: Path, pattern: str, column: str
) -> None:
    """One file of many lacks a column that nested fields of other columns are called, too."""
    part = one_part(export, pattern)
    pq.write_table(pq.read_table(part, partitioning=None).drop([column]), part)
    assert_refused(
        published, f"Missing column '{column}' in {part}", OPTIMIZELY_DATA_DIR=str(export)
    )


def test_a_column_of_two_types_is_named_with_both_files(published: Path, export: Path) -> None:
    """A timestamp that is a number in one file only would be read wrongly or not at all."""
    part = one_part(export, "type=events/**/*.parquet")
    table = pq.read_table(part, partitioning=None)
    index = table.schema.get_field_index("timestamp")
    numbers = table["timestamp"].cast(pa.int64())
    pq.write_table(table.set_column(index, "timestamp", numbers), part)
    assert_refused(published, "Column 'timestamp' is BIGINT in", OPTIMIZELY_DATA_DIR=str(export))


def test_an_export_without_any_unit_is_refused(published: Path, export: Path) -> None:
    """A build that would publish empty tables fails."""
    for part in export.glob("type=decisions/**/*.parquet"):
        pq.write_table(pq.read_table(part, partitioning=None).slice(0, 0), part)
    told = "No visitor was exposed"
    assert_refused(published, told, is_parsed=False, OPTIMIZELY_DATA_DIR=str(export))


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ("{atribution_window_hours: 24}", "Did you mean 'attribution_window_hours'?"),
        ("{attribution_window_hours: -1}", "'attribution_window_hours' is '-1'"),
        ("{crossover_policy: last}", "must be one of: first, exclude"),
        ("{crossover_warn_share: 2}", "must be a number at least 0 and at most 1."),
        ("{as_of: yesterday}", "'as_of' is 'yesterday'"),
        ("{as_of: '2020-02-31'}", "'as_of' is '2020-02-31', but must be a UTC time"),
        ("{attribution_window_hours: 1.0e+9}", "must be a number above 0 and at most 876000."),
        ("{segments: browser}", "'segments' is 'browser'"),
        ("{segments: [browser, '']}", "but must be a list of different attributes"),
        ("{segments: ['browser*']}", "is '['browser*']', but must be a list of different"),
        ("{segments: ['browser*plan', browser, 'browser * plan']}", "list of different attributes"),
        ("{pooled_variations: {all: ['1', '2'], both: ['2', '3']}}", "that are in no other pool"),
        ("{pooled_variations: {one: ['1']}}", "must be names, each with two variations or more"),
        ("{pooled_variations: {two: ['1', ' ']}}", "must be names, each with two variations"),
        ("{pooled_variations: {two: [1, 2]}}", "must be names, each with two variations or more"),
        ("{pooled_variations: {two: 2}}", "must be names, each with two variations or more"),
        ("{pooled_variations: ['1', '2']}", "must be names, each with two variations or more"),
        ("{confidence_levels: []}", "'confidence_levels' is '[]', but must be a list of different"),
        ("{confidence_levels: [0.9, 0.9]}", "must be a list of different numbers between 0 and 1"),
        ("{confidence_levels: [95]}", "must be a list of different numbers between 0 and 1"),
        ("{confidence_levels: 0.95}", "must be a list of different numbers between 0 and 1"),
        ("{currency: EURO}", "'currency' is 'EURO', but must be the ISO 4217 code of a currency"),
        ("{alpha: 5}", "'alpha' is '5', but must be a number above 0 and below 1."),
    ],
)
def test_a_wrong_setting_is_named(published: Path, variables: str, message: str) -> None:
    """An unknown var suggests the nearest; a wrong value says what is allowed."""
    # A health check says of its own vars what they may hold, where its file is parsed.
    is_parsed = "crossover_warn_share" not in variables
    assert_refused(published, message, "--vars", variables, is_parsed=is_parsed)


def test_a_baseline_that_no_experiment_has_is_named(published: Path) -> None:
    """Its typo would compare with the seed's reference; one that there is passes."""
    test, known = "baseline_variations_are_known", "18826770331"
    variables = f'{{baseline_variations: ["{known}", "1882677033l"]}}'
    message = "baseline_variations names a variation that no experiment has"
    assert_refused(published, message, "--select", test, "--vars", variables)
    run = run_build(published, "--select", test, "--vars", f'{{baseline_variations: ["{known}"]}}')
    assert run.returncode == 0, run.stderr


def test_a_pool_of_what_no_experiment_has_is_named(published: Path) -> None:
    """So is one that would take another variation in; one that can be made passes."""
    test, message, orange = "pooled_variations_are_known", "gives a pool the id", "18821340712"
    others = [("both", "18821340l13"), ("18821340711", "18821340713"), ("green", "18821340713")]
    for name, other in others:
        variables = json.dumps({"pooled_variations": {name: [orange, other]}})
        assert_refused(published, message, "--select", test, "--vars", variables)
    variables = json.dumps({"pooled_variations": {orange: [orange, "18821340713"]}})
    run = run_build(published, "--select", test, "--vars", variables)
    assert run.returncode == 0, run.stderr


def test_missing_call_records_are_named(published: Path, tmp_path: Path) -> None:
    """A file that isn't there is not an empty one."""
    missing = str(tmp_path / "calls.csv")
    assert_refused(published, f"No call records at {missing}", CALL_DATA_PATH=missing)


def test_a_path_is_taken_literally(published: Path, export: Path, tmp_path: Path) -> None:
    """Whatever its characters mean in a pattern: another file that matches is not read."""
    calls = tmp_path / "calls[1]*?'.csv"
    shutil.copyfile(PROJECT_ROOT / "seeds" / "call_data.csv", calls)
    for other in ("calls1.csv", "calls1x?'.csv", "calls[1]*?'.csv.csv"):
        (tmp_path / other).write_text("no call records")
    folder = export.rename(tmp_path / "export [1]*?'s")
    run = run_build(
        published,
        *("--select", "base_call_center__calls", "base_optimizely__decisions"),
        CALL_DATA_PATH=str(calls),
        OPTIMIZELY_DATA_DIR=str(folder),
    )
    assert run.returncode == 0, run.stderr


def test_call_records_without_a_column_are_refused(published: Path, tmp_path: Path) -> None:
    """The message says which columns there are."""
    calls = tmp_path / "calls.csv"
    calls.write_text("user_id,start,call_duration_min\na,9/15/2020 0:00:00,1\n")
    assert_refused(published, "Missing column 'call_start'", CALL_DATA_PATH=str(calls))


def test_an_unreadable_call_is_refused(published: Path, tmp_path: Path) -> None:
    """A day-first date is not silently read as something else, or left out."""
    calls = tmp_path / "calls.csv"
    calls.write_text("user_id,call_start,call_duration_min\nvisitor_00042,25/12/2020 0:00:00,1\n")
    assert_refused(published, "9/15/2020 23:00:00", CALL_DATA_PATH=str(calls))


def test_a_second_build_waits_for_none(published: Path) -> None:
    """Two builds of one file: the second says so and ends."""
    lock = published.parent / f".{published.name}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert_refused(published, "Another build", returncode=2)


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    """WAREHOUSE_PATH is a file."""
    run = run_build(tmp_path)
    assert run.returncode == 2
    assert run.stderr == f"build: {tmp_path} is a folder. Set WAREHOUSE_PATH to a file.\n"


@pytest.mark.parametrize(
    ("name", "reason"), [("loop", "Symlink loop"), ("x" * 300, "File name too long")]
)
def test_a_path_that_cant_be_is_named(tmp_path: Path, name: str, reason: str) -> None:
    """One line says which setting, and why."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    run = run_build(tmp_path / name)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert run.stderr.startswith("build: ")
    assert reason in run.stderr


def test_a_device_is_no_place_to_publish(tmp_path: Path) -> None:
    """Nothing takes its place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    run = run_build(pipe)
    assert run.returncode == 2
    assert run.stderr == f"build: {pipe} is no file. Set WAREHOUSE_PATH to a file.\n"
    assert pipe.is_fifo()


def test_a_file_in_the_work_folders_place_is_named(published: Path) -> None:
    """What the build did not make it does not remove."""
    obstacle = published.parent / f".{published.name}.building"
    obstacle.write_text("mine")
    run = run_build(published)
    assert run.returncode == 2
    assert str(obstacle) in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert obstacle.read_text() == "mine"


def test_a_build_without_tests_is_not_published(published: Path) -> None:
    """Nothing is published that no test has seen."""
    before = digest(published)
    run = run_build(published, DBT_EXCLUDE_RESOURCE_TYPES="test unit_test")
    assert run.returncode == 0, run.stderr
    assert "No test was run" in run.stdout
    assert digest(published) == before


def test_a_selection_shows_what_it_built(published: Path) -> None:
    """Numbers where there are results, and else the way to them; nothing is published."""
    before = digest(published)
    told = published.with_name("told.json")
    run = run_build(published, "--select", "experiment_results", NOTIFY=str(told))
    assert run.returncode == 0, run.stderr
    notice = json.loads(told.read_text(encoding="utf-8"))
    assert (notice["status"], notice["experiments"]) == ("not published", [])
    assert "Purchase conversion rate" in run.stdout
    assert "0.0670 (+35.78%)" in run.stdout
    assert f"Only a selection was built: {published} stays as it was." in run.stdout
    run = run_build(published, "--select", "obs_purchase_conversion_rate")
    assert run.returncode == 0, run.stderr
    assert "Built: obs_purchase_conversion_rate. For numbers, select experiment_results" in (
        run.stdout
    )
    assert digest(published) == before


def test_one_document_is_all_that_json_prints(published: Path) -> None:
    """Of a build that went well, and of one that failed; people's lines go to stderr."""
    run = run_build(published, "--json", "--select", "experiment_results")
    document = json.loads(run.stdout)
    assert (run.returncode, document["status"]) == (0, "not published")
    assert document["models"] == ["experiment_results"]
    assert len(document["experiments"]) == 3
    run = run_build(published, "--vars", "{alpha: 5}", "--json")
    document = json.loads(run.stdout)
    assert (run.returncode, document["status"]) == (1, "failed")
    assert len(document["failures"]) == 1
    assert f"build failed: {document['failures'][0]}\n" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--selct", "x"], "unrecognized arguments: --selct. Did you mean --select?"),
        (["--jsn"], "unrecognized arguments: --jsn. Did you mean --json?"),
        (["obs_x"], "unrecognized arguments: obs_x."),
        (["--select"], "'--select' requires an argument."),
        (["--threads", "many"], "'--threads': 'many' is not a valid integer."),
        (["--vars", "{alpha"], "'--vars': String '{alpha' is not valid YAML."),
    ],
)
def test_a_wrong_argument_is_named(published: Path, arguments: list[str], message: str) -> None:
    """What neither the command nor dbt knows stops a build before it begins."""
    assert_refused(published, message, *arguments, returncode=2)
    run = subprocess.run(
        [PROJECT_ROOT / "scripts" / "build", *arguments],
        env={**os.environ, "WAREHOUSE_PATH": str(published)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)


def test_help_names_options_and_builds_nothing(tmp_path: Path) -> None:
    """Its own and those of dbt that people use."""
    run = run_build(tmp_path / "em.duckdb", "--help")
    assert (run.returncode, run.stderr) == (0, "")
    for option in ("--json", "--select", "--exclude", "--vars", "--full-refresh"):
        assert option in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_call_records_may_name_the_user_visitor_id(tmp_path: Path) -> None:
    """Columns are found by name, in any order; the numbers are the seed's."""
    seed = (PROJECT_ROOT / "seeds" / "call_data.csv").read_text().splitlines()[1:]
    rows = [line.split(",") for line in seed]
    calls = tmp_path / "calls.csv"
    lines = ["call_duration_min,call_start,visitor_id", *(",".join(reversed(r)) for r in rows)]
    calls.write_text("\n".join(lines) + "\n")
    path = tmp_path / "warehouse" / "em.duckdb"
    run = run_build(path, CALL_DATA_PATH=str(calls))
    assert run.returncode == 0, run.stderr
    with duckdb.connect(str(path), read_only=True) as connection:
        count = connection.sql("select count(*) from experiment_calls").fetchone()
    assert count == (3339,)
    index = path.with_name("em.duckdb.report") / "index.html"
    assert run.stdout.endswith(f"\nReport {index}\nPublished {path}\n")
    assert "covid_messaging_experiment" in index.read_text(encoding="utf-8")
    ran = json.loads((path.parent / "target" / "run_results.json").read_text())["results"]
    kinds = {result["unique_id"].split(".")[0] for result in ran}
    # Of what is published the data are tested, and not the project's SQL.
    assert "test" in kinds
    assert "unit_test" not in kinds


def test_a_flat_export_gives_the_same_tables(
    tmp_path: Path, export: Path, sample_build: Path
) -> None:
    """Folders without a date level, rows in another order, and a rebuild: the same results."""
    for kind in ("decisions", "events"):
        for number, part in enumerate(sorted(export.glob(f"type={kind}/date=*/*/*.parquet"))):
            flat = export / f"type={kind}" / part.parent.name
            flat.mkdir(exist_ok=True)
            table = pq.read_table(part, partitioning=None)
            reversed_rows = table.take(list(range(table.num_rows - 1, -1, -1)))
            pq.write_table(reversed_rows, flat / f"part-{number}.parquet")
        for dated in export.glob(f"type={kind}/date=*"):
            shutil.rmtree(dated)
    path = tmp_path / "warehouse" / "experiment_metrics.duckdb"
    for _ in range(2):
        run = run_build(path, is_parsed=True, OPTIMIZELY_DATA_DIR=str(export))
        assert run.returncode == 0, run.stderr
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as flat (read_only)")
        connection.execute(f"attach '{sample_build}' as dated (read_only)")
        for table in ("experiment_units", "experiment_events", "excluded_rows", "dim_variations"):
            for one, other in (("flat", "dated"), ("dated", "flat")):
                difference = f"select * from {one}.{table} except all select * from {other}.{table}"
                assert connection.sql(difference).fetchall() == []
