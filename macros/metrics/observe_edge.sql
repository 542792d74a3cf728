{#- The first or the latest value; at one instant the smallest is first and the largest latest.
    direction: asc or desc; per: list of text, the columns by which a unit has one, such as its
    days. -#}
{% macro observe_edge(metric, span, direction, per=[]) -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, {'row_value': metric.value}) | indent(4) }}
),

ranked as (
    select
        metric_rows.*,
        row_number() over (
            partition by {{ (experiment_metrics.unit_keys(metric) + per) | join(', ') }}
            order by occurred_at {{ direction }}, row_value {{ direction }}
        ) as row_rank
    from metric_rows
    where row_value is not null
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, 'row_value') }}
    from ranked
    where row_rank = 1
)
{%- endmacro %}
