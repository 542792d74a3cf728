"""What dbt keeps from one parse to the next doesn't change how strict a test is."""

import json
from pathlib import Path

from conftest import run_dbt

# Read by tests of either severity, directly or by other macros.
MACRO = Path("macros/warehouse/relations.sql")


def severities(project: Path) -> dict[str, str]:
    """Parse the project as people do, and give the severity of each data test."""
    run = run_dbt(project, "parse")
    assert run.returncode == 0, run.stdout
    nodes = json.loads((project / "target" / "manifest.json").read_text())["nodes"].values()
    return {
        node["name"]: node["config"]["severity"].lower()
        for node in nodes
        if node["resource_type"] == "test"
    }


def test_a_severity_survives_partial_parsing(project_copy: Path) -> None:
    """Whichever has changed since the last parse: a test's own file, a macro, a model, its YAML."""
    before = severities(project_copy)
    assert set(before.values()) == {"warn", "error"}
    changed = [
        *sorted((project_copy / "tests" / "singular").glob("*.sql")),
        *sorted((project_copy / "models" / "staging" / "settings").glob("*.*")),
    ]
    for files in ([project_copy / MACRO], changed):
        for file in files:
            comment = "# changed" if file.suffix == ".yml" else "{# changed #}"
            file.write_text(f"{file.read_text()}{comment}\n")
        after = severities(project_copy)
        assert {name: before[name] for name in after} == after
