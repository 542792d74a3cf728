{#- Fails for every cell that is neither blank nor what it should be, of whatever type its column is.
    kind: text, `timestamp`, `number`, `share` (a number from 0 to 1) or `boolean`. -#}
{% test readable_as(model, column_name, kind) %}
{%- set cell = experiment_metrics.trimmed(experiment_metrics.to_text(column_name)) -%}
{%- set readable = {
    'timestamp': experiment_metrics.iso_timestamp(cell),
    'number': experiment_metrics.to_double(cell),
    'share': 'case when ' ~ experiment_metrics.to_double(cell) ~ ' between 0 and 1 then 1 end',
    'boolean': experiment_metrics.to_boolean(cell),
}[kind] -%}
select {{ column_name }}
from {{ model }}
where
    not {{ experiment_metrics.is_blank(cell) }}
    and {{ readable }} is null
{% endtest %}
