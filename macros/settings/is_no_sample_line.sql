{#- The condition that a line of the settings is held to the data: where Optimizely's export is not read, the
    sample's lines may stay. id: text, the SQL of its experiment or visitor. -#}
{% macro is_no_sample_line(id) %}
    {%- if experiment_metrics.is_read('stg_optimizely__decisions') -%}{{- return('true') -}}{%- endif -%}
    {%- set literals = [] -%}
    {%- for sample_id in experiment_metrics.sample_setting_ids() -%}
        {%- do literals.append(experiment_metrics.string_literal(sample_id)) -%}
    {%- endfor -%}
    {{- return(id ~ " not in (" ~ literals | join(", ") ~ ")") -}}
{% endmacro %}


{#- The experiments and excluded visitors of the sample's settings. -#}
{% macro sample_setting_ids() %}
    {{- return([
        '18786493712', '18791230454', '18794561209', 'qa_visitor_1', 'qa_visitor_2', 'qa_visitor_3'
    ]) -}}
{% endmacro %}
