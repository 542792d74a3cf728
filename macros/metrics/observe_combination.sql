{#- Whether a unit fulfils all, or any, of several conditions, in any order. -#}
{% macro observe_combination(metric, span) -%}
{%- set needed = metric.conditions | length if metric.type == 'all_of' else 1 -%}
with

metric_rows as (
    {%- for condition in metric.conditions %}
    {{ metric_rows(
        dict(condition, source=condition.source or metric.source),
        span,
        {'condition_number': loop.index}
    ) | trim | indent(4) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

fulfilled as (
    select
        experiment_id,
        variation_id,
        unit_id,
        count(distinct condition_number) as condition_count
    from metric_rows
    group by experiment_id, variation_id, unit_id
),

observed as (
    select
        {{- observation_columns(
            metric.name, 'case when condition_count >= ' ~ needed ~ ' then 1 else 0 end'
        ) }}
    from fulfilled
)
{%- endmacro %}
