{#- A quantile of unit values: a unit's observation is its value. Of event values: every value is kept
    as a row of its own, and a unit's observation is the mean of its values. -#}
{% macro observe_quantile(metric, span) -%}
{%- if metric.of != 'events' -%}
    {{- return(observe_aggregate(metric, span)) -}}
{%- endif -%}
{%- set columns = row_columns(metric, {'row_value': metric.value}) -%}
with

metric_rows as (
    {{ metric_rows(metric, span, columns) | trim | indent(4) }}
),

days as (
    select
        {{ unit_keys(metric) | join(',\n        ') }},
        observed_date
        {%- for name, aggregate in day_aggregates(metric, 'row_value').items() %},
        {{ aggregate }} as {{ name }}
        {%- endfor %}
    from metric_rows
    group by {{ unit_keys(metric) | join(', ') }}, observed_date
),

observed as (
    select
        {{- observation_columns(metric, running_aggregate(metric)) }}
    from days
    {{ history_window(metric) }}
    union all
    select
        {{- observation_columns(metric, 'row_value', kind='event_value') }}
    from metric_rows
    where row_value is not null
)
{%- endmacro %}
