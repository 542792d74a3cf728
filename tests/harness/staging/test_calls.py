"""Call records that can't be right are refused by a line that names them, or warned of."""

import json
import re
import shutil
from pathlib import Path

import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT, run_dbt

HEADER = "user_id,call_start,call_duration_min\n"
START = "9/15/2020 23:00:00"
SEED = (PROJECT_ROOT / "seeds" / "call_data.csv").read_text(encoding="utf-8")
TESTS = (
    *("every_call_record_is_readable", "calls_have_a_duration_from_zero"),
    *("calls_are_delivered_once", "calls_differ"),
    *("calls_match_exposed_units", "some_call_matches_an_exposed_unit"),
)

STAGED = ("call_data", "stg_call_center__calls")


def records(*lines: str) -> str:
    """Write call records of a visitor of the sample, from their starts and minutes."""
    return HEADER + "".join(f"visitor_00001,{line}\n" for line in lines)


def many(count: int) -> list[str]:
    """Give so many lines that differ."""
    return [f"{START},{number}.5" for number in range(count)]


def of_others(share: int) -> str:
    """Give twenty records, so many of them of a visitor of the sample and the rest of nobody."""
    ids = ["visitor_00001"] * share + ["VISITOR_00001"] * (20 - share)
    return HEADER + "".join(f"{name},{START},{n}\n" for n, name in enumerate(ids))


# The records, and the tests that find something: how bad it is, and in how many rows.
FOUND: dict[str, tuple[str, dict[str, tuple[str, int]]]] = {
    "as delivered": (SEED, {}),
    "only a header": (HEADER, {}),
    "every line twice": (
        SEED + SEED.removeprefix(HEADER),
        {"calls_are_delivered_once": ("fail", 3371)},
    ),
    "one line twice, written otherwise": (
        records(f"{START},2", f"0{START},2.0"),
        {"calls_differ": ("warn", 1)},
    ),
    "two lines twice": (
        records(f"{START},2", f"{START},3", f"{START},2", f"{START},3"),
        {"calls_are_delivered_once": ("fail", 2)},
    ),
    "one line thrice of many": (
        records(*many(200), *many(1), *many(1)),
        {"calls_differ": ("warn", 1)},
    ),
    "three lines twice of many": (
        records(*many(200), *many(3)),
        {"calls_are_delivered_once": ("fail", 3)},
    ),
    "negative": (
        records(f"{START},2", f"{START},-0.1", f"{START},-0"),
        {"calls_have_a_duration_from_zero": ("fail", 1)},
    ),
    "years of two digits": (
        records(f"{START},1", "9/15/20 23:00:00,2", "9/16/20 23:00:00,2"),
        {"every_call_record_is_readable": ("fail", 2)},
    ),
    "one of a thousand without a start": (records(*many(999), "total,1.5"), {}),
    "one of fewer without a start": (
        records(*many(998), "total,1.5"),
        {"every_call_record_is_readable": ("fail", 1)},
    ),
    "of nobody": (of_others(0), {"some_call_matches_an_exposed_unit": ("fail", 1)}),
    "few of units": (of_others(9), {"calls_match_exposed_units": ("warn", 1)}),
    "half of units": (of_others(10), {}),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a copy of the project with the tests of calls, beside what was built of the sample."""
    project = bare_project(tmp_path_factory.mktemp("calls") / "project")
    shutil.copytree(PROJECT_ROOT / "tests" / "generic", project / "tests" / "generic")
    folder = project / "tests" / "singular"
    folder.mkdir()
    for file in ("_singular.yml", *(f"{name}.sql" for name in TESTS)):
        shutil.copy(PROJECT_ROOT / "tests" / "singular" / file, folder)
    shutil.copyfile(sample_build, project / "experiment_metrics.duckdb")
    return project


def run_tests(
    project: Path,
    *arguments: str,
    path: Path | None = None,
    models: tuple[str, ...] = STAGED,
) -> dict[str, tuple[str, int]]:
    """Stage the calls and run their tests; give what these found."""
    report = project / "target" / "run_results.json"
    report.unlink(missing_ok=True)
    run = run_dbt(
        project,
        *["build", "--no-partial-parse", "--indirect-selection", "empty", *arguments],
        *["--select", *models, "all_calls", *TESTS],
        CALL_DATA_PATH=str(path or ""),
        is_parsed=models == STAGED,
        DBT_DUCKDB_PATH=str(project / "experiment_metrics.duckdb"),
    )
    assert report.is_file(), run.stdout
    results = json.loads(report.read_text())["results"]
    found = {result["unique_id"].split(".")[2]: result for result in results}
    assert set(TESTS) <= set(found), run.stdout
    return {
        name: (found[name]["status"], found[name]["failures"])
        for name in TESTS
        if found[name]["status"] not in ("pass", "skipped")
    }


@pytest.mark.parametrize("case", FOUND)
def test_what_cant_be_right_is_found(project: Path, tmp_path: Path, case: str) -> None:
    """Each by its own test, and by no other."""
    path = tmp_path / "calls.csv"
    text, expected = FOUND[case]
    path.write_text(text, encoding="utf-8")
    assert run_tests(project, path=path) == expected


def test_the_seed_is_held_to_the_same(project: Path) -> None:
    """The sample's calls beside an export that isn't the sample's are warned of, one's own fail."""
    seed = project / "seeds" / "call_data.csv"
    foreign = re.sub(r"(?m)^visitor_", "someone_", SEED)
    try:
        for text, expected in (
            (SEED, {}),
            (foreign, {"calls_match_exposed_units": ("warn", 1)}),
            (
                foreign.replace("qa_visitor", "tester"),
                {"some_call_matches_an_exposed_unit": ("fail", 1)},
            ),
        ):
            seed.write_text(text, encoding="utf-8")
            assert run_tests(project, "--full-refresh") == expected
    finally:
        seed.write_text(SEED, encoding="utf-8")


def test_whose_calls_are_mostly_of_others_may_say_so(project: Path, tmp_path: Path) -> None:
    """By the share below which it warns."""
    path = tmp_path / "calls.csv"
    path.write_text(of_others(0), encoding="utf-8")
    assert run_tests(project, "--vars", "{match_warn_share: 0}", path=path) == {}


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        (-1, {"calls_have_a_duration_from_zero": ("fail", 3), "calls_differ": ("warn", 1)}),
        (1, {"calls_differ": ("warn", 1), "some_call_matches_an_exposed_unit": ("fail", 1)}),
    ],
)
def test_calls_of_models_are_held_to_the_same(
    project: Path, minutes: int, found: dict[str, tuple[str, int]]
) -> None:
    """Rows with ids of their own are not copies, though they are alike: that warns."""
    model = project / "models" / "staging" / "desk_calls.sql"
    model.write_text(
        "select 'c' || number as call_id, 'nobody' as visitor_id,"
        f" timestamp '2020-09-15 23:00:00' as occurred_at, {minutes}.0 as call_duration_min"
        " from range(3) as numbers(number)\n"
    )
    try:
        own = ("--vars", "{call_models: [desk_calls]}")
        assert run_tests(project, *own, models=("desk_calls",)) == found
    finally:
        model.unlink()


def refusal(project: Path, path: Path | None) -> str:
    """Stage calls that can't be read; give what dbt said."""
    run = run_dbt(
        project,
        *("run", "--select", "stg_call_center__calls"),
        is_parsed=True,
        CALL_DATA_PATH=str(path or ""),
    )
    assert run.returncode != 0, run.stdout
    assert "Traceback" not in run.stdout
    return " ".join(run.stdout.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("user_id,call_start,call_duration_min,call_start\n", "has the column 'call_start' twice"),
        ("user_id,User_Id,call_start,call_duration_min\n", "has the column 'user_id' twice"),
        ("user_id,visitor_id,call_start,call_duration_min\n", "user_id and visitor_id are both in"),
        (f"{HEADER}a,{START},1\nb,{START}\n", "Line 3 of FILE can't be read (missing columns)"),
        (f"{HEADER}a,{START},1,2\n", "Line 2 of FILE can't be read (too many columns)"),
        (HEADER.replace(",", ";"), "Missing column 'user_id' in FILE"),
        ("", "Missing column 'user_id' in FILE"),
    ],
)
def test_a_file_that_cant_be_read_is_refused(
    project: Path, tmp_path: Path, text: str, said: str
) -> None:
    """Before the first model, by the file and its line or column."""
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    assert said.replace("FILE", str(path)) in refusal(project, path)


@pytest.mark.parametrize("seed", ["call_data", "variations"])
def test_a_seed_with_a_column_twice_is_refused(tmp_path: Path, seed: str) -> None:
    """As a file of one's own."""
    project = bare_project(tmp_path / "project")
    file = project / "seeds" / f"{seed}.csv"
    first, *others = file.read_text(encoding="utf-8").splitlines()
    name = first.split(",")[0]
    lines = [f"{first},{name}", *(f"{line},x" for line in others)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = refusal(project, None)
    assert f"The first line of seeds/{seed}.csv has the column '{name}' twice" in said


def test_records_in_other_forms_are_read(project: Path, tmp_path: Path) -> None:
    """With a byte order mark, in quotes, with ends of lines as Windows has them."""
    path = tmp_path / "calls.csv"
    text = "\ufeff" + HEADER + f'"visitor_00001","{START}","1"\n'
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert run_tests(project, path=path) == {}
