"""Planned experiments, simulated: the models of results see the lift as often as was planned."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from calibration.chain import INPUTS, MOMENTS_CHAIN, STEPS
from engine.run import run_models
from engine.warehouse import Warehouse
from plan_models import Case, PlanModels, units_of

EXPERIMENTS = 3_000
POWER = 0.8
# Four standard errors of a rate of so many, and what a lift that changes the spread takes.
TOLERANCE = 0.035
BEGIN = pd.Timestamp("2020-09-01")
ALL_UNITS = {"slice_type": "experiment", "segment_name": "(all)", "segment_value": "(all)"}

Moments = dict[str, np.ndarray]
Draw = Callable[[np.random.Generator, int, float], Moments]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> PlanModels:
    """Parse the project, with a plan."""
    return PlanModels(tmp_path_factory.mktemp("simulated"))


def conversions(rate: float) -> Draw:
    """Draw conversions; a lift is of the rate."""

    def draw(random: np.random.Generator, units: int, lift: float) -> Moments:
        share = random.binomial(units, rate * (1 + lift), EXPERIMENTS) / units
        return {
            "observation_mean": share,
            "observation_variance": share * (1 - share) * units / (units - 1),
            "observation_third_moment": share * (1 - share) * (1 - 2 * share),
        }

    return draw


def amounts(shape: float) -> Draw:
    """Draw amounts of mean 1, the more skewed the smaller the shape; a lift is added to each."""

    def draw(random: np.random.Generator, units: int, lift: float) -> Moments:
        values = random.gamma(shape, 1 / shape, (EXPERIMENTS, units)) + lift
        mean = values.mean(axis=1)
        return {
            "observation_mean": mean,
            "observation_variance": values.var(axis=1, ddof=1),
            "observation_third_moment": ((values - mean[:, None]) ** 3).mean(axis=1),
        }

    return draw


def seen_shares(
    models: PlanModels, draw: Draw, sizes: dict[str, int], lift: float
) -> dict[str, float]:
    """Simulate experiments of these sizes; give how often each test is sure of a difference."""
    random = np.random.default_rng(20240501)
    names = [f"e{number}" for number in range(EXPERIMENTS)]
    experiments = pd.DataFrame({"experiment_id": names, "experiment_name": names})
    for column in ("first_exposed_at", "last_exposed_at", "as_of_at"):
        experiments[column] = BEGIN
    moments, variations = [], []
    for variation, units in sizes.items():
        named = {"variation_id": variation, "metric_name": "m", "is_capped": False}
        drawn = draw(random, units, 0 if variation == "reference" else lift)
        moments.append(
            pd.DataFrame(
                {"experiment_id": names, **named, **ALL_UNITS, "unit_count": units, **drawn}
            ).assign(as_of_date=BEGIN)
        )
        variations.append(
            experiments[["experiment_id", "experiment_name"]].assign(
                variation_id=variation,
                variation_name=variation,
                is_reference_variation=variation == "reference",
            )
        )
    flags = ("is_guardrail", "is_ratio", "has_cap", "has_covariate", "is_quantile")
    with Warehouse() as database:
        database.create_tables({name: {**INPUTS, **STEPS}[name] for name in MOMENTS_CHAIN.given})
        database.insert_frame("variation_moments", pd.concat(moments))
        database.insert_frame("dim_variations", pd.concat(variations))
        database.insert_frame("dim_experiments", experiments)
        database.insert(
            "dim_metrics",
            [{"metric_name": "m", "direction": "increase", **dict.fromkeys(flags, False)}],
        )
        used = experiments[["experiment_id"]].assign(metric_name="m", is_primary=False)
        database.insert_frame("used_metrics", used)
        run_models(database, models.project.compiled(MOMENTS_CHAIN))
        (row,) = database.rows(
            "select avg(cast(p_value < 0.05 as integer)) as fixed,"
            " avg(cast(sequential_p_value < 0.05 as integer)) as sequential"
            " from experiment_results where variation_id = 'variation'"
        )
    return row


def planned_sizes(
    models: PlanModels, case: Case, test: str, share: float, lift: float
) -> dict[str, int]:
    """Give the units of two variations, as planned for a test."""
    settings = {"plan_shares": [1 - share, share], "target_relative_lift": lift}
    plans, _ = models.run([case], **settings)
    units = units_of(plans, test)[case.metric_name]
    return {"reference": round(units * (1 - share)), "variation": round(units * share)}


@pytest.mark.parametrize("test", ["fixed", "sequential"])
@pytest.mark.parametrize("share", [0.5, 0.2])
def test_conversions_are_seen_with_the_planned_power(
    models: PlanModels, test: str, share: float
) -> None:
    """Of one in ten, more by a twentieth."""
    rate, lift = 0.1, 0.05
    spread = rate * (1 - rate)
    case = Case("m", rate, spread, unit_skewness=(1 - 2 * rate) / math.sqrt(spread))
    sizes = planned_sizes(models, case, test, share, lift)
    seen = seen_shares(models, conversions(rate), sizes, lift)
    assert seen[test] == pytest.approx(POWER, abs=TOLERANCE)
    fewer = {name: units // 2 for name, units in sizes.items()}
    assert seen_shares(models, conversions(rate), fewer, lift)[test] < POWER - 0.2


@pytest.mark.parametrize("test", ["fixed", "sequential"])
def test_skewed_amounts_are_seen_in_their_worse_direction(models: PlanModels, test: str) -> None:
    """A fifth of the units; as if nothing were skewed, too few would be planned."""
    shape, lift, share = 0.25, 0.6, 0.2
    case = Case("m", 1.0, 1 / shape, unit_skewness=2 / math.sqrt(shape))
    sizes = planned_sizes(models, case, test, share, lift)
    seen = [seen_shares(models, amounts(shape), sizes, sign * lift)[test] for sign in (1, -1)]
    assert min(seen) == pytest.approx(POWER, abs=TOLERANCE)
    plain = planned_sizes(models, Case("m", 1.0, 1 / shape), test, share, lift)
    assert sum(plain.values()) < 0.9 * sum(sizes.values())
