"""Mistakes in the statistics that the checks must find: each is made in the compiled SQL."""

from calibration.chain import Mutation

# Every standard error is 10 % too small.
SMALL_ERRORS = Mutation(
    "standard errors 10 % too small",
    "variation_comparisons",
    tuple(
        (rf" as {part}\b(?=,|\s+from)", f" * 0.81e0 as {part}")
        for part in ("own_share", "reference_share", "reference_part", "mixed_part", "theta_part")
    ),
)
# The variance of a ratio as if numerator and denominator had nothing to do with each other.
UNRELATED_RATIO = Mutation(
    "ratio variance without the covariance",
    "variation_estimates",
    ((r"coalesce\(observation_denominator_covariance, 0\)", "0e0"),),
)
# The variance of a ratio as if nobody had chosen the denominators.
FIXED_DENOMINATORS = Mutation(
    "ratio variance with fixed denominators",
    "variation_estimates",
    (
        (r"coalesce\(observation_denominator_covariance, 0\)", "0e0"),
        (r"coalesce\(denominator_variance, 0\)", "0e0"),
    ),
)
# The split of k variations as if it had k degrees of freedom.
FREE_SPLIT = Mutation(
    "sample ratio with one degree of freedom too many",
    "sample_ratios",
    ((r"count\(\*\) - 1 as degrees_of_freedom", "count(*) as degrees_of_freedom"),),
)
# Intervals and p-values that are for one look, given for any number of looks.
PEEKING = Mutation(
    "peeking with the fixed interval",
    "experiment_results_by_day",
    (
        (
            r"sqrt\(\(1e0 \+ 1e0 / look_scale\)[^\n]*\)\s+as sequential_quantile",
            "t_quantile as sequential_quantile",
        ),
        (
            r"0\.5e0 \* ln\(1e0 \+ look_scale\)\s+-[^\n]*as sequential_log_p",
            "ln(greatest(p_value, 1e-300)) as sequential_log_p",
        ),
    ),
)
