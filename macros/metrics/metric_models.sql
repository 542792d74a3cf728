{#- The metrics: the names of the models of the var `metrics`, each a file with one call of
    metric_observations. dbt learns from the list what the union of all metrics depends on. -#}
{% macro metric_models() %}
    {{- return(var('metrics') | unique(case_sensitive=true) | list) -}}
{% endmacro %}
