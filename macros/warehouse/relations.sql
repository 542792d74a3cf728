{#- A relation for use in a view, named without its database where that is this build's own:
    DuckDB names a database after its file or its alias, and a published view must read the same
    under any of them. -#}
{% macro portable(relation) %}
    {#- Where a schema has its database's name, the shorter name would be ambiguous. -#}
    {%- set is_own = relation.database == target.database and relation.schema != relation.database -%}
    {{- return(relation.include(database=false) if is_own else relation) -}}
{% endmacro %}


{#- A query that gives one row per text of a list, in one column; no row for an empty list. -#}
{% macro text_rows(texts, column) %}
    {%- for text in texts %}
select {{ experiment_metrics.string_literal(text) }} as {{ column }}
{%- if not loop.last %}
union
{%- endif %}
    {%- else %}
select cast(null as {{ dbt.type_string() }}) as {{ column }} where false
    {%- endfor -%}
{% endmacro %}


{#- What a CTE's `as` is followed by where its columns are to be computed once, however often they
    are read: some warehouses would write their expressions out wherever they are used. -#}
{% macro materialized() %}
    {{- return(adapter.dispatch('materialized', 'experiment_metrics')()) -}}
{% endmacro %}

{% macro default__materialized() %}
    {{- return('') -}}
{% endmacro %}


{#- Columns with the name of their relation before them. -#}
{% macro prefixed(relation, columns) %}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {%- do names.append(relation ~ "." ~ column) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}


{#- The condition that rows of two relations agree in columns that are never null. -#}
{% macro same_columns(one, other, columns) %}
    {%- set equalities = [] -%}
    {%- for column in columns -%}
        {%- do equalities.append(one ~ "." ~ column ~ " = " ~ other ~ "." ~ column) -%}
    {%- endfor -%}
    {{- return(equalities | join("\n            and ")) -}}
{% endmacro %}
