{#- The condition that a line of the settings is held to the data: the sample's lines are where its experiments are
    there. Beside other data they may stay; beside another export one test warns of all of them together.
    id: text, the SQL of a line's experiment or visitor. -#}
{% macro is_no_sample_line(id) %}
    {%- set is_no_id = "not " ~ experiment_metrics.is_sample_id(id) -%}
    {%- if experiment_metrics.is_read('stg_optimizely__decisions') -%}
        {{- return("(" ~ is_no_id ~ " or " ~ experiment_metrics.has_sample_exposures() ~ ")") -}}
    {%- endif -%}
    {{- return(is_no_id) -}}
{% endmacro %}


{#- Whether an experiment or a visitor is one of those of the sample's settings, as SQL. -#}
{% macro is_sample_id(id) %}
    {%- set literals = [] -%}
    {%- for sample_id in experiment_metrics.sample_experiment_ids() + ['qa_visitor_1', 'qa_visitor_2', 'qa_visitor_3'] -%}
        {%- do literals.append(experiment_metrics.string_literal(sample_id)) -%}
    {%- endfor -%}
    {{- return(id ~ " in (" ~ literals | join(", ") ~ ")") -}}
{% endmacro %}


{#- Whether the exposures are the sample's, as SQL. -#}
{% macro has_sample_exposures() %}
    {%- set literals = [] -%}
    {%- for sample_id in experiment_metrics.sample_experiment_ids() -%}
        {%- do literals.append(experiment_metrics.string_literal(sample_id)) -%}
    {%- endfor -%}
    {{- return(
        "exists (select 1 from " ~ ref('experiment_metrics', 'all_exposures') ~ " where experiment_id in ("
        ~ literals | join(", ") ~ "))"
    ) -}}
{% endmacro %}


{% macro sample_experiment_ids() %}
    {{- return(['18786493712', '18791230454', '18794561209']) -}}
{% endmacro %}
