"""A setting may be changed: the dbt unit tests don't depend on it."""

import json
import shutil
from pathlib import Path

import yaml
from conftest import PROJECT_ROOT, run_dbt

# Another allowed value of every var, but for numbers, of which half is another.
OTHER = {
    "optimizely_data_dir": str(PROJECT_ROOT / "data" / "sample"),
    "call_data_path": str(PROJECT_ROOT / "seeds" / "call_data.csv"),
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
}
# What the project is made of, which is no setting.
MADE_OF = {
    *("metrics", "health_checks"),
    *("exposures_path", "events_path", "exposure_columns", "event_columns"),
    *("exposure_models", "exposure_attribute_models", "event_models", "call_models"),
    "exposures_experiment_id",
}


def test_every_setting_may_be_changed(tmp_path: Path, sample_build: Path) -> None:
    """All of them at once: a unit test that depends on one names it in its overrides."""
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    defaults = project["vars"]["experiment_metrics"]
    numbers = {name: value for name, value in defaults.items() if isinstance(value, int | float)}
    other = {name: value / 2 for name, value in numbers.items()} | OTHER
    assert set(other) == set(defaults) - MADE_OF
    assert [name for name, value in other.items() if defaults[name] == value] == []
    run = run_dbt(
        PROJECT_ROOT,
        *("test", "--select", "test_type:unit", "--vars", json.dumps(other)),
        # The unit tests ask for the columns of what their models read.
        DBT_DUCKDB_PATH=str(shutil.copyfile(sample_build, tmp_path / "experiment_metrics.duckdb")),
        DBT_TARGET_PATH=str(tmp_path / "target"),
        DBT_LOG_PATH=str(tmp_path / "logs"),
    )
    assert run.returncode == 0, run.stdout
