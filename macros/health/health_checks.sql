{#- The health checks of the project: the models in models/health/, by name, in the order of
    docs/health.md. A new check is a file there and a line here; a file without its line stops the
    build. The list is literal because dbt learns from it what the union depends on. -#}
{% macro health_checks() %}
    {{ return([
        'health_variation_count',
        'health_reference_variation',
        'health_too_few_units',
        'health_under_powered',
        'health_sample_ratio',
        'health_sequential_sample_ratio',
        'health_sample_ratio_by_segment',
        'health_split_change',
        'health_crossovers',
        'health_tied_exposures',
        'health_overlapping_experiments',
        'health_bot_balance',
        'health_duplicate_balance',
        'health_rejection_balance',
        'health_exclusion_balance',
        'health_pre_exposure_bias',
        'health_outlier_influence',
        'health_units_without_events',
        'health_event_match_rate',
        'health_call_match_rate',
        'health_exposure_gaps',
        'health_event_gaps',
        'health_late_rows',
        'health_future_rows',
        'health_stale_events',
        'health_immature_units',
    ]) }}
{% endmacro %}
