{#- Fails for every text that is neither blank nor what it should be.
    kind: text, `timestamp` or `number`. -#}
{% test readable_as(model, column_name, kind) %}
select {{ column_name }}
from {{ model }}
where
    not {{ is_blank(column_name) }}
    and {{ to_timestamp(column_name) if kind == 'timestamp' else to_double(column_name) }} is null
{% endtest %}
