{#- A query that counts the delivered rows that are left out as they come: one row per source and reason,
    among them the further copies of a row where rows have a key.
    delivered: text, a CTE with source_name and rejection_reason; id: text, the column of an example;
    key: list of text, the columns of which copies have the same. -#}
{% macro rejected_rows(delivered, id, key=[]) %}
select
    source_name,
    rejection_reason as reason,
    count(*) as row_count,
    min({{ id }}) as example_id
from {{ delivered }}
where rejection_reason is not null
group by source_name, rejection_reason
    {%- if key %}
union all
select
    source_name,
    'duplicate_id' as reason,
    sum(copy_count - 1) as row_count,
    min(example_id) as example_id
from (
    select
        source_name,
        min({{ id }}) as example_id,
        count(*) as copy_count
    from {{ delivered }}
    where rejection_reason is null
    group by source_name, {{ key | join(', ') }}
    having count(*) > 1
) as repeated
group by source_name
    {%- endif %}
{% endmacro %}
