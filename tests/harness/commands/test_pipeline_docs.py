"""docs/ci.md: the pipelines that it shows are whole, their commands exist, and their gates hold."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from conftest import PROJECT_ROOT
from pipeline.launch import Exit

DOCS = PROJECT_ROOT / "docs" / "ci.md"
AGE = "--max-age-hours 36"
ANY_AGE = "--max-age-hours 876000"
NO_LAUNCH = {Exit.DO_NOT_SHIP, Exit.INCONCLUSIVE, Exit.INVALID}
NAMED = "covid_messaging_experiment message_2"
ANSWERS = (
    (AGE, NAMED, Exit.INCONCLUSIVE),
    (ANY_AGE, NAMED, Exit.SHIP),
    (ANY_AGE, "covid_messaging_experiment message_1", Exit.INCONCLUSIVE),
    (ANY_AGE, "no_such_experiment", Exit.USAGE),
)
"""The sample is years old: by then, at any age, another variation, and what there is not."""


def example(language: str) -> str:
    """Give the docs' one example in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return found


@pytest.fixture
def run(sample_build: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give what runs a script on the sample's results as a runner does."""

    def run_script(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607 - as GitHub does
            cwd=PROJECT_ROOT,
            env={**os.environ, "WAREHOUSE_PATH": str(sample_build), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_script


@cache
def help_of(command: str) -> str:
    """Ask a command what it takes."""
    asked = [PROJECT_ROOT / "scripts" / command, "--help"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


def assert_known(script: str) -> set[str]:
    """Check that commands exist and take the options they are given; name them."""
    calls = re.findall(r"\./scripts/(\w+)([^\n|&;]*)", script)
    for command, rest in calls:
        for option in [each for each in shlex.split(rest) if each.startswith("-")]:
            assert re.search(rf"{option}\b", help_of(command)), (command, option)
    return {command for command, _ in calls}


# --- GitHub Actions -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    """Read the workflow; YAML 1.1 takes its `on` for true."""
    read = yaml.safe_load(example("yaml"))
    return {"on" if name is True else name: value for name, value in read.items()}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the steps of all jobs."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_the_workflow_is_whole(workflow: dict[str, Any]) -> None:
    """It runs by itself, may do no more than it needs, and names its secret in an env alone."""
    assert set(workflow["on"]) == {"schedule", "workflow_dispatch"}
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["runs-on"] and job["steps"] for job in workflow["jobs"].values())
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"actions/[\w-]+@v\d+", step.get("uses", "actions/none@v0"))
        assert "secrets." not in step.get("run", "")
    jobs = workflow["jobs"]
    assert jobs["launch"]["if"] == "needs.results.outputs.verdict == 'ship'"
    assert jobs["results"]["outputs"]["verdict"] == "${{ steps.gate.outputs.verdict }}"
    ours = yaml.safe_load((PROJECT_ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    known = {step["uses"] for step in steps(ours) if "uses" in step}
    assert known <= {step.get("uses") for step in steps(workflow)}


def test_the_workflow_s_commands_exist(workflow: dict[str, Any]) -> None:
    """With the options that it gives them."""
    scripts = [step["run"] for step in steps(workflow) if "run" in step]
    commands = set().union(*map(assert_known, scripts))
    assert commands == {"build", "export_datasets", "check_launch"}


def test_what_the_workflow_exports_is_what_it_keeps(
    workflow: dict[str, Any], run: Callable[..., Any], tmp_path: Path
) -> None:
    """The folder that is uploaded is the one that was written."""
    by_name = {step.get("name"): step for step in steps(workflow)}
    script = by_name["Export the results"]["run"]
    done = run(re.sub(r"\bexports$", f"{tmp_path}/exports", script.strip()))
    assert done.returncode == 0, done.stderr
    kept = by_name["Keep the pages and the results"]["with"]["path"].split()
    assert kept == ["reports/", "exports/results/"]
    assert (tmp_path / "exports" / "results" / "experiment_results.csv").is_file()


@pytest.mark.parametrize("code", Exit)
def test_the_workflow_s_gate(
    workflow: dict[str, Any], run: Callable[..., Any], tmp_path: Path, code: Exit
) -> None:
    """Only a yes launches; a no fails nothing; no answer does."""
    (gate,) = [step for step in steps(workflow) if step.get("id") == "gate"]
    question = f"./scripts/check_launch {AGE} {NAMED}"
    assert gate["run"].count(question) == 1
    output = tmp_path / "output"
    done = run(gate["run"].replace(question, f"(exit {int(code)})"), GITHUB_OUTPUT=str(output))
    if code == Exit.SHIP or code in NO_LAUNCH:
        verdict = "ship" if code == Exit.SHIP else "wait"
        assert (done.returncode, output.read_text()) == (0, f"verdict={verdict}\n")
    else:
        assert (done.returncode, output.exists()) == (code, False)


# --- Airflow --------------------------------------------------------------------------------------


class Task(SimpleNamespace):
    """What an operator was made with, and what it leads to."""

    def __rshift__(self, other: "Task") -> "Task":
        """Take note of the order, as Airflow does."""
        self.before.append(other.task_id)
        return other


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Task]:
    """Run the docs' example with what takes down its tasks in Airflow's place."""
    made: dict[str, Task] = {}

    class Dag:
        def __init__(self, name: str, **arguments: object) -> None:
            assert name
            assert arguments["catchup"] is False
            assert arguments["max_active_runs"] == 1

        def __enter__(self) -> None:
            """Take the tasks that follow."""

        def __exit__(self, *_: object) -> None:
            """Take no more."""

    def bash_operator(**arguments: Any) -> Task:  # noqa: ANN401 - an operator's
        task = Task(before=[], **arguments)
        made[task.task_id] = task
        return task

    bash = "airflow.providers.standard.operators.bash"
    for name, content in {
        "airflow.sdk": {"DAG": Dag},
        bash: {"BashOperator": bash_operator},
    }.items():
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            module = ".".join(parts[:length])
            monkeypatch.setitem(sys.modules, module, sys.modules.get(module) or ModuleType(module))
        vars(sys.modules[name]).update(content)
    exec(example("python"), {})  # noqa: S102 - the docs' own
    return made


def test_the_tasks_stand_in_order(tasks: dict[str, Task]) -> None:
    """Nothing is shown or launched of what was not built; their commands exist."""
    order = {name: task.before for name, task in tasks.items()}
    assert order == {"build": ["pages", "gate"], "pages": [], "gate": ["launch"], "launch": []}
    commands = set().union(*(assert_known(task.bash_command) for task in tasks.values()))
    assert commands == {"build", "report", "check_launch"}
    for name in ("build", "pages", "gate"):
        assert tasks[name].append_env
        assert "NOTIFY" not in tasks[name].env


@pytest.mark.parametrize(("age", "named", "code"), ANSWERS)
def test_the_gate_s_codes_skip_or_fail(
    tasks: dict[str, Task], run: Callable[..., Any], age: str, named: str, code: Exit
) -> None:
    """Each no skips what follows; no answer fails."""
    gate = tasks["gate"]
    assert set(gate.skip_on_exit_code) == NO_LAUNCH
    assert NAMED in gate.bash_command
    done = run(gate.bash_command.replace(AGE, age).replace(NAMED, named))
    assert done.returncode == code


def test_the_docs_say_what_each_code_means() -> None:
    """Of the gate, in the table above both."""
    (table,) = re.findall(
        r"\| command \| code \| then \|\n(.*?)\n\n", DOCS.read_text("utf-8"), re.DOTALL
    )
    said = {
        int(code)
        for row in table.splitlines()[1:]
        for code in re.findall(r"\d+", row.split("|")[2])
    }
    assert {int(code) for code in Exit} <= said
