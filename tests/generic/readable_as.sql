{#- Fails for every text that is neither blank nor what it should be.
    kind: text, `timestamp`, `number`, `share` (a number from 0 to 1) or `boolean`. -#}
{% test readable_as(model, column_name, kind) %}
{%- set readable = {
    'timestamp': experiment_metrics.iso_timestamp(column_name),
    'number': experiment_metrics.to_double(column_name),
    'share': 'case when ' ~ experiment_metrics.to_double(column_name) ~ ' between 0 and 1 then 1 end',
    'boolean': experiment_metrics.to_boolean(column_name),
}[kind] -%}
select {{ column_name }}
from {{ model }}
where
    not {{ experiment_metrics.is_blank(column_name) }}
    and {{ readable }} is null
{% endtest %}
