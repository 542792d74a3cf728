"""The shape of the project: the order of its areas, and grain, key and columns of its models."""

import json
import re
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT_ROOT, run_dbt

# An area reads itself and those above it; accounting reads from outcomes on, and nothing reads it.
AREAS = (
    "staging",
    "intermediate/exposure",
    "intermediate/outcomes",
    "observations",
    "marts/metrics",
    "marts/results",
    "marts/health",
    "marts/launch",
    "marts/planning",
)
ACCOUNTING = "marts/accounting"
READ_BY_ACCOUNTING = AREAS[: AREAS.index("observations")]
KEY_TESTS = {"primary_key", "unique"}
KEYLESS = {
    # Rows as they were delivered, copies and all: what makes them rows of a key is tested after.
    *("base_optimizely__decisions", "base_optimizely__events", "base_call_center__calls"),
    *("delivered_exposures", "delivered_events", "delivered_calls", "all_rejected_rows"),
    *("stg_optimizely__decision_attributes", "all_exposure_attributes"),
    # Views of all units, which would be computed once more: fct_metric_observations and the
    # moments, which are made of them, have their key tested.
    *("unit_metrics", "filled_observations", "quantile_values"),
    *("state_spans", "sliced_observations"),
}


# With it the models of plans are there, and those that bring exposures of experiments are not.
PLANNED = {"plan_baseline_days": 28, "plan_schema": "main"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Give dbt's manifest of the project, of builds and of plans together."""
    manifests = []
    for settings in (PLANNED, {}):
        target = tmp_path_factory.mktemp("manifest")
        options = ("--target-path", str(target), "--log-path", str(target))
        run = run_dbt(PROJECT_ROOT, "parse", "--vars", json.dumps(settings), *options)
        assert run.returncode == 0, run.stdout
        manifests.append(json.loads((target / "manifest.json").read_text(encoding="utf-8")))
    planned, built = manifests
    return {**built, "nodes": planned["nodes"] | built["nodes"]}


def test_a_build_has_no_model_of_plans(manifest: dict, sample: duckdb.DuckDBPyConnection) -> None:
    """They are made where a plan is asked for, and cost nothing else."""
    of_plans = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "/planning/" in node["original_file_path"]
    }
    made = {
        name
        for (name,) in sample.sql("select table_name from information_schema.tables").fetchall()
    }
    assert {"metric_plans", "baseline_exposures"} <= of_plans
    assert of_plans & made == set()


@pytest.fixture(scope="module")
def models(manifest: dict) -> dict[str, dict]:
    """Give the project's models by their ids."""
    return {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }


def area_of(model: dict) -> str:
    """Name the area of a model by its folder."""
    path = model["original_file_path"].removeprefix("models/")
    return next(area for area in (*AREAS, ACCOUNTING) if path.startswith(area + "/"))


def may_read(area: str, other: str) -> bool:
    """Tell whether a model of an area may read one of another."""
    if ACCOUNTING in (area, other):
        return area == ACCOUNTING and (other == ACCOUNTING or other in READ_BY_ACCOUNTING)
    return AREAS.index(other) <= AREAS.index(area)


def test_no_model_reads_a_later_area(models: dict[str, dict]) -> None:
    """Be a row and walk: the way leads on, never back."""
    back = [
        f"{model['name']} ({area_of(model)}) reads {models[parent]['name']}"
        for model in models.values()
        for parent in model["depends_on"]["nodes"]
        if parent in models and not may_read(area_of(model), area_of(models[parent]))
    ]
    assert back == []


def test_public_tables_stand_at_the_root_of_their_area(models: dict[str, dict]) -> None:
    """They have a contract, and their schema is the one that people look into."""
    for model in models.values():
        path = model["original_file_path"]
        is_public = path.startswith(("models/intermediate", "models/marts")) and not re.search(
            "/(steps|checks)/", path
        )
        config = model["config"]
        assert (config["access"] == "public") == is_public, path
        assert config["contract"]["enforced"] == is_public, path
        assert (model["schema"] == "main") == is_public, path


def test_every_model_says_what_a_row_is(models: dict[str, dict]) -> None:
    """The grain is the first thing that a description says."""
    others = [
        model["name"] for model in models.values() if not model["description"].startswith("One row")
    ]
    assert others == []


def test_every_model_has_a_tested_key(manifest: dict, models: dict[str, dict]) -> None:
    """But for those of KEYLESS, for the reasons given there."""
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in KEY_TESTS
    }
    untested = [
        model["name"]
        for name, model in models.items()
        if name not in tested and model["name"] not in KEYLESS
    ]
    assert untested == []


def test_every_column_is_described(models: dict[str, dict], sample_build: Path) -> None:
    """Each column of each relation that the build makes, and no other."""
    with duckdb.connect(str(sample_build), read_only=True) as connection:
        rows = connection.sql(
            "select table_name, list(column_name) from information_schema.columns group by all"
        ).fetchall()
    built = {name: set(columns) for name, columns in rows}
    wrong = {
        model["name"]: built[model["name"]] ^ described
        for model in models.values()
        if model["name"] in built
        for described in [
            {name for name, column in model["columns"].items() if column["description"]}
        ]
        if built[model["name"]] != described
    }
    assert wrong == {}


def test_macros_are_called_by_the_packages_name() -> None:
    """Called from another project's model, a bare name is looked for in that project."""
    texts = {
        path: path.read_text(encoding="utf-8")
        for folder in ("macros", "tests/generic")
        for path in (PROJECT_ROOT / folder).rglob("*.sql")
    }
    defined = {
        re.sub(r"^(default|duckdb|postgres|spark)__", "", name)
        for text in texts.values()
        for name in re.findall(r"{%-?\s*macro\s+(\w+)", text)
    }
    bare = [
        f"{path.relative_to(PROJECT_ROOT)}: {name}"
        for path, text in texts.items()
        for name in bare_calls(text, defined)
    ]
    assert bare == []


def bare_calls(text: str, defined: set[str]) -> list[str]:
    """Name the macros that a file calls, or passes on, without the package's name before them."""
    text = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%-?\s*(macro|test)\s.*?%}", "", text, flags=re.DOTALL)
    calls = []
    for block in re.findall(r"{%.*?%}|{{.*?}}", text, flags=re.DOTALL):
        code = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "''", block)
        calls += [name for name in re.findall(r"(?<![\w.])(\w+)\(", code) if name in defined]
    return calls


def test_a_bare_call_is_found() -> None:
    """The check above can fail."""
    text = "{% macro a() %}{{ return(b(1) ~ experiment_metrics.c('d(2)')) }}{% endmacro %}"
    assert bare_calls(text, {"a", "b", "c", "d"}) == ["b"]


def test_no_model_asks_for_its_target() -> None:
    """Warehouses differ in macros/warehouse alone."""
    asking = [
        str(path.relative_to(PROJECT_ROOT))
        for folder in ("models", "macros")
        for path in (PROJECT_ROOT / folder).rglob("*.sql")
        if "warehouse" not in path.parts
        and re.search(r"target\.(type|name)\b", path.read_text(encoding="utf-8"))
    ]
    assert asking == []
