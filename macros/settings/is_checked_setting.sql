{#- The condition that a line of the settings is held to what is known of metrics. Where Optimizely's export
    is not read, the lines of experiments that the data don't have are the sample's, whose metrics are
    not there. -#}
{% macro is_checked_setting() %}
    {%- if experiment_metrics.is_read('stg_optimizely__decisions') -%}{{- return('true') -}}{%- endif -%}
    {{- return("experiment_id in (select experiment_id from " ~ ref('all_exposures') ~ ")") -}}
{% endmacro %}
