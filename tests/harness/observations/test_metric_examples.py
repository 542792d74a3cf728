"""The examples of docs/metrics build, pass their unit tests, and are shown as they are.

A copy of the project has the examples in place of its own metrics and is built once on the sample.
The SQL that each example compiles to is kept in docs/metrics/golden, so that a change of it is seen
in review; the pages show example and SQL verbatim. After a wanted change

    UPDATE_GOLDEN=1 .venv/bin/pytest tests/harness/observations/test_metric_examples.py

rewrites the golden files and the pages' code blocks.
"""

import json
import os
import re
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import PROJECT_ROOT, run_dbt
from metric_files import list_metrics

DOCS = PROJECT_ROOT / "docs" / "metrics"
OBSERVATIONS = Path("models/observations")
EXAMPLES = sorted(path.stem for path in (DOCS / "examples").glob("*.sql"))
PAGES = sorted(path.stem for path in DOCS.glob("*.md"))
UNIT_TESTS = {
    test["name"]: test["model"]
    for test in yaml.safe_load((DOCS / "examples" / "_unit_tests.yml").read_text())["unit_tests"]
}

# A block of a page that shows a file of docs/metrics: its first line names the file.
SHOWN = re.compile(r"```sql\n-- ((?:examples|golden)/\w+\.sql)\n.*?```", re.DOTALL)
RELATION = re.compile(r'"\w+"\."\w+"\."(\w+)"')


@pytest.fixture(scope="session")
def built_examples(tmp_path_factory: pytest.TempPathFactory, sample_build: Path) -> Path:
    """Give a copy of the project that was built with the examples for metrics."""
    assert sample_build.is_file()  # and so the sample has been made
    project = tmp_path_factory.mktemp("examples") / "project"
    project.mkdir()
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    for folder in ("models", "macros", "seeds", "tests", "analyses", "profiles"):
        shutil.copytree(PROJECT_ROOT / folder, project / folder)
    # No experiment has tags, so that each uses the examples.
    experiments = project / "seeds" / "experiments.csv"
    experiments.write_text(experiments.read_text().splitlines()[0] + "\n")
    shutil.rmtree(project / OBSERVATIONS)
    shutil.copytree(DOCS / "examples", project / OBSERVATIONS)
    list_metrics(project, EXAMPLES)
    built = run_dbt(
        project,
        *["build", "--indirect-selection", "empty", "--select"],
        "+variation_metrics,resource_type:seed",
        "+variation_metrics,resource_type:model",
        f"test_type:unit,path:{OBSERVATIONS}",
    )
    assert (project / "target" / "run_results.json").is_file(), built.stdout
    return project


@pytest.fixture(scope="session")
def results(built_examples: Path) -> dict[str, dict]:
    """Give what dbt reported about each model and each unit test, by its name."""
    report = json.loads((built_examples / "target" / "run_results.json").read_text())
    return {result["unique_id"].split(".")[-1]: result for result in report["results"]}


def golden_sql(project: Path, example: str) -> str:
    """Give the SQL that an example compiled to, with the names of relations alone."""
    folder = project / "target" / "compiled" / "experiment_metrics" / OBSERVATIONS
    sql = RELATION.sub(r"\1", (folder / f"{example}.sql").read_text())
    return "\n".join(line.rstrip() for line in sql.strip().splitlines()) + "\n"


def with_files(page: str) -> str:
    """Give a page with the text of each file that it shows."""

    def block(shown: re.Match[str]) -> str:
        return f"```sql\n-- {shown[1]}\n{(DOCS / shown[1]).read_text()}```"

    return SHOWN.sub(block, page)


@pytest.fixture(scope="session", autouse=True)
def updated(request: pytest.FixtureRequest) -> None:
    """Rewrite golden files and pages, where that was asked for."""
    if os.environ.get("UPDATE_GOLDEN") != "1":
        return
    project = request.getfixturevalue("built_examples")
    for example in EXAMPLES:
        (DOCS / "golden" / f"{example}.sql").write_text(golden_sql(project, example))
    for page in PAGES:
        path = DOCS / f"{page}.md"
        path.write_text(with_files(path.read_text()))


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_compiles_to_its_golden_sql(built_examples: Path, example: str) -> None:
    """To the letter; the module's first lines say how to accept a change."""
    golden = DOCS / "golden" / f"{example}.sql"
    assert golden_sql(built_examples, example) == golden.read_text()


@pytest.mark.parametrize("test", UNIT_TESTS)
def test_an_example_passes_its_unit_test(results: dict[str, dict], test: str) -> None:
    """Dbt ran it, and it passed."""
    assert results[test]["status"] == "pass", results[test]["message"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_builds_on_the_sample(results: dict[str, dict], example: str) -> None:
    """Its SQL runs on real rows."""
    assert results[example]["status"] == "success", results[example]["message"]


def test_every_example_says_something_about_the_sample(built_examples: Path) -> None:
    """Each of its metrics has a value above 0 in each variation of the shop's experiment."""
    with duckdb.connect(str(built_examples / "test.duckdb"), read_only=True) as connection:
        silent = connection.execute(
            "select metric_name, variation_name from variation_metrics"
            " where not coalesce(metric_value > 0, false) and experiment_name = ?",
            ["covid_messaging_experiment"],
        ).fetchall()
        models = connection.execute("select distinct model_name from dim_metrics").fetchall()
    assert silent == []
    assert sorted(name for (name,) in models) == EXAMPLES


def test_every_example_is_tested_and_every_golden_file_has_one() -> None:
    """None is forgotten, none is left over."""
    assert sorted(set(UNIT_TESTS.values())) == EXAMPLES
    assert sorted(path.stem for path in (DOCS / "golden").iterdir()) == EXAMPLES


def test_every_type_has_its_page() -> None:
    """And its file, and every page is linked from the index."""
    macros = PROJECT_ROOT / "macros" / "metrics"
    types = (macros / "metric_types.sql").read_text()
    listed = re.findall(r"'(\w+)': experiment_metrics\.metric_type__(\w+)\(\)", types)
    declared = sorted(name for name, _ in listed)
    assert listed == [(name, name) for name, _ in listed]
    assert declared == PAGES
    assert declared == sorted(file.stem for file in (macros / "types").iterdir())
    index = (DOCS.parent / "metrics.md").read_text()
    assert [page for page in PAGES if f"](metrics/{page}.md)" not in index] == []


def test_the_index_shows_a_type_as_it_is() -> None:
    """To the letter, without the comment above it."""
    text = (PROJECT_ROOT / "macros" / "metrics" / "types" / "max.sql").read_text()
    shown = text[text.index("{% macro") :]
    assert f"```sql\n{shown}```" in (DOCS.parent / "metrics.md").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_files_as_they_are(page: str) -> None:
    """The examples of the type, and the SQL of each, verbatim."""
    text = (DOCS / f"{page}.md").read_text()
    assert text == with_files(text)
    of_type = {
        example
        for example in EXAMPLES
        if f"type='{page}'" in (DOCS / "examples" / f"{example}.sql").read_text()
    }
    assert of_type
    files = {f"{folder}/{name}.sql" for folder in ("examples", "golden") for name in of_type}
    assert set(SHOWN.findall(text)) == files
