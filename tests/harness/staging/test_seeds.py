"""What people write into the seeds is used as they mean it, or refused by a line that says why."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from compiled import bare_project
from conftest import PROJECT_ROOT, copy_project, run_dbt

# Ids and lines of seeds/experiments.csv; the first id is one of the sample's.
EXPERIMENTS = """\
experiment_id,starts_at,ends_at,randomisation_unit,attribution_window_hours,crossover_policy,\
primary_metric,metric_tags
18786493712,2020-09-14,2020-09-14 12:00:00,visitor_id,48,first,Purchase conversion rate,shop  growth
digits,20200914,1600041600000,,,,,
zoned,2020-09-14T00:00:00,2020-09-14 00:00:00+02,,,,,
no_day,2020-02-31,14.9.2020,,,,,
backwards,2020-09-15,2020-09-14,,,,,
no_window,,,,0,,,
ages,,,,1e9,,,
endless,,,,inf,,,
words,,,hour,two days,last,Purchases,"shop,growth"
half_known,,,,,,,shop nosuch
"""
VARIATIONS = """\
experiment_id,experiment_name,variation_id,variation_name,is_reference,traffic_share
e1,one,a,A,TRUE,0.5
e1,one,b,B,,
e2,two,a,A,yes please,nan
e2,two,b,B,1,half
e3,three,a,A,true,-0.5
e3,three,b,B,true,inf
e3,three,c,C,,33.3
"""
# How many rows each test finds.
FOUND = {
    "experiments_start_at_a_time": ("fail", 3),
    "experiments_end_at_a_time": ("fail", 3),
    "experiments_have_a_window_in_hours": ("fail", 2),
    "experiments_have_a_window": ("fail", 2),
    "experiments_have_ordered_dates": ("fail", 1),
    "experiments_have_a_known_randomisation_unit": ("fail", 1),
    "experiments_have_a_known_crossover_policy": ("fail", 1),
    "experiments_have_a_known_primary_metric": ("fail", 1),
    "experiments_have_exposures": ("warn", 9),
    "every_metric_tag_has_a_metric": ("fail", 2),
    "variations_are_a_reference_or_not": ("fail", 2),
    "variations_have_a_share_from_0_to_1": ("fail", 5),
    "variations_have_exposures": ("warn", 7),
    "variations_have_one_reference_variation_at_most": ("warn", 1),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> dict[str, object]:
    """Run the tests of the seeds and of what stages them on wrong seeds; give what they found."""
    assert sample_build.is_file()  # and so the sample has been made
    project = copy_project(tmp_path_factory.mktemp("seeds") / "project")
    (project / "seeds" / "experiments.csv").write_text(EXPERIMENTS)
    (project / "seeds" / "variations.csv").write_text(VARIATIONS)
    staged = ["base_settings__variations", "stg_experiments", "stg_variations"]
    # What their tests read beside them.
    read = ["dim_metrics", "stg_optimizely__decisions", "all_exposures", "stg_excluded_visitors"]
    for command in (
        ["seed"],
        ["run", "--select", *staged, *read],
        ["test", "--select", "experiments", "variations", *staged],
    ):
        run = run_dbt(project, *command)
    report = json.loads((project / "target" / "run_results.json").read_text())
    assert report["results"], run.stdout
    return {
        result["unique_id"].split(".")[2]: (result["status"], result["failures"])
        for result in report["results"]
    }


@pytest.mark.parametrize("name", FOUND)
def test_a_wrong_cell_is_found(found: dict[str, object], name: str) -> None:
    """Each test finds the rows that are wrong, and no other."""
    assert found[name] == FOUND[name]


HEADER = VARIATIONS.splitlines()[0]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project whose seeds may be changed."""
    return bare_project(tmp_path_factory.mktemp("bare") / "project")


def load_variations(project: Path, old: str, new: str) -> subprocess.CompletedProcess[str]:
    """Load the seed with something of it replaced."""
    seed = Path("seeds") / "variations.csv"
    text = (PROJECT_ROOT / seed).read_text(encoding="utf-8")
    (project / seed).write_text(text.replace(old, new), encoding="utf-8")
    options = ("--select", "variations", "--full-refresh")
    return run_dbt(project, "build", *options, is_parsed=True, DBT_EXCLUDE_RESOURCE_TYPES="test")


@pytest.mark.parametrize(
    ("old", "new"), [("is_reference", "is_control"), ("is_reference", "Is_reference"), (",", ";")]
)
def test_a_header_without_a_column_is_named(bare: Path, old: str, new: str) -> None:
    """One line says what the first line must be."""
    run = load_variations(bare, old, new)
    assert run.returncode != 0
    said = " ".join(run.stdout.split())
    assert f"in seeds/variations.csv, whose first line must be: {HEADER}" in said


@pytest.mark.parametrize("header", ["\ufeff" + HEADER, '"' + HEADER.replace(",", '","') + '"'])
def test_a_header_may_be_written_otherwise(bare: Path, header: str) -> None:
    """With a byte order mark, or in quotes."""
    run = load_variations(bare, HEADER, header)
    assert run.returncode == 0, run.stdout


def test_a_row_that_is_too_long_is_no_wrong_header(bare: Path) -> None:
    """The database says which."""
    run = load_variations(bare, "message_2", "message_2,")
    assert run.returncode != 0
    assert "first line" not in run.stdout


def test_the_seeds_are_found_from_any_folder(tmp_path: Path) -> None:
    """Paths of seeds are relative to the project, wherever dbt is called."""
    project = bare_project(tmp_path / "project")
    shutil.copytree(project / "profiles", tmp_path / "profiles")
    options = ["--project-dir", str(project), "--select", "variations"]
    run = run_dbt(tmp_path, "build", *options, DBT_EXCLUDE_RESOURCE_TYPES="test")
    assert run.returncode == 0, run.stdout


def test_a_pool_has_all_of_its_variations_listed(project_copy: Path) -> None:
    """Its share of the traffic would be too small."""
    file = project_copy / "seeds" / "variations.csv"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "message_2" not in line))
    pools = {"any_message": ["18818611832", "18817551468"]}
    run = run_dbt(
        project_copy,
        *["build", "--select", "variations", "pooled_variations_are_known"],
        *["--vars", json.dumps({"pooled_variations": pools})],
    )
    assert run.returncode != 0
    assert "FAIL 1 pooled_variations_are_known" in run.stdout


def test_nothing_else_is_wrong(found: dict[str, object]) -> None:
    """What each test finds is listed above."""
    odd = {name for name, (status, _) in found.items() if status not in ("pass", "success")}
    assert odd == set(FOUND)
