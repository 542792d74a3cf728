{#- Whether this run plans an experiment: it reads a baseline in place of all experiments. -#}
{% macro is_planned() %}
    {%- set days = var('plan_baseline_days') -%}
    {{- return(days is number and days > 0) -}}
{% endmacro %}
