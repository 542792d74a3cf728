{#- The first row per key of a relation, by a total order.
    columns: list of text, the columns to return; order_by: list of text. -#}
{% macro deduplicate(relation, key, columns, order_by) %}
select
    {{ columns | join(',\n    ') }}
from (
    select
        *,
        row_number() over (
            partition by {{ key }}
            order by {{ order_by | join(', ') }}
        ) as copy_number
    from {{ relation }}
) as copies
where copy_number = 1
{% endmacro %}
