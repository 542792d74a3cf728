{#- The settings of the project: every var of dbt_project.yml and what it may hold, but for those that only
    health checks use, which say so themselves. -#}
{% macro setting_types() %}
    {% set positive = experiment_metrics.setting_rules()['positive number'] %}
    {{ return({
        'optimizely_data_dir': {'type': 'text'},
        'call_data_path': {'type': 'text'},
        'require_success_marker': {'type': 'boolean'},
        'exposures_path': {'type': 'text'},
        'events_path': {'type': 'text'},
        'plain_date_format': {'type': 'text', 'one_of': ['iso', 'month_first', 'day_first']},
        'plain_time_zone': {'type': 'text'},
        'call_date_format': {'type': 'text', 'one_of': ['month_first', 'day_first', 'iso']},
        'call_time_zone': {'type': 'text'},
        'csv_delimiter': {'type': 'text', 'one_of': ['auto', 'comma', 'semicolon', 'tab', 'bar']},
        'csv_decimal': {'type': 'text', 'one_of': ['.', ',']},
        'csv_encoding': {'type': 'text', 'one_of': ['utf-8', 'latin-1', 'utf-16']},
        'exposure_columns': {'type': 'columns', 'door': 'exposures'},
        'event_columns': {'type': 'columns', 'door': 'events'},
        'exposures_experiment_id': {'type': 'text'},
        'exposure_models': {'type': 'list of text'},
        'exposure_attribute_models': {'type': 'list of text'},
        'event_models': {'type': 'list of text'},
        'call_models': {'type': 'list of text'},
        'currency': {'type': 'currency'},
        'metrics': {'type': 'list of text'},
        'health_checks': {'type': 'list of text'},
        'bot_user_agent_patterns': {'type': 'list of text'},
        'crossover_policy': {'type': 'text', 'one_of': ['first', 'exclude']},
        'pooled_variations': {'type': 'pools'},
        'attribution_window_hours': {'type': 'number', 'above': 0, 'at_most': experiment_metrics.longest_hours()},
        'rejected_rows_limit': {'type': 'number', 'at_least': 0},
        'as_of': {'type': 'timestamp'},
        'as_of_gap_days': {'type': 'number', 'at_least': 1},
        'as_of_share': {'type': 'number', 'at_least': 0, 'below': 0.5},
        'segments': {'type': 'segments'},
        'segment_value_limit': {'type': 'number', 'above': 0},
        'analysis_experiment_id': {'type': 'text'},
        'analysis_starts_at': {'type': 'timestamp'},
        'analysis_ends_at': {'type': 'timestamp'},
        'alpha': {'type': 'number', 'above': 0, 'below': 1},
        'confidence_levels': {'type': 'confidence levels'},
        'power': {'type': 'number', 'above': 0, 'below': 1},
        'target_relative_lift': {'type': 'number', 'above': 0},
        'max_tied_share': {'type': 'number', 'above': 0},
        'sequential_target_units': {'type': 'number', 'above': 0},
        'skewness_correction': {'type': 'boolean'},
        'lift_skewness_limit': {'type': 'number', 'above': 0},
        'relative_interval': {'type': 'text', 'one_of': ['delta', 'fieller']},
        'p_value_adjustment': {
            'type': 'text', 'one_of': ['benjamini_hochberg', 'holm', 'none']
        },
        'baseline_variations': {'type': 'list of text'},
        'bayesian_scale': {'type': 'text', 'one_of': ['absolute', 'relative']},
        'bayesian_prior': {'type': 'text', 'one_of': ['flat', 'relative', 'absolute']},
        'bayesian_prior_mean': {'type': 'number'},
        'bayesian_prior_sd': {'type': 'number', 'above': 0},
        'planned_days': positive,
        'guardrail_stale_days': positive,
        'plan_baseline_days': {'type': 'number', 'at_least': 0, 'at_most': 16384},
        'plan_schema': {'type': 'text'},
        'plan_metrics': {'type': 'list of text'},
        'plan_entry_event': {'type': 'text'},
        'plan_shares': {'type': 'shares'},
    }) }}
{% endmacro %}


{#- What a number that a health check uses may be, by what the check calls it. -#}
{% macro setting_rules() %}
    {{ return({
        'share': {'type': 'number', 'at_least': 0, 'at_most': 1},
        'probability': {'type': 'number', 'above': 0, 'below': 1},
        'positive number': {'type': 'number', 'above': 0},
        'number of 0 or more': {'type': 'number', 'at_least': 0},
    }) }}
{% endmacro %}
