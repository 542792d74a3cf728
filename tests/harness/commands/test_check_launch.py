"""scripts/check_launch: its exit codes, and what it says, on small published files."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from pipeline import check_launch

PROJECT_ROOT = Path(__file__).resolve().parents[3]
DOCS = PROJECT_ROOT / "docs" / "launch_decisions.md"

AS_OF = datetime(2020, 9, 16, 12, tzinfo=UTC)
SHIP, USAGE, UNREADABLE, NO_SHIP, INCONCLUSIVE, INVALID = 0, 2, 3, 10, 11, 12
HOSTILE = "ban\x1b[2Jner'; drop table experiment_decisions; --\r\n\u202e<b>=1+1"
TABLES = {
    "dim_experiments": "experiment_id varchar, experiment_name varchar, as_of_at timestamp",
    "dim_variations": "experiment_id varchar, variation_id varchar, variation_name varchar",
    "experiment_decisions": (
        "experiment_id varchar, variation_id varchar, variation_name varchar,"
        " reference_variation_id varchar, verdict varchar, rule varchar, reason varchar,"
        " primary_metric varchar, absolute_lift double, relative_lift double,"
        " relative_lift_ci_low double, relative_lift_ci_high double, adjusted_p_value double,"
        " guardrail_count bigint, check_count bigint"
    ),
    "guardrail_conclusions": (
        "experiment_id varchar, variation_id varchar, metric_name varchar, conclusion varchar,"
        " explanation varchar, place bigint"
    ),
    "experiment_health": (
        "experiment_id varchar, check_name varchar, segment_name varchar, segment_value varchar,"
        " status varchar, message varchar"
    ),
}
Experiments = dict[tuple[str, str], dict[str, str]]
Run = Callable[..., tuple[int, str, str]]


def make_warehouse(path: Path, experiments: Experiments) -> Path:
    """Publish experiments by id and name, with the verdict of each variation by its name."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("begin")
        for table, columns in TABLES.items():
            connection.execute(f"create table {table} ({columns})")
        for (experiment, name), verdicts in experiments.items():
            row = [experiment, name, AS_OF.replace(tzinfo=None)]
            connection.execute("insert into dim_experiments values (?, ?, ?)", row)
            control = [experiment, f"{experiment}-0", "control"]
            connection.execute("insert into dim_variations values (?, ?, ?)", control)
            for number, (variation, verdict) in enumerate(verdicts.items(), start=1):
                key = [experiment, f"{experiment}-{number}"]
                connection.execute("insert into dim_variations values (?, ?, ?)", [*key, variation])
                connection.execute(
                    "insert into experiment_decisions values (?, ?, ?, ?, ?, 'a_rule', ?, 'Orders',"
                    " 0.1, 0.25, 0.125, 0.375, 0.00001, 1, 2)",
                    [*key, variation, f"{experiment}-0", verdict, f"Orders of {variation} say so."],
                )
                connection.execute(
                    "insert into guardrail_conclusions values"
                    " (?, ?, 'Views', 'acceptable', 'Views of ' || ? || ': fine.', 1)",
                    [*key, variation],
                )
            connection.execute(
                "insert into experiment_health values (?, 'a', '(all)', '(all)', 'ok', 'Quiet.'),"
                " (?, 'b', 'browser', 'safari', 'warn', 'Look at ' || ?)",
                [experiment, experiment, name],
            )
        connection.execute("commit")
    return path


@pytest.fixture(scope="module")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Experiments], Path]:
    """Give published files with these experiments, each made once."""
    folder = tmp_path_factory.mktemp("warehouses")
    made: dict[str, Path] = {}

    def published(experiments: Experiments) -> Path:
        key = repr(experiments)
        if key not in made:
            made[key] = make_warehouse(folder / f"{len(made)}.duckdb", experiments)
        return made[key]

    return published


@pytest.fixture
def run(
    warehouses: Callable[[Experiments], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> Run:
    """Give the command, run in this process on a file with these experiments."""

    def run_on(experiments: Experiments | None, *arguments: str) -> tuple[int, str, str]:
        missing = tmp_path / "published.duckdb"
        path = missing if experiments is None else warehouses(experiments)
        monkeypatch.setenv("WAREHOUSE_PATH", str(path))
        code = check_launch.main(arguments, now=lambda: AS_OF + timedelta(hours=24))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert bool(said.err) == (code in (USAGE, UNREADABLE) and "--help" not in arguments)
        assert said.err.count("\n") <= 1
        return code, said.out, said.err

    return run_on


BANNER = ("1", "banner")
ALL = {
    "shipped": "ship",
    "harmful": "do_not_ship",
    "doubtful": "inconclusive",
    "broken": "invalid",
}


@pytest.mark.parametrize(
    ("variation", "code"),
    list(zip(ALL, (SHIP, NO_SHIP, INCONCLUSIVE, INVALID), strict=True)),
)
@pytest.mark.parametrize("by", ["id", "name"])
def test_each_verdict_has_its_code(run: Run, variation: str, code: int, by: str) -> None:
    """Asked by ids or by names, it says the verdict and what it comes from."""
    number = list(ALL).index(variation) + 1
    wanted = ("1", f"1-{number}") if by == "id" else ("banner", variation)
    found, out, _ = run({BANNER: ALL}, *wanted)
    assert found == code
    assert out == (
        "experiment  banner (1)\n"
        "as of       2020-09-16 12:00:00 UTC\n"
        "\n"
        f"variation   {variation} (1-{number})\n"
        "reference   control (1-0)\n"
        f"verdict     {ALL[variation]} (a_rule)\n"
        f"reason      Orders of {variation} say so.\n"
        "primary     Orders: +25.00% (+12.50% to +37.50%), adjusted p < 0.0001\n"
        f"guardrails  acceptable: Views of {variation}: fine.\n"
        "\n"
        "checks      warn: b, safari: Look at banner\n"
    )


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["ship"], SHIP),
        (["inconclusive", "ship", "do_not_ship"], SHIP),
        (["ship", "invalid"], INVALID),
        (["inconclusive", "do_not_ship"], INCONCLUSIVE),
        (["do_not_ship", "do_not_ship"], NO_SHIP),
        ([], INVALID),
    ],
)
def test_all_variations_have_one_code(run: Run, verdicts: list[str], code: int) -> None:
    """An invalid one goes first, then one to be shipped is enough; without any, nothing is said."""
    found, out, _ = run({BANNER: {f"v{n}": name for n, name in enumerate(verdicts)}}, "banner")
    assert found == code
    assert out.count("\nvariation ") == len(verdicts)
    assert out.count("\nverdict ") == max(len(verdicts), 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["poster"],
            "There is no experiment 'poster'. There are: banner (1), 2, twin (3), twin (4).",
        ),
        (["twin"], "'twin' is the name of several experiments: 3, 4. Give the id."),
        (
            ["banner", "other"],
            "There is no variation 'other'. There are: control (1-0), new (1-1).",
        ),
        (
            ["banner", "control"],
            "control (1-0) is the variation that the others are compared with.",
        ),
        (["banner", "1-0"], "control (1-0) is the variation"),
        (["2", "new"], "There is no variation 'new'."),
        ([], "required: EXPERIMENT"),
        (["banner", "new", "more"], "unrecognized arguments: more"),
        (["banner", "--max-age", "1"], "unrecognized arguments"),
        ([""], "EXPERIMENT is empty"),
        (["banner", " "], "VARIATION is empty"),
        (["banner", "--max-age-hours", "0"], "must be above 0"),
        (["banner", "--max-age-hours", "nan"], "must be above 0"),
        (["banner", "--max-age-hours", "1e99"], "must be above 0"),
        (["banner", "--max-age-hours", "day"], "'day', but must be above 0"),
    ],
)
def test_wrong_arguments_are_told(run: Run, arguments: list[str], message: str) -> None:
    """What there is is named; a script's empty variable does not ask for everything."""
    twins = {("3", "twin"): {}, ("4", "twin"): {}}
    published = {BANNER: {"new": "ship"}, ("2", "2"): {"other": "ship"}, **twins}
    code, out, err = run(published, *arguments)
    assert (code, out) == (USAGE, "")
    assert message in err


def test_help_helps(run: Run) -> None:
    """As that of any command."""
    code, out, _ = run({BANNER: {"new": "ship"}}, "--help")
    assert code == 0
    assert out.startswith("Usage: ")


def test_an_id_goes_before_a_name(run: Run) -> None:
    """An experiment called after another's id does not answer for it."""
    published = {("1", "2"): {"new": "ship"}, ("2", "1"): {"new": "do_not_ship"}}
    assert run(published, "1")[0] == SHIP
    assert run(published, "2")[0] == NO_SHIP


def test_hostile_names_stay_in_their_lines(run: Run) -> None:
    """What a terminal would obey is shown instead, and nothing is run as SQL."""
    published = {("1", HOSTILE): {HOSTILE: "ship"}}
    code, out, _ = run(published, HOSTILE, HOSTILE)
    assert code == SHIP
    shown = "ban\\x1b[2Jner'; drop table experiment_decisions; -- \\x202e<b>=1+1 (1)\n"
    assert out.startswith(f"experiment  {shown}")
    assert all(c.isprintable() or c == "\n" for c in out)
    assert out.count("\n") == 11
    for wanted in (HOSTILE + "x", "\udcff", "'", "%", "--"):
        code, out, err = run(published, "--", wanted)
        assert (code, out) == (USAGE, "")
        assert all(c.isprintable() or c == "\n" for c in err)


def test_age_takes_a_yes_back(run: Run) -> None:
    """Results of 24 hours ago are not too old by 24 hours, but by less; other verdicts stay."""
    published = {BANNER: ALL}
    assert run(published, "banner", "shipped", "--max-age-hours", "24")[0] == SHIP
    code, out, _ = run(published, "banner", "shipped", "--max-age-hours", "23.9")
    assert code == INCONCLUSIVE
    assert "verdict     inconclusive (results_too_old)\n" in out
    assert "more than 23.9 hours apart. They say ship: Orders of shipped say so.\n" in out
    assert run(published, "banner", "harmful", "--max-age-hours", "1")[0] == NO_SHIP
    assert run(published, "banner", "broken", "--max-age-hours", "1")[0] == INVALID


@pytest.mark.parametrize("as_of", ["null", "timestamp '2030-01-01'"])
def test_results_of_the_future_are_not_fresh(tmp_path: Path, as_of: str) -> None:
    """A wrong clock in the data does not make results new for ever."""
    path = make_warehouse(tmp_path / "published.duckdb", {BANNER: {"new": "ship"}})
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"update dim_experiments set as_of_at = {as_of}")
    question, _ = check_launch.read_arguments(["banner", "--max-age-hours", "48"])
    answer = check_launch.read_answer(path, question)
    assert check_launch.overall(answer) == SHIP
    outdated = check_launch.outdate(answer, timedelta(hours=48), AS_OF)
    assert check_launch.overall(outdated) == INCONCLUSIVE
    assert "inconclusive" in check_launch.write(outdated)


def test_one_document_is_all_that_json_prints(run: Run) -> None:
    """It has what the text has; the code is the same."""
    code, out, _ = run({BANNER: ALL}, "banner", "harmful", "--json")
    document = json.loads(out)
    assert code == document["exit_code"] == NO_SHIP
    assert document["verdict"] == "do_not_ship"
    assert document["experiment"]["as_of_at"] == "2020-09-16T12:00:00Z"
    (variation,) = document["variations"]
    assert variation["reference_variation_name"] == "control"
    assert [row["conclusion"] for row in variation["guardrails"]] == ["acceptable"]
    assert [row["status"] for row in document["checks"]] == ["ok", "warn"]
    code, out, err = run({BANNER: ALL}, "poster", "--json")
    problem = err.removeprefix("check_launch: ").strip()
    assert json.loads(out) == {"error": problem, "exit_code": USAGE}


def test_the_level_is_named_where_the_results_name_it(tmp_path: Path) -> None:
    """A verdict is worth what it was made with."""
    path = make_warehouse(tmp_path / "published.duckdb", {BANNER: {"new": "ship"}})
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table experiment_results as select '1' as experiment_id, .9 as confidence_level"
        )
    question, _ = check_launch.read_arguments(["banner"])
    answer = check_launch.read_answer(path, question)
    assert "reference   control (1-0), intervals of 90%\n" in check_launch.write(answer)


def test_missing_results_are_told(run: Run) -> None:
    """A file that was never published is no yes."""
    code, out, err = run(None, "banner")
    assert (code, out) == (UNREADABLE, "")
    assert "There are no results at" in err


@pytest.mark.parametrize(
    "damage",
    [
        *(f"drop table {table}" for table in TABLES),
        "alter table experiment_decisions drop column verdict",
        "update experiment_decisions set verdict = 'SHIP'",
        "update experiment_decisions set verdict = null",
        "insert into experiment_decisions from experiment_decisions",
        "alter table dim_experiments alter as_of_at type varchar",
    ],
)
def test_damaged_results_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, damage: str
) -> None:
    """A table or column that is missing, or a verdict that no rule gives, is no yes."""
    path = make_warehouse(tmp_path / "published.duckdb", {BANNER: {"new": "ship"}})
    with duckdb.connect(str(path)) as connection:
        connection.execute(damage)
    monkeypatch.setenv("WAREHOUSE_PATH", str(path))
    assert check_launch.main(["banner", "new"]) == UNREADABLE
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("update experiment_health set status = 'fail' where check_name = 'a'", "a is fail"),
        ("update experiment_health set status = null where check_name = 'b'", "b is null"),
        ("delete from experiment_health", "0 health checks, and not 2"),
        ("insert into experiment_health from experiment_health", "4 health checks, and not 2"),
        ("delete from guardrail_conclusions", "0 guardrails of new, and not 1"),
        ("update guardrail_conclusions set conclusion = 'stale'", "Views of new is stale"),
        ("update experiment_decisions set check_count = null", "2 health checks, and not None"),
        ("update experiment_decisions set check_count = 0", "2 health checks, and not 0"),
    ],
)
def test_tables_of_several_builds_are_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    damage: str,
    message: str,
) -> None:
    """What the decision was made from says otherwise by now: no yes. A no stays one."""
    path = make_warehouse(
        tmp_path / "published.duckdb", {BANNER: {"new": "ship", "old": "invalid"}}
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute(damage)
    monkeypatch.setenv("WAREHOUSE_PATH", str(path))
    assert check_launch.main(["banner", "new"]) == UNREADABLE
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "not of one build" in said.err
    assert message in said.err
    assert check_launch.main(["banner", "old"]) == INVALID


def test_a_file_without_checks_ships_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Not even where the decision was made without any."""
    path = make_warehouse(tmp_path / "published.duckdb", {BANNER: {"new": "ship"}})
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from experiment_health")
        connection.execute("update experiment_decisions set check_count = 0")
    monkeypatch.setenv("WAREHOUSE_PATH", str(path))
    assert check_launch.main(["banner", "new"]) == UNREADABLE
    assert "not of one build" in capsys.readouterr().err


def test_a_torn_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Cut anywhere, or no database at all, it is no yes."""
    whole = make_warehouse(tmp_path / "whole.duckdb", {BANNER: {"new": "ship"}}).read_bytes()
    path = tmp_path / "published.duckdb"
    monkeypatch.setenv("WAREHOUSE_PATH", str(path))
    for content in (b"", b"no database", *(whole[: len(whole) * n // 5] for n in range(1, 5))):
        path.write_bytes(content)
        assert check_launch.main(["banner", "new"]) == UNREADABLE
        assert capsys.readouterr().out == ""


# --- as a person runs it --------------------------------------------------------------------------


def command(path: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command itself."""
    return subprocess.run(
        [PROJECT_ROOT / "scripts" / "check_launch", *arguments],
        cwd=cwd,
        env={**os.environ, "WAREHOUSE_PATH": str(path), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_leaves_the_file_alone(tmp_path: Path) -> None:
    """It reads a file that nobody may write, from anywhere, on a terminal that shows only ASCII."""
    path = make_warehouse(tmp_path / "published.duckdb", {("1", "bännér"): {"né": "ship"}})
    before = path.read_bytes()
    path.chmod(0o444)
    done = command(Path("published.duckdb"), "1", "né", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (SHIP, "")
    assert "b\\xe4nn\\xe9r (1)" in done.stdout
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_the_sample_s_launches(sample_build: Path, tmp_path: Path) -> None:
    """The banner that helps may be launched, and the A/A gate not."""
    shipped = command(sample_build, "covid_messaging_experiment", "message_2", cwd=tmp_path)
    assert (shipped.returncode, shipped.stderr) == (SHIP, "")
    assert f"$ ./scripts/check_launch covid_messaging_experiment message_2\n{shipped.stdout}" in (
        DOCS.read_text(encoding="utf-8")
    )
    gate = command(sample_build, "saved_designs_gate", cwd=tmp_path)
    assert (gate.returncode, gate.stderr) == (INCONCLUSIVE, "")


def test_the_docs_name_every_code_and_rule() -> None:
    """The page has what the command gives and what the rules are called."""
    text = DOCS.read_text(encoding="utf-8")
    rules = (PROJECT_ROOT / "macros" / "launch" / "decision_rules.sql").read_text("utf-8")
    for name in re.findall(r"'name': '(\w+)'", rules):
        assert f"`{name}`" in text, name
    for code in (SHIP, USAGE, UNREADABLE, NO_SHIP, INCONCLUSIVE, INVALID):
        assert re.search(rf"^\| {code} \|", text, re.MULTILINE), code
