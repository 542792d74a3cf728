"""What scripts/build makes of the options of `dbt build`."""

import re
from pathlib import Path

import pytest
from conftest import PROJECT_ROOT
from pipeline.dbt_options import DbtOptions, read_dbt_options
from pipeline.dbt_run import NEEDED_OPTIONS

EXCLUSION = "--exclude-resource-type="
ENVIRONMENT = "DBT_EXCLUDE_RESOURCE_TYPES"


def excluded(options: DbtOptions) -> list[str]:
    """Name the resource types that dbt is told to leave out."""
    return [
        option.removeprefix(EXCLUSION)
        for option in options.arguments
        if option.startswith(EXCLUSION)
    ]


@pytest.mark.parametrize(
    ("environment", "arguments", "unit_tests", "expected"),
    [
        ("", [], False, ["unit_test"]),
        ("", ["--vars", "{alpha: 0.1}"], False, ["unit_test"]),
        ("", [], True, []),
        ("seed", [], False, ["seed", "unit_test"]),
        ("unit_test", [], False, ["unit_test"]),
        ("", ["--select", "obs_x+"], False, []),
        ("", ["--resource-type", "unit_test"], False, []),
    ],
)
def test_a_published_build_leaves_unit_tests_out(
    monkeypatch: pytest.MonkeyPatch,
    environment: str,
    arguments: list[str],
    unit_tests: bool,  # noqa: FBT001 - a parameter of the test
    expected: list[str],
) -> None:
    """But where they are asked for; a selection, which is not published, runs its own."""
    monkeypatch.setenv(ENVIRONMENT, environment)
    options = read_dbt_options(arguments, NEEDED_OPTIONS, unit_tests=unit_tests)
    assert excluded(options) == expected
    assert options.is_partial == (arguments[:1] in (["--select"], ["--resource-type"]))


def test_scripts_test_runs_unit_tests() -> None:
    """It is where the project's own SQL is tested, and it says so."""
    script = (PROJECT_ROOT / "scripts" / "test").read_text(encoding="utf-8")
    assert re.search(r'^step "dbt build .*unit tests"$', script, flags=re.MULTILINE)
    assert re.search(r"^\./scripts/build --unit-tests$", script, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "manifest"),
    [
        ([], PROJECT_ROOT / "target" / "manifest.json"),
        (["--target-path", "/aside"], Path("/aside/manifest.json")),
        (["--no-write-json"], None),
    ],
)
def test_a_manifest_is_kept_where_dbt_writes_one(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], manifest: Path | None
) -> None:
    """One of an earlier run would be another build's."""
    monkeypatch.delenv("DBT_TARGET_PATH", raising=False)
    assert read_dbt_options(arguments, NEEDED_OPTIONS, unit_tests=False).manifest == manifest
