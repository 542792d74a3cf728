{#- The first or the latest value; at one instant the smallest is first and the largest latest. The
    latest is known anew each day. -#}
{% macro observe_edge(metric, span) -%}
{%- set direction = 'desc' if metric.type == 'latest' else 'asc' -%}
{%- set keys = experiment_metrics.unit_keys(metric) + (['observed_date'] if metric.type == 'latest' else []) -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, experiment_metrics.row_columns(metric, {'row_value': metric.value})) | trim | indent(4) }}
),

ranked as (
    select
        metric_rows.*,
        row_number() over (
            partition by {{ keys | join(', ') }}
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
