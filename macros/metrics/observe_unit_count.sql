{#- Participation of units, rolled up in one of four ways. -#}
{% macro observe_unit_count(metric, span) -%}
{%- if metric.rollup == 'daily' -%}
    {{- experiment_metrics.observe_active_days(metric, span) -}}
{%- elif metric.rollup == 'latest' -%}
    {{- experiment_metrics.observe_latest_state(metric, span) -}}
{%- else -%}
    {{- experiment_metrics.observe_aggregate(metric, span) -}}
{%- endif -%}
{%- endmacro %}


{#- The days on which a unit has a row. Its share of the days since exposure changes every day;
    fct_metric_observations makes it. -#}
{% macro observe_active_days(metric, span) -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, experiment_metrics.row_columns(metric)) | trim | indent(4) }}
),

active_days as (
    select distinct
        {{ experiment_metrics.unit_keys(metric) | join(',\n        ') }},
        observed_date
    from metric_rows
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, 'count(*) over history') }}
    from active_days
    {{ experiment_metrics.history_window(metric) }}
)
{%- endmacro %}


{#- Whether a unit passes the filter on the last date on which anything is known of it: the date is
    taken over all its rows, the filter is tested after, and any passing row of that date counts. -#}
{% macro observe_latest_state(metric, span) -%}
{%- set is_passing = 'case when (' ~ metric.where ~ ') then 1 else 0 end' if metric.where else '1' -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows({'source': metric.source}, span, experiment_metrics.row_columns(metric, {'is_passing': is_passing}))
        | trim | indent(4) }}
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, 'max(is_passing)') }}
    from metric_rows
    group by {{ experiment_metrics.unit_keys(metric) | join(', ') }}, observed_date
)
{%- endmacro %}
