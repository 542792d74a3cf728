{#- The names of models that a var lists: empty where it holds something else, which dbt would fail on while it
    parses; check_settings says what is wrong with it. name: text, the var's. -#}
{% macro named_models(name) %}
    {%- set names = var(name) -%}
    {%- set are_names = names is not string and names is not mapping and names is iterable
        and not names | reject('string') | list -%}
    {{- return(names if are_names else []) -}}
{% endmacro %}
