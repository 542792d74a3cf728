{#- Fails for every text that is neither blank nor what it should be.
    kind: text, `timestamp`, `number`, `share` (a number from 0 to 1) or `boolean`. -#}
{% test readable_as(model, column_name, kind) %}
{%- set readable = {
    'timestamp': iso_timestamp(column_name),
    'number': to_double(column_name),
    'share': 'case when ' ~ to_double(column_name) ~ ' between 0 and 1 then 1 end',
    'boolean': to_boolean(column_name),
}[kind] -%}
select {{ column_name }}
from {{ model }}
where
    not {{ is_blank(column_name) }}
    and {{ readable }} is null
{% endtest %}
