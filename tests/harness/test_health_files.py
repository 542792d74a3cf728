"""Every check has a file, a line in the list, a unit test and a section in the docs."""

import re
from pathlib import Path

import yaml
from conftest import PROJECT_ROOT, run_dbt

CHECKS = Path("models/marts/health/checks")
LIST = Path("macros/health/health_checks.sql")


def listed() -> list[str]:
    """Name the checks of the list, in its order."""
    return re.findall(r"'health_(\w+)'", (PROJECT_ROOT / LIST).read_text(encoding="utf-8"))


def test_every_check_is_listed_by_the_name_that_it_has() -> None:
    """A check's file is named for it."""
    names = listed()
    assert len(names) == len(set(names))
    files = {file.stem: file for file in (PROJECT_ROOT / CHECKS).glob("*.sql")}
    assert set(files) == {f"health_{name}" for name in names}
    for name in names:
        text = files[f"health_{name}"].read_text(encoding="utf-8")
        source = name.removesuffix("_match_rate")
        assert f"health_check(\n    '{name}'," in text or f"match_rate_check('{source}')" in text


def test_every_check_has_a_unit_test() -> None:
    """Beside the checks."""
    text = (PROJECT_ROOT / CHECKS / "_health__models.yml").read_text(encoding="utf-8")
    tested = {test["model"] for test in yaml.safe_load(text)["unit_tests"]}
    assert tested == {f"health_{name}" for name in listed()}


def test_every_check_is_documented() -> None:
    """In the table and in a section, in the order of the list."""
    text = (PROJECT_ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (\w+)$", text, re.MULTILINE) == listed()
    assert re.findall(r"^\| \[(\w+)\]\(#\1\)", text, re.MULTILINE) == listed()


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
