{#- Raises where the key of somebody's outcomes is none: each further row of a key would count. Looks at
    the rows when the model that reads them is made; those without a visitor or a time count for nobody.
    relation: a relation, or text, a query in parentheses; key: text, a column, or a list of them. -#}
{% macro check_outcome_key(relation, key) %}
    {%- if execute and flags.WHICH in ['build', 'run'] and model.resource_type != 'unit_test' -%}
        {%- set columns = experiment_metrics.key_columns(key) -%}
        {%- set name = relation.identifier or relation -%}
        {%- set key_text = columns | join(', ') -%}
        {%- if not columns -%}
            {%- do exceptions.raise_compiler_error(
                "attribute_to_units needs the key of " ~ name ~ ", by which its rows are told apart: give it as"
                ~ " key='visit_id', or as a list of columns."
            ) -%}
        {%- endif -%}
        {%- set found = run_query(experiment_metrics.repeated_keys(relation, columns)) -%}
        {%- for row in found if row.null_row_count -%}
            {%- do exceptions.raise_compiler_error(
                key_text ~ " is no key of " ~ name ~ ": it is null in " ~ row.null_row_count ~ " row(s), which nothing"
                ~ " tells apart. Give each row a key of its own, or leave these out."
            ) -%}
        {%- endfor -%}
        {%- for row in found -%}
            {%- set values = [] -%}
            {%- for column in columns -%}{%- do values.append(row[column] | string) -%}{%- endfor -%}
            {%- do exceptions.raise_compiler_error(
                key_text ~ " is no key of " ~ name ~ ": " ~ row.key_count ~ " value(s) of it are in several rows, such as '"
                ~ values | join("', '") ~ "' in " ~ row.row_count ~ ", and each of these would count. Take one row of"
                ~ " each there, or name as key the columns that tell all rows apart."
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- The columns of a key: text, one of them, or a list. Empty where none was given. -#}
{% macro key_columns(key) %}
    {{- return([key] if key is string and key | trim else key if experiment_metrics.is_list(key) else []) -}}
{% endmacro %}


{#- A query that gives the first key that more than one row has, with the number of its rows and of keys like
    it, and the number of rows in which the key is null in part; no row where it is a key. -#}
{% macro repeated_keys(relation, columns) %}
with keyed as (
    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count,
        max(case when {{ columns | join(' is null or ') }} is null then 1 else 0 end) as is_null_key
    from {{ relation }}{{ '' if relation.identifier else ' as outcomes' }}
    where visitor_id is not null and occurred_at is not null
    group by {{ columns | join(', ') }}
)

select
    {{ columns | join(',\n    ') }},
    row_count,
    count(*) over () as key_count,
    sum(is_null_key * row_count) over () as null_row_count
from keyed
where row_count > 1 or is_null_key = 1
order by {{ columns | join(', ') }}
limit 1
{% endmacro %}
