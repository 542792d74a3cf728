{#- A quantile of unit values: a unit's observation is its value. Of event values: every value is
    kept as a row of its own, and a unit's observation is the mean of its values. -#}
{% macro metric_type__quantile() %}
    {{- return({
        'arguments': {
            'quantile': 'required fraction',
            'of': ['units', 'events'],
            'value': 'sql',
            'unit_value': 'type of a unit value',
        },
        'check': experiment_metrics.check_quantile,
        'facts': experiment_metrics.quantile_facts,
        'observe': experiment_metrics.observe_quantile,
    }) -}}
{% endmacro %}


{#- It says of what it is; a unit's value needs an expression unless it is a count. -#}
{% macro check_quantile(arguments) %}
    {% if not arguments.of %}
        {% do experiment_metrics.metric_error(
            "'of' is missing: one of "
            ~ experiment_metrics.own_arguments('quantile').of | join(', ') ~ "."
        ) %}
    {% elif arguments.of == 'events' and arguments.unit_value %}
        {% do experiment_metrics.metric_error("'unit_value' is for a quantile of units.") %}
    {% elif arguments.unit_value != 'count' and not arguments.value %}
        {% do experiment_metrics.metric_error("'value' is missing.") %}
    {% elif arguments.unit_value == 'count' and arguments.value %}
        {% do experiment_metrics.metric_error("'value' is not for a count.") %}
    {% endif %}
{% endmacro %}


{#- A unit without events has none whose quantile could be taken. -#}
{% macro quantile_facts(metric) %}
    {{- return({
        'default_value': none if metric.of == 'events' else 0,
        'is_quantile': true,
        'is_event_quantile': metric.of == 'events',
        'quantile_level': metric.quantile,
    }) -}}
{% endmacro %}


{% macro observe_quantile(metric, span) -%}
{%- set unit_value = 'mean' if metric.of == 'events' else metric.unit_value or 'sum' -%}
{%- set aggregate = experiment_metrics.metric_types()[unit_value].aggregate -%}
{%- if metric.of == 'units' -%}
    {{- return(experiment_metrics.observe_aggregate(metric, span, aggregate)) -}}
{%- endif -%}
with

metric_rows as (
    {{ experiment_metrics.metric_rows(metric, span, {'row_value': metric.value}) | indent(4) }}
),

{{ experiment_metrics.aggregated_days(metric, aggregate) }}

observed as (
    select
        {{- experiment_metrics.observation_columns(
            metric, experiment_metrics.so_far(metric, aggregate)
        ) }}
    from days
    {{ experiment_metrics.history_window(metric) }}
    union all
    select
        {{- experiment_metrics.observation_columns(metric, 'row_value', kind='event_value') }}
    from metric_rows
    where row_value is not null
)
{%- endmacro %}
