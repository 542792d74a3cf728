"""An outcome table of one's own has the key that it says, or its model fails."""

import json
from pathlib import Path

import duckdb
import pytest
from compiled import bare_project
from conftest import run_dbt
from metric_files import add_metrics, call

# Units of the sample, of which the first is in two experiments; and somebody who is in none.
BOTH, ONE, NOBODY = "visitor_20027", "visitor_00001", "visitor_x"
ID, ID_AND_PAGE = "'visit_id'", "['visit_id', 'page']"
Row = tuple[str | None, int | None, str | None, str | None]
NOON, LATER = "2020-11-03 12:00:00", "2020-11-03 12:00:07"
LONG_BEFORE = "2019-01-01 12:00:00"
# The key, the rows, and what is said of them.
WRONG: dict[str, tuple[str | None, list[Row], str]] = {
    "delivered_twice": (
        ID,
        [("v1", 1, BOTH, NOON), ("v1", 1, BOTH, LATER), ("v2", 1, ONE, NOON)],
        "visit_id is no key of web_visits: 1 value(s) of it are in several rows, such as 'v1' in 2",
    ),
    "outside_every_window": (
        ID,
        [("v1", 1, ONE, LONG_BEFORE), ("v1", 1, ONE, LONG_BEFORE), ("v1", 1, ONE, LONG_BEFORE)],
        "such as 'v1' in 3,",
    ),
    "of_two_visitors": (ID, [("v1", 1, BOTH, NOON), ("v1", 1, ONE, NOON)], "such as 'v1' in 2,"),
    "of_nobody": (ID, [("v1", 1, NOBODY, NOON), ("v1", 1, NOBODY, NOON)], "such as 'v1' in 2,"),
    "null": (
        ID,
        [(None, 1, BOTH, NOON), (None, 2, ONE, NOON), ("v1", 1, ONE, NOON), ("v1", 1, ONE, NOON)],
        "visit_id is no key of web_visits: it is null in 2 row(s),",
    ),
    "two_columns": (
        ID_AND_PAGE,
        [("v1", 1, ONE, NOON), ("v1", 1, ONE, NOON), ("v1", 2, ONE, NOON)],
        "visit_id, page is no key of web_visits: 1 value(s) of it are in several rows, such as",
    ),
    "half_null": (
        ID_AND_PAGE,
        [("v1", None, ONE, NOON)],
        "visit_id, page is no key of web_visits: it is null in 1 row(s),",
    ),
    "not_given": (None, [("v1", 1, ONE, NOON)], "attribute_to_units needs the key of web_visits"),
    "empty": ("''", [("v1", 1, ONE, NOON)], "attribute_to_units needs the key of web_visits"),
}
# The key, the rows, and how many rows units have of them.
RIGHT: dict[str, tuple[str, list[Row], int]] = {
    "in_two_experiments": (ID, [("v1", 1, BOTH, NOON), ("v2", 1, ONE, NOON)], 3),
    "a_key_of_two": (ID_AND_PAGE, [("v1", 1, ONE, NOON), ("v1", 2, ONE, NOON)], 2),
    "of_no_visitor_or_time": (
        ID,
        [("v1", 1, None, NOON), ("v1", 1, None, NOON), ("v2", 1, ONE, None), ("v2", 1, ONE, NOON)],
        1,
    ),
}


def values(row: Row) -> str:
    """Write a row as SQL."""
    visit, page, visitor, time = (f"'{each}'" if each is not None else "null" for each in row)
    return f"({visit}, cast({page} as integer), {visitor}, cast({time} as timestamp))"


def add_outcome(project: Path, case: str, key: str | None, rows: list[Row]) -> None:
    """Write an outcome table, what units did of it, and a metric that counts it."""
    listed = ", ".join(values(row) for row in rows)
    folder = project / "models" / "own" / case
    folder.mkdir(parents=True)
    (folder / f"web_visits_{case}.sql").write_text(
        f"select * from (values {listed}) as v(visit_id, page, visitor_id, occurred_at)\n"
    )
    given = f", key={key}" if key is not None else ""
    (folder / f"unit_visits_{case}.sql").write_text(
        f"{{{{ attribute_to_units(ref('web_visits_{case}'){given}, columns=[]) }}}}\n"
    )
    metric = f"name='{case}', type='count', source=ref('unit_visits_{case}')"
    add_metrics(project, {f"obs_{case}": call(metric)})


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, sample_build: Path
) -> tuple[dict[str, tuple[str, str]], Path]:
    """Build all of them beside the sample; give what became of each model, and the database."""
    project = bare_project(tmp_path_factory.mktemp("outcomes") / "project")
    database = project / "experiment_metrics.duckdb"
    database.write_bytes(sample_build.read_bytes())
    for case, (key, rows, _) in {**WRONG, **RIGHT}.items():
        add_outcome(project, case, key, rows)
    selected = [f"obs_{case}" for case in (*WRONG, *RIGHT)]
    run = run_dbt(
        project,
        *["build", "--select", "path:models/own", *selected],
        DBT_DUCKDB_PATH=str(database),
    )
    report = project / "target" / "run_results.json"
    assert report.is_file(), run.stdout
    assert "Traceback" not in run.stdout
    results = json.loads(report.read_text())["results"]
    names = {result["unique_id"].split(".")[-1]: result for result in results}
    return {name: (each["status"], each["message"] or "") for name, each in names.items()}, database


@pytest.mark.parametrize("case", WRONG)
def test_a_key_that_is_none_fails_its_model(
    built: tuple[dict[str, tuple[str, str]], Path], case: str
) -> None:
    """The message names the relation, the key and an example; the metric is not made of it."""
    results, _ = built
    status, message = results[f"unit_visits_{case}"]
    expected = WRONG[case][2].replace("web_visits", f"web_visits_{case}")
    assert status == "error"
    assert f"models/own/{case}/unit_visits_{case}.sql" in message
    assert expected in " ".join(message.split())
    assert results[f"obs_{case}"][0] == "skipped"


@pytest.mark.parametrize("case", RIGHT)
def test_a_key_that_is_one_is_built(
    built: tuple[dict[str, tuple[str, str]], Path], case: str
) -> None:
    """Once for each experiment of the visitor."""
    results, database = built
    assert results[f"unit_visits_{case}"][0] == "success", results[f"unit_visits_{case}"]
    assert results[f"obs_{case}"][0] == "success"
    with duckdb.connect(str(database), read_only=True) as connection:
        (count,) = connection.sql(
            f"select count(*) from main_internal.unit_visits_{case}"
        ).fetchone()
    assert count == RIGHT[case][2]
