{#- A query that gives the ids whose rows contradict each other: that came more than once, with other content.
    Only what came more than once is compared. relation: text, a CTE with rejection_reason, whose rejected rows
    are out of the running; key: list of text, the columns of which an id's rows have the same, never null;
    content: list of text, what is to be the same as well, as SQL. -#}
{% macro conflicting_ids(relation, key, content) %}
    {%- set keys = key | join(', ') -%}
    {%- set own_key = '(' ~ keys ~ ')' if key | length > 1 else keys -%}
    {%- set texts = [] -%}
    {%- for part in content -%}
        {%- do texts.append("coalesce(" ~ experiment_metrics.to_text(part) ~ ", chr(30))") -%}
    {%- endfor -%}
    {%- set text = "concat_ws(chr(31), " ~ texts | join(", ") ~ ")" -%}
select {{ keys }}
from {{ relation }}
where
    rejection_reason is null
    and {{ own_key }} in (
        select {{ keys }} from {{ relation }}
        where rejection_reason is null
        group by {{ keys }}
        having count(*) > 1
    )
group by {{ keys }}
having min({{ text }}) <> max({{ text }})
{% endmacro %}
