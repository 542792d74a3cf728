{#- The vars that make numbers what they are, of which analysis_settings tells: how units are compared, not
    where their rows come from. Thresholds of health checks stand beside their findings. -#}
{% macro analysis_settings() %}
    {{ return([
        'attribution_window_hours',
        'crossover_policy',
        'pooled_variations',
        'as_of',
        'segments',
        'segment_value_limit',
        'currency',
        'alpha',
        'confidence_levels',
        'power',
        'target_relative_lift',
        'p_value_adjustment',
        'sequential_target_units',
        'relative_interval',
        'skewness_correction',
        'lift_skewness_limit',
        'max_tied_share',
        'baseline_variations',
        'bayesian_scale',
        'bayesian_prior',
        'bayesian_prior_mean',
        'bayesian_prior_sd',
        'planned_days',
        'guardrail_stale_days',
    ]) }}
{% endmacro %}
