"""Mistakes in the statistics that the checks must find: each is made in the compiled SQL."""

from calibration.chain import Mutation

# A normal quantile, as a fixed interval of 95 % has it.
FIXED_QUANTILE = "1.959963984540054e0"
IS_BEYOND = f"case when abs(t_statistic) > {FIXED_QUANTILE} then -690e0 else 0e0 end"
# The parts of the variances of lifts, by the model that makes them.
SHARES = {
    "absolute_lifts": ("own_share", "reference_share"),
    "relative_lifts": ("own_share", "reference_part", "mixed_part", "theta_part"),
}
# Every standard error is 10 % too small.
SMALL_ERRORS = Mutation(
    "standard errors 10 % too small",
    tuple(
        (model, rf" as {part}\b(?=,|\s+from)", f" * 0.81e0 as {part}")
        for model, parts in SHARES.items()
        for part in parts
    ),
)
# The variance of a ratio as if numerator and denominator had nothing to do with each other.
UNRELATED_RATIO = Mutation(
    "ratio variance without the covariance",
    (("linearised_moments", r"coalesce\(observation_denominator_covariance, 0\)", "0e0"),),
)
# The variance of a ratio as if nobody had chosen the denominators.
FIXED_DENOMINATORS = Mutation(
    "ratio variance with fixed denominators",
    (
        ("linearised_moments", r"coalesce\(observation_denominator_covariance, 0\)", "0e0"),
        ("linearised_moments", r"coalesce\(denominator_variance, 0\)", "0e0"),
    ),
)
# Welch's test alone, however skewed the values and however few units count.
WELCH_ALONE = Mutation(
    "neither correction nor guard",
    (
        ("lift_skewness", r" as lift_skewness\b(?=\s+from)", " * 0e0 as lift_skewness"),
        ("absolute_lifts", r"when\s+abs\(lift_skewness\).*?then 'skewed_lift'", ""),
        (
            "absolute_lifts",
            r"when\s+\(effective_unit_count < [^)]*\)\s+or \([^)]*\)\s+then 'too_few_units'",
            "",
        ),
    ),
)
# The skewness of a lift with the wrong sign.
WRONG_SKEWNESS = Mutation(
    "skewness of the lift with the wrong sign",
    (("lift_skewness", r"own_one - reference_one", "reference_one - own_one"),),
)
# The split of k variations as if it had k degrees of freedom.
FREE_SPLIT = Mutation(
    "sample ratio with one degree of freedom too many",
    (
        (
            "sample_ratios",
            r"count\(\*\) - 1 as degrees_of_freedom",
            "count(*) as degrees_of_freedom",
        ),
    ),
)
# Intervals and p-values that are for one look, given for any number of looks.
PEEKING = Mutation(
    "peeking with the fixed interval",
    (
        (
            "sequential_intervals",
            r"sqrt\(\(1e0 \+ 1e0 / look_scale\)[^\n]*\)\s+as sequential_quantile",
            f"{FIXED_QUANTILE} as sequential_quantile",
        ),
        (
            "sequential_intervals",
            r"0\.5e0 \* ln\(1e0 \+ look_scale\)\s+-[^\n]*as sequential_log_p",
            f"{IS_BEYOND} as sequential_log_p",
        ),
    ),
)
