"""From units to verdicts: what is shipped of experiments without any effect."""

import numpy as np
import pytest
from engine.compile import Chain
from engine.run import run_models
from scipy import stats
from statistics_models import Arm, StatisticsModels, Test, results

EXPERIMENTS = 400
# Uneven splits of rare conversions and of revenue, where Welch's test alone ships the most.
CONTROL, TREATMENT = 100, 900
RATE = 0.02
# What is shipped is better at the level alpha, two-sided.
SHIP_RATE = 0.025
# Everything else that a launch asks for is in order.
LAUNCH_TABLES = """
create or replace table dim_experiments as
select
    experiment_id, experiment_id as primary_metric, first_exposed_at, last_exposed_at,
    last_exposed_at as ends_at,
    last_exposed_at + interval 48 hours as planned_until_at,
    last_exposed_at + interval 48 hours as as_of_at
from dim_experiments;
create or replace table observed_metrics as
select
    metrics.experiment_id, metrics.metric_name, variations.variation_id,
    'observation' as row_kind, cast(experiments.ends_at as date) as observed_date
from used_metrics as metrics
inner join dim_variations as variations using (experiment_id)
inner join dim_experiments as experiments using (experiment_id);
create or replace table experiment_health as
select
    experiment_id, 'all' as check_name, '(all)' as segment_value, 'ok' as status, 'fine' as message
from dim_experiments;
create or replace table opposed_segments (
    experiment_id varchar, variation_id varchar, explanation varchar, place bigint
);
update experiment_results set is_primary = true;
"""
LAUNCH_INPUTS = (
    *("experiment_results", "opposed_segments", "experiment_health"),
    *("observed_metrics", "used_metrics"),
    *("dim_experiments", "dim_variations", "dim_metrics", "reference_variations"),
)


def experiments() -> list[Test]:
    """Draw A/A experiments: every other one of conversions, and of revenue of as many buyers."""
    random = np.random.default_rng(20200914)
    tests = []
    for number in range(EXPERIMENTS):
        arms = {}
        for name, count in (("control", CONTROL), ("treatment", TREATMENT)):
            values = (random.random(count) < RATE).astype(float)
            arms[name] = Arm(values * random.lognormal(0, number % 2, count))
        tests.append(Test(f"experiment {number}", arms))
    return tests


def ship_count(models: StatisticsModels, **settings: object) -> int:
    """Count the experiments that are shipped, all of them healthy and at their planned end."""
    with models.run(experiments(), **settings) as database:
        database.execute(LAUNCH_TABLES)
        chain = Chain(("experiment_decisions",), frozenset(LAUNCH_INPUTS))
        run_models(database, models.project.compiled(chain, **settings))
        verdicts = [row["verdict"] for row in results(database, "experiment_decisions")]
    assert len(verdicts) == EXPERIMENTS
    return verdicts.count("ship")


@pytest.mark.parametrize(
    ("settings", "is_right"),
    [({}, True), ({"skewness_correction": False, "lift_skewness_limit": 1e9}, False)],
    ids=["corrected", "welch alone"],
)
def test_what_has_no_effect_is_hardly_shipped(
    statistics_models: StatisticsModels,
    settings: dict[str, object],
    is_right: bool,  # noqa: FBT001
) -> None:
    """No more than chance explains; without the correction it would be far more."""
    limit = stats.binom.isf(0.001, EXPERIMENTS, SHIP_RATE)
    assert (ship_count(statistics_models, **settings) <= limit) == is_right


def test_a_conversion_rate_beside_none_of_few_is_not_shipped(
    statistics_models: StatisticsModels,
) -> None:
    """18 of 900 against none of 100 say nothing: by Fisher's test p is 0.24."""
    arms = {name: Arm(np.zeros(count)) for name, count in (("control", 100), ("treatment", 900))}
    arms["treatment"].observation[:18] = 1
    with statistics_models.run([Test("rare", arms)]) as database:
        database.execute(LAUNCH_TABLES)
        chain = Chain(("experiment_decisions",), frozenset(LAUNCH_INPUTS))
        run_models(database, statistics_models.project.compiled(chain))
        (decision,) = results(database, "experiment_decisions")
    assert (decision["verdict"], decision["rule"]) == ("inconclusive", "unmeasured_primary_metric")
    assert "(skewed_lift)" in decision["reason"]
