{#- CTEs that end in `looks`: comparisons day by day, with what sequential p-values and intervals say
    after all looks until then: the smallest p-value, and what the intervals have in common; null where
    that is nothing.
    comparisons: text, a CTE that compare_pairs made with the key as_of_date. -#}
{% macro run_looks(comparisons) %}
    {%- set running = {
        'sequential_p_value': 'min',
        'sequential_ci_low': 'max',
        'sequential_ci_high': 'min',
        'sequential_relative_ci_low': 'max',
        'sequential_relative_ci_high': 'min',
    } -%}
-- A relative interval without 0, where the absolute one has it, is one of too few events for the delta
-- method: what it leaves out, later looks must not.
credible_looks as (
    select
        {{ comparisons }}.*,
        sequential_ci_low > 0
        or sequential_ci_high < 0
        or (sequential_relative_ci_low <= 0 and sequential_relative_ci_high >= 0)
            as is_relative_credible
    from {{ comparisons }}
),

running_looks as (
    select
        credible_looks.*
        {%- for column, aggregate in running.items() %},
        {%- set shared = 'case when is_relative_credible then ' ~ column ~ ' end'
            if 'relative' in column else column %}
        case
            when {{ column }} is not null
                then {{ aggregate }}({{ shared }}) over (
                    partition by experiment_id, metric_name, variation_id, estimator
                    order by as_of_date
                )
        end as running_{{ column }}
        {%- endfor %}
    from credible_looks
),

looks as (
    select
        {%- for column in experiment_metrics.comparison_columns(['as_of_date']) %}
        {%- if column not in running %}
        {{ column }},
        {%- endif %}
        {%- endfor %}
        running_sequential_p_value as sequential_p_value
        {%- for interval in ['sequential_ci', 'sequential_relative_ci'] %}
        {%- for end in ['low', 'high'] %},
        case
            when running_{{ interval }}_low <= running_{{ interval }}_high
                then running_{{ interval }}_{{ end }}
        end as {{ interval }}_{{ end }}
        {%- endfor %}
        {%- endfor %}
    from running_looks
)
{%- endmacro %}
