{#- The segments: the var `segments`, with what `defaults` stands for in it. -#}
{% macro segments() %}
    {%- set names = [] -%}
    {%- for name in var('segments') -%}
        {%- do names.extend(experiment_metrics.default_segments() if name == 'defaults' else [name]) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}


{#- Those that `defaults` stands for in the var `segments`: attributes of Optimizely's export, none where other
    exposures are read. Nobody asked for them, so they split only the experiments that have them. -#}
{% macro default_segments() %}
    {%- set is_meant = 'defaults' in var('segments') and experiment_metrics.is_read('stg_optimizely__decisions') -%}
    {{- return(['browser', 'country'] | reject('in', var('segments')) | list if is_meant else []) -}}
{% endmacro %}
