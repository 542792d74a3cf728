"""Every check is one file, with a line in the list, a unit test beside it and a part of the docs.

The table and the sections of docs/health.md are made from the checks. After a wanted change

    UPDATE_GOLDEN=1 .venv/bin/pytest tests/harness/health/test_health_files.py

writes them anew.
"""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from compiled import CompiledProject, bare_project, dbt_vars
from conftest import PROJECT_ROOT, run_dbt
from health_docs import LIST, Check, checks_of, listed, with_checks
from health_worlds import only, ward
from oracle.raw import Settings

CHECKS = Path("models/marts/health/checks")
DOCS = PROJECT_ROOT / "docs" / "health.md"


def documented_example() -> str:
    """Give the check that docs/health.md shows."""
    text = DOCS.read_text(encoding="utf-8")
    return re.search(r"-- \S+/health_many_units.sql\n(.*?)```", text, re.DOTALL)[1]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Parse the project."""
    target = tmp_path_factory.mktemp("parsed")
    environment = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    run = run_dbt(PROJECT_ROOT, "parse", **environment)
    assert run.returncode == 0, run.stdout
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checks(manifest: dict) -> list[Check]:
    """Give the checks in the order of the list, as they record themselves."""
    return checks_of(manifest, [f"health_{name}" for name in listed()])


def test_every_check_is_listed_by_the_name_that_it_has(checks: list[Check]) -> None:
    """A check's file is named for it."""
    names = listed()
    assert len(names) == len(set(names))
    assert {file.stem for file in (PROJECT_ROOT / CHECKS).glob("*.sql")} == {
        f"health_{name}" for name in names
    }
    assert [check.name for check in checks] == names


def test_every_check_has_a_unit_test() -> None:
    """Beside the check."""
    for name in listed():
        text = (PROJECT_ROOT / CHECKS / f"health_{name}.yml").read_text(encoding="utf-8")
        tested = {test["model"] for test in yaml.safe_load(text)["unit_tests"]}
        assert tested == {f"health_{name}"}


def test_every_check_is_documented(checks: list[Check]) -> None:
    """In the table and in a section, in the order of the list, as the check has it."""
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    text = DOCS.read_text(encoding="utf-8")
    made = with_checks(text, checks, project["vars"]["experiment_metrics"])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        DOCS.write_text(made, encoding="utf-8")
        text = made
    assert text == made, "docs/health.md is stale: the first lines of this module say what to do"
    assert re.findall(r"^### (\w+)$", text, re.MULTILINE) == listed()
    assert re.findall(r"^\| \[(\w+)\]\(#\1\)", text, re.MULTILINE) == listed()


def test_a_new_check_is_documented_after_the_one_before_it(checks: list[Check]) -> None:
    """Without a section that somebody wrote for it."""
    page = "# Health\n\n| check |\n\n## A\n\n### old\n\nIs old.\n\n## B\n\nEnd.\n"
    old = Check("old", "Old", "age", ("warn",), ("years",), "Was old.")
    new = Check("new", "New", "age", ("fail", "warn"), (), "Is new.")
    made = with_checks(page, [old, new], {"years": 9})
    assert "### old\n\nWas old.\n\n### new\n\nIs new.\n\n## B" in made
    assert "| [old](#old) | Old | warn | age | `years` 9 |" in made
    assert "| [new](#new) | New | fail, warn | age | |" in made
    assert all(check.text and check.title for check in checks)


def test_a_file_that_the_list_lacks_stops_the_build(project_copy: Path) -> None:
    """The forgotten line is asked for by name, before anything is built."""
    text = (project_copy / CHECKS / "health_crossovers.sql").read_text(encoding="utf-8")
    (project_copy / CHECKS / "health_forgotten.sql").write_text(text, encoding="utf-8")
    run = run_dbt(project_copy, "build")
    said = " ".join(run.stdout.split())
    assert run.returncode != 0
    assert f"{CHECKS}/health_forgotten.sql is not in the list of health checks." in said
    assert f"Add 'health_forgotten' to {LIST}" in said
    assert "OK created" not in said


def add_example(project: Path, text: str) -> None:
    """Put a check into a project as a user does who doesn't touch the list: by the var."""
    (project / "models" / "health_many_units.sql").write_text(text, encoding="utf-8")
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    own = settings["vars"]["experiment_metrics"]
    own |= {"health_checks": ["health_many_units"], "many_units": 399}
    (project / "dbt_project.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")


def test_a_check_of_the_user_s_is_made(tmp_path: Path) -> None:
    """The example of the docs, named by the var, beside all others."""
    project = bare_project(tmp_path / "project")
    add_example(project, documented_example())
    compiled = CompiledProject(tmp_path, dbt_vars(Settings()), project=project)
    with compiled.built(only(ward(), "healthy"), None, {"experiment_health"}) as database:
        found = database.execute(
            "select status, title, finding, advice, message from experiment_health"
            " where check_name = 'many_units'"
        ).fetchall()
        (count,) = database.execute(
            "select count(distinct check_name) from experiment_health"
        ).fetchone()
    assert found == [("warn", "Many units", "400 units.", "Be glad.", "400 units. Be glad.")]
    assert count == len(listed()) + 1


def test_a_wrong_setting_of_a_user_s_check_stops_the_build(project_copy: Path) -> None:
    """By the rule that the check has for it, before anything is built."""
    add_example(project_copy, documented_example())
    run = run_dbt(project_copy, "build", "--vars", "{many_units: 0}")
    assert run.returncode != 0
    assert "The var 'many_units' is '0', but must be a number above 0." in run.stdout
    assert "OK created" not in run.stdout


@pytest.mark.parametrize(
    ("argument", "instead", "message"),
    [
        ("title='Many units',", "", "title must be a text."),
        ("threshold='many_units',", "threshold=none,", "threshold must be a number, the name"),
        ("'positive number'", "'large'", "'large' is no rule of a setting, which are: share, "),
        ("warn='value > threshold',", "", "it needs fail or warn"),
    ],
)
def test_a_wrong_definition_is_refused(
    tmp_path: Path, argument: str, instead: str, message: str
) -> None:
    """By its file and the argument, when the project is parsed."""
    project = tmp_path / "project"
    for folder in ("macros", "profiles"):
        shutil.copytree(PROJECT_ROOT / folder, project / folder)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    (project / "models").mkdir()
    text = documented_example()
    assert argument in text
    add_example(project, text.replace(argument, instead))
    run = run_dbt(project, "parse")
    assert run.returncode != 0
    said = " ".join(run.stdout.split())
    assert "The health check in models/health_many_units.sql is wrong: " in said
    assert message in said
