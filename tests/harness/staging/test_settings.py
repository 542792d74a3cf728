"""A setting that is of the right kind, and yet finds nothing in the data, is warned of."""

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT, copy_project, run_dbt


@pytest.mark.parametrize(
    ("segments", "status", "count"),
    [
        (["browser"], "pass", 0),
        ([], "pass", 0),
        (["brwser", "browser * cuontry", "brwser*browser"], "warn", 2),
    ],
)
def test_a_segment_of_no_unit_is_warned_of(
    tmp_path: Path, sample_build: Path, segments: list[str], status: str, count: int
) -> None:
    """An attribute that no unit has is probably misspelt; each is told once."""
    project = copy_project(tmp_path / "project")
    database = tmp_path / "experiment_metrics.duckdb"
    shutil.copyfile(sample_build, database)
    run = run_dbt(
        project,
        *["test", "--select", "every_segment_is_an_attribute"],
        *["--vars", json.dumps({"segments": segments})],
        DBT_DUCKDB_PATH=str(database),
    )
    assert run.returncode == 0, run.stdout
    report = json.loads((project / "target" / "run_results.json").read_text())
    found = [result for result in report["results"] if "every_segment" in result["unique_id"]]
    assert [(each["status"], each["failures"]) for each in found] == [(status, count)]


HEADERS = {
    "experiments": (
        "experiment_id,starts_at,ends_at,randomisation_unit,attribution_window_hours,"
        "crossover_policy,primary_metric,metric_tags\n"
    ),
    "variations": (
        "experiment_id,experiment_name,variation_id,variation_name,is_reference,traffic_share\n"
    ),
    "excluded_visitors": "visitor_id,reason\n",
}
NO_BREAK = "\u00a0"
SHOP, CONTROL, MESSAGE = "18786493712", "18802093142", "18818611832"
TESTS = (
    *("experiments_have_exposures", "variations_have_exposures", "excluded_visitors_are_known"),
    *("experiments_have_one_name", "variations_are_listed_once"),
    *("settings_differ_by_more_than_case_and_blanks", "sample_settings_are_replaced"),
)
# Lines of a seed, and the tests that find something in them: how bad it is, and in how many rows.
FOUND: dict[str, tuple[str, str, dict[str, tuple[str, int]]]] = {
    "blanks around cells": (
        "variations",
        (
            f" {SHOP},shop ,{CONTROL}{NO_BREAK},{NO_BREAK}control, true , 0.5\n"
            f"{SHOP} , shop,{MESSAGE},message,false {NO_BREAK},\t0.5\n"
        ),
        {},
    ),
    "blanks around terms": (
        "experiments",
        (
            f"{SHOP} , 2020-09-14,2020-09-20{NO_BREAK}, visitor_id , 48 ,first ,"
            f"Purchase conversion rate , shop \n"
        ),
        {},
    ),
    "a tester with blanks": (
        "excluded_visitors",
        f"visitor_00001 ,us\n{NO_BREAK}visitor_00002\t,us\n",
        {},
    ),
    "testers whom nobody knows": (
        "excluded_visitors",
        "Visitor_00001,us\nvisitor_1,us\nvisitor_00002,us\n",
        {"excluded_visitors_are_known": ("warn", 2)},
    ),
    "an unknown experiment": (
        "experiments",
        "18786493713,,,,,,,\n",
        {"experiments_have_exposures": ("warn", 1)},
    ),
    "an unknown variation": (
        "variations",
        f"{SHOP},shop,{CONTROL},control,true,0.5\n{SHOP},shop,18818611833,message,false,0.5\n",
        {"variations_have_exposures": ("warn", 1)},
    ),
    "two names of an experiment": (
        "variations",
        f"{SHOP},shop,{CONTROL},control,true,0.5\n{SHOP},store,{MESSAGE},message,false,0.5\n",
        {"experiments_have_one_name": ("fail", 1)},
    ),
    "a name in one line of two": (
        "variations",
        f"{SHOP},shop,{CONTROL},control,true,0.5\n{SHOP},,{MESSAGE},message,false,0.5\n",
        {},
    ),
    "two names of a variation": (
        "variations",
        f"{SHOP},shop,{CONTROL},control,true,0.5\n{SHOP},shop,{CONTROL} ,blue,false,0.5\n",
        {"variations_are_listed_once": ("fail", 1)},
    ),
    "names that are alike": (
        "variations",
        (
            f"{SHOP},shop,{CONTROL},Message 1,true,0.5\n{SHOP},shop,{MESSAGE},message1,false,0.5\n"
            "18791230454,Shop,18821340710,blue,true,\n18791230454,Shop,18821340711,green,false,\n"
        ),
        {"settings_differ_by_more_than_case_and_blanks": ("warn", 2)},
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a copy of the project with the tests of settings, beside what was made of the sample."""
    project = bare_project(tmp_path_factory.mktemp("settings") / "project")
    shutil.copytree(PROJECT_ROOT / "tests" / "generic", project / "tests" / "generic")
    for file in (
        *(PROJECT_ROOT / "models" / "staging" / "settings").glob("*.yml"),
        *(PROJECT_ROOT / "tests" / "singular").glob("*"),
    ):
        if file.suffix == ".yml" or file.stem in TESTS:
            copy = project / file.relative_to(PROJECT_ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    shutil.copyfile(sample_build, project / "experiment_metrics.duckdb")
    return project


def findings(project: Path, seeds: dict[str, str], **environment: str) -> dict[str, object]:
    """Load the settings and run their tests; give what these found."""
    for name, header in HEADERS.items():
        (project / "seeds" / f"{name}.csv").write_text(header + seeds.get(name, ""))
    staged = [f"stg_{name}" for name in HEADERS]
    doors = ["+all_exposures", "+all_events", "+all_calls"] if environment else []
    report = project / "target" / "run_results.json"
    report.unlink(missing_ok=True)
    run = run_dbt(
        project,
        *["build", "--no-partial-parse", "--full-refresh", "--indirect-selection", "empty"],
        *["--select", *HEADERS, *staged, *doors, *TESTS],
        is_parsed=True,
        DBT_DUCKDB_PATH=str(project / "experiment_metrics.duckdb"),
        **environment,
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
def test_lines_of_the_settings_are_held_to_the_data(project: Path, case: str) -> None:
    """What matches nothing, or can't be told apart, warns; what contradicts itself fails."""
    name, lines, expected = FOUND[case]
    assert findings(project, {name: lines}) == expected


def test_blanks_around_cells_are_no_part_of_them(project: Path) -> None:
    """Names, dates and testers are what they would be without; an end is the whole day."""
    findings(project, {FOUND[case][0]: FOUND[case][1] for case in list(FOUND)[:3]})
    with duckdb.connect(str(project / "experiment_metrics.duckdb"), read_only=True) as connection:
        connection.execute("set schema = 'main_internal'")
        (terms,) = connection.sql("select * from stg_experiments").fetchall()
        variations = connection.sql("select * from stg_variations order by 3").fetchall()
        testers = connection.sql("select visitor_id from stg_excluded_visitors order by 1")
        assert testers.fetchall() == [("visitor_00001",), ("visitor_00002",)]
    assert [str(each) for each in terms] == [
        *(SHOP, "2020-09-14 00:00:00", "2020-09-20 23:59:59.999999", "visitor_id", "48.0"),
        *("first", "Purchase conversion rate", "shop"),
    ]
    assert variations == [
        (SHOP, "shop", CONTROL, "control", True, 0.5),
        (SHOP, "shop", MESSAGE, "message", False, 0.5),
    ]


def test_the_samples_lines_may_stay_beside_plain_files(project: Path, tmp_path: Path) -> None:
    """Those of one's own are held to the data."""
    exposures = tmp_path / "exposures.csv"
    exposures.write_text("user_id,experiment,variant,ts\na,e,x,2023-01-01\nb,e,y,2023-01-01\n")
    seeds = {
        name: (PROJECT_ROOT / "seeds" / f"{name}.csv").read_text().removeprefix(header)
        for name, header in HEADERS.items()
    }
    given = {"EXPOSURES": str(exposures)}
    assert findings(project, seeds, **given) == {}
    mine = {"experiments": "f,,,,,,,\n", "variations": "e,E,z,Z,,\n", "excluded_visitors": "c,\n"}
    seeds = {name: lines + mine[name] for name, lines in seeds.items()}
    assert findings(project, seeds, **given) == {
        "experiments_have_exposures": ("warn", 1),
        "variations_have_exposures": ("warn", 1),
        "excluded_visitors_are_known": ("warn", 1),
    }


def test_the_lines_of_the_sample_are_known_by_their_ids() -> None:
    """The macro that passes them over names all of them."""
    macro = (PROJECT_ROOT / "macros" / "settings" / "is_no_sample_line.sql").read_text()
    lines = [
        line
        for name in HEADERS
        for line in (PROJECT_ROOT / "seeds" / f"{name}.csv").read_text().splitlines()[1:]
    ]
    ids = {line.split(",")[0] for line in lines}
    assert set(re.findall(r"'(\d+|qa_\w+)'", macro)) == ids
