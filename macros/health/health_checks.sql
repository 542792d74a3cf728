{#- The health checks, by the names of their models: those of marts/health/checks in the order of
    docs/health.md, then those of the var `health_checks`. A new check of this project is a file there and
    a line here; a file without its line stops the build. dbt learns from the list what the union of all
    checks depends on. -#}
{% macro health_checks() %}
    {% set checks = [
        'health_variation_count',
        'health_reference_variation',
        'health_too_few_units',
        'health_under_powered',
        'health_missing_guardrail',
        'health_sample_ratio',
        'health_sequential_sample_ratio',
        'health_sample_ratio_by_segment',
        'health_split_change',
        'health_restarts',
        'health_crossovers',
        'health_tied_exposures',
        'health_overlapping_experiments',
        'health_unusable_exposures',
        'health_unusable_events',
        'health_lost_exposures',
        'health_bot_balance',
        'health_duplicate_balance',
        'health_rejection_balance',
        'health_exclusion_balance',
        'health_pre_exposure_bias',
        'health_outlier_influence',
        'health_revenue_scale',
        'health_revenue_scale_change',
        'health_units_without_events',
        'health_event_match_rate',
        'health_call_match_rate',
        'health_exposure_gaps',
        'health_event_gaps',
        'health_event_name_gaps',
        'health_repeated_events',
        'health_similar_names',
        'health_late_rows',
        'health_future_rows',
        'health_stale_events',
        'health_immature_units',
    ] %}
    {{ return((checks + experiment_metrics.named_models('health_checks')) | unique(case_sensitive=true) | list) }}
{% endmacro %}
