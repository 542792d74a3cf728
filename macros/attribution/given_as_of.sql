{#- The var `as_of` as a timestamp; null where it is empty. -#}
{% macro given_as_of() %}
    {%- set text = experiment_metrics.string_literal(var('as_of')) if var('as_of') else 'null' -%}
    {{- return("cast(" ~ text ~ " as " ~ dbt.type_timestamp() ~ ")") -}}
{% endmacro %}
