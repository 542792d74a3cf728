{#- A query that counts the further copies of delivered rows: one row per source that has any.
    delivered: text, a CTE with source_name and rejection_reason; id: text, the column of an example;
    key: list of text, the columns of which copies have the same. -#}
{% macro further_copies(delivered, id, key) %}
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
{% endmacro %}
