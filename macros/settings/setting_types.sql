{#- The settings of the project: every var of dbt_project.yml, what it may hold, and nothing else. -#}
{% macro setting_types() %}
    {% set share = {'type': 'number', 'at_least': 0, 'at_most': 1} %}
    {% set alpha = {'type': 'number', 'above': 0, 'below': 1} %}
    {% set positive = {'type': 'number', 'above': 0} %}
    {{ return({
        'optimizely_data_dir': {'type': 'text'},
        'call_data_path': {'type': 'text'},
        'bot_user_agent_patterns': {'type': 'list of text'},
        'crossover_policy': {'type': 'text', 'one_of': ['first', 'exclude']},
        'pooled_variations': {'type': 'pools'},
        'attribution_window_hours': {'type': 'number', 'above': 0, 'at_most': longest_hours()},
        'as_of': {'type': 'timestamp'},
        'segments': {'type': 'segments'},
        'segment_value_limit': {'type': 'number', 'above': 0},
        'analysis_experiment_id': {'type': 'text'},
        'analysis_starts_at': {'type': 'timestamp'},
        'analysis_ends_at': {'type': 'timestamp'},
        'alpha': {'type': 'number', 'above': 0, 'below': 1},
        'power': {'type': 'number', 'above': 0, 'below': 1},
        'target_relative_lift': {'type': 'number', 'above': 0},
        'sequential_target_units': {'type': 'number', 'above': 0},
        'relative_interval': {'type': 'text', 'one_of': ['delta', 'fieller']},
        'p_value_adjustment': {
            'type': 'text', 'one_of': ['benjamini_hochberg', 'holm', 'none']
        },
        'baseline_variations': {'type': 'list of text'},
        'bayesian_scale': {'type': 'text', 'one_of': ['absolute', 'relative']},
        'bayesian_prior': {'type': 'text', 'one_of': ['flat', 'relative', 'absolute']},
        'bayesian_prior_mean': {'type': 'number'},
        'bayesian_prior_sd': {'type': 'number', 'above': 0},
        'min_units_per_variation': positive,
        'sample_ratio_alpha': alpha,
        'sample_ratio_concentration': positive,
        'crossover_warn_share': share,
        'tied_exposure_warn_share': share,
        'overlap_warn_share': share,
        'exclusion_balance_alpha': alpha,
        'pre_exposure_alpha': alpha,
        'outlier_warn_share': share,
        'eventless_warn_share': share,
        'match_warn_share': share,
        'gap_warn_days': positive,
        'late_after_hours': positive,
        'late_warn_share': share,
        'clock_tolerance_hours': {'type': 'number', 'at_least': 0},
        'future_warn_share': share,
        'stale_after_hours': positive,
        'immature_warn_share': share,
        'planned_days': positive,
        'guardrail_stale_days': positive,
    }) }}
{% endmacro %}
