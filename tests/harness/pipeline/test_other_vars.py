"""A setting may be changed: the dbt unit tests don't depend on it."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import yaml
from conftest import PROJECT_ROOT, run_dbt

# Another allowed value of every var, but for numbers, of which half is another.
OTHER = {
    "require_success_marker": True,
    "csv_delimiter": "semicolon",
    "csv_decimal": ",",
    "csv_encoding": "latin-1",
    "call_date_format": "day_first",
    "call_time_zone": "Europe/Berlin",
    "plain_date_format": "month_first",
    "plain_time_zone": "Asia/Tokyo",
    "bot_user_agent_patterns": ["%robot%"],
    "crossover_policy": "exclude",
    "pooled_variations": {"pool": ["a", "b"]},
    "attribution_window_hours": 36.5,
    "as_of": "2020-09-20",
    "segments": ["country", "browser*country"],
    "segment_value_limit": 3,
    "analysis_experiment_id": "18786493712",
    "analysis_starts_at": "2020-09-15",
    "analysis_ends_at": "2020-09-18 12:00:00",
    "currency": "EUR",
    "alpha": 0.1,
    "confidence_levels": [0.5, 0.7],
    "power": 0.9,
    "target_relative_lift": 0.1,
    "sequential_target_units": 900,
    "skewness_correction": False,
    "relative_interval": "fieller",
    "p_value_adjustment": "holm",
    "baseline_variations": ["b"],
    "bayesian_scale": "relative",
    "bayesian_prior": "relative",
    "bayesian_prior_mean": 0.02,
    "bayesian_prior_sd": 0.2,
    "planned_days": 28,
    "guardrail_stale_days": 9,
    "plan_schema": "plans",
    "plan_metrics": ["Purchase conversion rate"],
    "plan_entry_event": "page_view",
    "plan_shares": [0.6, 0.4],
}
# What the project is made of, which is no setting.
MADE_OF = {
    *("metrics", "health_checks"),
    *("exposures_path", "events_path", "exposure_columns", "event_columns"),
    *("exposure_models", "exposure_attribute_models", "event_models", "call_models"),
    "exposures_experiment_id",
    # With it other models are built: tests/harness/planning has their unit tests.
    "plan_baseline_days",
}


def other_input(folder: Path) -> dict[str, str]:
    """Write the sample as other settings ask for it: no day lacks its mark, semicolons in CSVs."""
    export = shutil.copytree(PROJECT_ROOT / "data" / "sample", folder / "export")
    for kind in export.glob("type=*"):
        first, *_, last = sorted(
            date.fromisoformat(day.name[len("date=") :]) for day in kind.iterdir()
        )
        for number in range((last - first).days + 1):
            day_folder = kind / f"date={first + timedelta(days=number)}"
            day_folder.mkdir(exist_ok=True)
            (day_folder / "_SUCCESS").touch()
    calls = (PROJECT_ROOT / "seeds" / "call_data.csv").read_text(encoding="utf-8")
    call_file = folder / "calls.csv"
    call_file.write_text(calls.replace(",", ";"), encoding="latin-1")
    return {"optimizely_data_dir": str(export), "call_data_path": str(call_file)}


def test_every_setting_may_be_changed(tmp_path: Path, sample_build: Path) -> None:
    """All of them at once: a unit test that depends on one names it in its overrides."""
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    defaults = project["vars"]["experiment_metrics"]
    numbers = {
        name: value
        for name, value in defaults.items()
        if isinstance(value, int | float) and name not in MADE_OF
    }
    places = other_input(tmp_path)
    other = {name: value / 2 for name, value in numbers.items()} | OTHER | places
    assert set(other) == set(defaults) - MADE_OF
    assert [name for name, value in other.items() if defaults[name] == value] == []
    run = run_dbt(
        PROJECT_ROOT,
        *("test", "--select", "test_type:unit", "--vars", json.dumps(other)),
        # The unit tests ask for the columns of what their models read.
        DBT_DUCKDB_PATH=str(shutil.copyfile(sample_build, tmp_path / "experiment_metrics.duckdb")),
        DBT_TARGET_PATH=str(tmp_path / "target"),
        DBT_LOG_PATH=str(tmp_path / "logs"),
        # DuckDB is confined to what the environment names.
        **{name.upper(): path for name, path in places.items()},
    )
    assert run.returncode == 0, run.stdout
