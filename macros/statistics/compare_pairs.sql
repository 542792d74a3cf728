{#- CTEs that end in `comparisons`: every pair with a status, and where that allows it everything that is
    said of the difference. Each stage adds columns to the rows of the one before it.
    pairs: text, a CTE that pair_variations made; keys: list of text, as there. -#}
{% macro compare_pairs(pairs, keys=[]) %}
{{ experiment_metrics.measure_lifts(pairs) }},

{{ experiment_metrics.test_lifts(['experiment_id', 'metric_name', 'variation_id', 'estimator'] + keys) }},

{{ experiment_metrics.bound_lifts() }},

{{ experiment_metrics.weigh_lifts() }},

{{ experiment_metrics.plan_lifts() }},

comparisons as (
    select
        {%- for column in experiment_metrics.comparison_columns(keys) %}
        {{ experiment_metrics.finite(column) ~ ' as ' ~ column if column in experiment_metrics.computed_numbers() else column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from planned_lifts
)
{%- endmacro %}


{#- The columns of a comparison that are quotients or products, which a double may not hold. -#}
{% macro computed_numbers() %}
    {{- return([
        'relative_lift', 'relative_lift_std_error', 'relative_lift_ci_low', 'relative_lift_ci_high',
        'sequential_relative_ci_low', 'sequential_relative_ci_high',
        'posterior_lift', 'posterior_std_error', 'posterior_ci_low', 'posterior_ci_high',
        'chance_to_win', 'risk', 'reference_risk', 'relative_minimum_detectable_effect',
        'target_power', 'variance_reduction',
    ]) -}}
{% endmacro %}


{#- A number, or null where it is infinite or none. -#}
{% macro finite(column) %}
    {{- return("case when abs(" ~ column ~ ") < 1e300 then " ~ column ~ " end") -}}
{% endmacro %}


{#- A var's number as a literal. -#}
{% macro setting_literal(name) %}
    {{- return(experiment_metrics.double_literal(var(name))) -}}
{% endmacro %}
