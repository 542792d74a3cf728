{#- The rows of a door's model where they were delivered, before anything was done with them. -#}
{% macro raw_rows(model_name) %}
    {%- if model_name == 'stg_optimizely__decisions' -%}{{- return(source('optimizely', 'decisions')) -}}
    {%- elif model_name == 'stg_optimizely__events' -%}{{- return(source('optimizely', 'events')) -}}
    {%- elif model_name == 'stg_call_center__calls' -%}{{- return(experiment_metrics.raw_call_data() ~ ' as call_data') -}}
    {%- elif model_name == 'stg_tables__exposures' -%}{{- return(experiment_metrics.plain_relation('exposures')) -}}
    {%- elif model_name == 'stg_tables__events' -%}{{- return(experiment_metrics.plain_relation('events')) -}}
    {%- endif -%}
    {{- return(ref(model_name)) -}}
{% endmacro %}
