{#- A query that counts the raw rows that staging leaves out: one row per reason, among them the
    further copies of a row where the source has a key.
    source_name: text; relation: a base model; key: text, its key column, if it has one. -#}
{% macro rejected_rows(source_name, relation, key=none) %}
select
    '{{ source_name }}' as source_name,
    rejection_reason as reason,
    count(*) as row_count,
    min({{ key or 'visitor_id' }}) as example_id
from {{ relation }}
where rejection_reason is not null
group by rejection_reason
{%- if key %}
union all
select
    '{{ source_name }}' as source_name,
    'duplicate_id' as reason,
    sum(copy_count - 1) as row_count,
    min({{ key }}) as example_id
from (
    select
        {{ key }},
        count(*) as copy_count
    from {{ relation }}
    where rejection_reason is null
    group by {{ key }}
    having count(*) > 1
) as repeated
having count(*) > 0
{%- endif %}
{% endmacro %}
