{#- Fails for every key that more than one row has, or that is null in part.
    columns: list of text, the columns that make up the key. -#}
{% test primary_key(model, columns) %}
select
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    count(*) as row_count
from {{ model }}
group by
    {%- for column in columns %}
    {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
