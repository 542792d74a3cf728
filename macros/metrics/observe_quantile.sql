{#- A quantile of unit values: a unit's observation is its value. Of event values: every value is kept
    as a row of its own, and a unit's observation is the mean of its values. -#}
{% macro observe_quantile(metric, span) -%}
{%- if metric.of != 'events' -%}
    {{- return(experiment_metrics.observe_aggregate(metric, span)) -}}
{%- endif -%}
{%- set columns = experiment_metrics.row_columns(metric, {'row_value': metric.value}) -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, columns) | trim | indent(4) }}
),

days as (
    select
        {{ experiment_metrics.unit_keys(metric) | join(',\n        ') }},
        observed_date
        {%- for name, aggregate in experiment_metrics.day_aggregates(metric, 'row_value').items() %},
        {{ aggregate }} as {{ name }}
        {%- endfor %}
    from metric_rows
    group by {{ experiment_metrics.unit_keys(metric) | join(', ') }}, observed_date
),

observed as (
    select
        {{- experiment_metrics.observation_columns(metric, experiment_metrics.running_aggregate(metric)) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
    union all
    select
        {{- experiment_metrics.observation_columns(metric, 'row_value', kind='event_value') }}
    from metric_rows
    where row_value is not null
)
{%- endmacro %}
