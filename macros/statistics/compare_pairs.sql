{#- CTEs that end in `comparisons`: every pair with a status, and where that allows it everything that is
    said of the difference. Each stage adds columns to the rows of the one before it.
    pairs: text, a CTE that pair_variations made; keys: list of text, as there. -#}
{% macro compare_pairs(pairs, keys=[]) %}
{{ measure_lifts(pairs) }},

{{ test_lifts(['experiment_id', 'metric_name', 'variation_id', 'estimator'] + keys) }},

{{ bound_lifts() }},

{{ weigh_lifts() }},

{{ plan_lifts() }},

comparisons as (
    select
        {{ comparison_columns(keys) | join(',\n        ') }}
    from planned_lifts
)
{%- endmacro %}


{#- A var's number as a literal. -#}
{% macro setting_literal(name) %}
    {{- return(double_literal(var(name))) -}}
{% endmacro %}
