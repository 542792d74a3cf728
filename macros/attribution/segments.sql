{#- The segments: the var `segments`, where `defaults` stands for the browser of Optimizely's export, and for
    nothing where other exposures are read. -#}
{% macro segments() %}
    {%- set names = [] -%}
    {%- for name in var('segments') -%}
        {%- if name != 'defaults' -%}
            {%- do names.append(name) -%}
        {%- elif experiment_metrics.is_read('stg_optimizely__decisions') -%}
            {%- do names.append('browser') -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
