"""What a simulation runs: chains of the project's models, and the tables from which they go on.

The SQL is that of the models, unless a mutation has made it wrong on purpose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

from engine.compile import Chain, Model

MEASURES = ("observation", "denominator", "covariate", "covariate_denominator")


def moment_name(measures: Sequence[str]) -> str:
    """Name the column of the moment of one measure, two or three."""
    whole = {1: "mean", 2: "variance", 3: "third_moment"}[len(measures)]
    mixed = {1: "mean", 2: "covariance", 3: "coskew"}[len(measures)]
    if len(set(measures)) == 1:
        return f"{measures[0]}_{whole}"
    return "_".join([*measures, mixed])


MOMENTS = tuple(
    moment_name(measures)
    for size in (1, 2, 3)
    for measures in combinations_with_replacement(MEASURES, size)
)
_MOMENT_COLUMNS = (
    "unit_count bigint, observation_sum double, denominator_sum double, "
    f"{', '.join(f'{name} double' for name in MOMENTS)}"
)
_SLICE = "slice_type varchar, segment_name varchar, segment_value varchar, as_of_date date, "
# What a simulation may give: the tables from which the models of a chain go on.
INPUTS = {
    "filled_observations": (
        "experiment_id varchar, variation_id varchar, unit_id bigint, metric_name varchar, "
        "exposed_at timestamp, is_mature boolean, observation double, denominator double, "
        "covariate double, covariate_denominator double"
    ),
    "observed_metrics": (
        "experiment_id varchar, variation_id varchar, unit_id bigint, metric_name varchar, "
        "row_kind varchar, observed_date date, observation double, denominator double, "
        "is_latest boolean"
    ),
    "experiment_units": (
        "experiment_id varchar, variation_id varchar, unit_id bigint, exposed_at timestamp, "
        "window_ends_at timestamp"
    ),
    "dim_metrics": (
        "metric_name varchar, direction varchar, is_guardrail boolean, "
        "non_inferiority_margin double, is_ratio boolean, has_cap boolean, cap_lower double, "
        "cap_upper double, cap_lower_percentile double, cap_upper_percentile double, "
        "is_cap_of_non_zero boolean, denominator_cap_lower double, "
        "denominator_cap_upper double, denominator_cap_lower_percentile double, "
        "denominator_cap_upper_percentile double, is_denominator_cap_of_non_zero boolean, "
        "has_covariate boolean, is_quantile boolean, "
        "quantile_level double, is_event_quantile boolean, is_mature_only boolean, "
        "can_mature boolean, matures_after_hours double, has_experiment_window boolean, "
        "is_per_exposed_day boolean, "
        "drops_zero_denominator boolean, default_value double"
    ),
    "used_metrics": "experiment_id varchar, metric_name varchar, is_primary boolean",
    "dim_variations": (
        "experiment_id varchar, experiment_name varchar, variation_id varchar, "
        "variation_name varchar, is_reference_variation boolean, traffic_share double, "
        "unit_count bigint"
    ),
    "dim_experiments": (
        "experiment_id varchar, experiment_name varchar, first_exposed_at timestamp, "
        "last_exposed_at timestamp, as_of_at timestamp"
    ),
    "analysis_clock": "as_of_at timestamp",
    "unit_segments": (
        "experiment_id varchar, variation_id varchar, unit_id bigint, segment_name varchar, "
        "segment_value varchar"
    ),
}
# What a chain may take as given, to leave out what leads to it.
STEPS = {
    "sliced_observations": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, "
        f"{_SLICE}unit_id bigint, observation double, denominator double, "
        "capped_observation double, covariate double, covariate_denominator double, "
        "capped_covariate double, capped_denominator double, capped_covariate_denominator double"
    ),
    "quantile_values": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, "
        f"{_SLICE}unit_id bigint, observed_value double"
    ),
    "variation_moments": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, is_capped boolean, "
        f"{_SLICE}{_MOMENT_COLUMNS}"
    ),
    "variation_moments_by_day": (
        "experiment_id varchar, metric_name varchar, variation_id varchar, is_capped boolean, "
        f"day_scale varchar, day_number integer, {_MOMENT_COLUMNS}"
    ),
}
# From what each unit did to the results of now.
RESULTS_CHAIN = Chain(("experiment_results",), frozenset({*INPUTS, "variation_moments_by_day"}))
# From units and the days of what they did to the results of each day.
DAYS_CHAIN = Chain(
    ("experiment_results_by_day",),
    frozenset({*INPUTS, "sliced_observations", "quantile_values"} - {"filled_observations"}),
)
# From the moments of variations to the results of now, to no more than their p-values, and to the
# results of each day.
_WITHOUT_UNITS = {*INPUTS, "sliced_observations", "quantile_values", "variation_moments_by_day"}
MOMENTS_CHAIN = Chain(("experiment_results",), frozenset({*_WITHOUT_UNITS, "variation_moments"}))
TESTS_CHAIN = Chain(("lift_tests",), MOMENTS_CHAIN.given)
MOMENTS_BY_DAY_CHAIN = Chain(("experiment_results_by_day",), frozenset(_WITHOUT_UNITS))
# From the counts of units to the health check of their split.
SAMPLE_RATIO_CHAIN = Chain(("health_sample_ratio",), frozenset(INPUTS))


@dataclass(frozen=True)
class Mutation:
    """A way to get the statistics wrong: by model, what to replace in its SQL, and by what."""

    name: str
    replacements: tuple[tuple[str, str, str], ...]

    def apply(self, models: Sequence[Model]) -> list[Model]:
        """Give the models with the mistake; every replacement must find what it replaces."""
        return [self._mutated(model) for model in models]

    def _mutated(self, model: Model) -> Model:
        sql = model.sql
        for name, pattern, mistake in self.replacements:
            if name != model.name:
                continue
            sql, count = re.subn(pattern, mistake, sql, flags=re.DOTALL)
            if not count:
                message = f"{self.name}: {model.name} has nothing like {pattern}"
                raise ValueError(message)
        return replace(model, sql=sql)
