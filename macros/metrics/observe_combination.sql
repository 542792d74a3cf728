{#- Whether a unit fulfils so many of several conditions, in any order. needed: number. -#}
{% macro observe_combination(metric, span, needed) -%}
{%- set keys = experiment_metrics.unit_keys(metric) -%}
with

metric_rows as (
    {%- for condition in metric.conditions %}
    {{ experiment_metrics.metric_rows(
        metric,
        span,
        {'condition_number': loop.index},
        dict(condition, source=condition.source or metric.source)
    ) | indent(4) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

fulfilled as (
    select
        {{ keys | join(',\n        ') }},
        condition_number,
        min(observed_date) as observed_date
    from metric_rows
    group by {{ keys | join(', ') }}, condition_number
),

days as (
    select
        {{ keys | join(',\n        ') }},
        observed_date,
        count(*) as day_count
    from fulfilled
    group by {{ keys | join(', ') }}, observed_date
),

observed as (
    select
        {{- experiment_metrics.observation_columns(
            metric,
            'case when sum(day_count) over history >= ' ~ needed ~ ' then 1 else 0 end'
        ) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endmacro %}
