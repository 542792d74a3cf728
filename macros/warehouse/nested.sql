{#- The value of a key in a row's tags; null where the row has no such tag. For metric filters. -#}
{% macro tag(key, column='tags') %}
    {{- return(adapter.dispatch('tag', 'experiment_metrics')(key, column)) -}}
{% endmacro %}

{% macro duckdb__tag(key, column) %}
    {{- return(column ~ "[" ~ string_literal(key) ~ "]") -}}
{% endmacro %}


{#- A join clause that gives one row, `attribute`, per element of a list of attributes
    (name, type, value). -#}
{% macro join_attributes(column) %}
    {{- return(adapter.dispatch('join_attributes', 'experiment_metrics')(column)) -}}
{% endmacro %}

{% macro duckdb__join_attributes(column) %}
    {{- return(
        "cross join lateral (select item.name, item.type, item.value from unnest(" ~ column
        ~ ") as items (item)) as attribute"
    ) -}}
{% endmacro %}
