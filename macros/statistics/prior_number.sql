{#- A number of the prior on the scale of the posterior; 0 where the prior is flat. -#}
{% macro prior_number(setting) %}
    {%- set number = experiment_metrics.setting_literal(setting) -%}
    {%- if var('bayesian_prior') == 'flat' -%}
        {{- return('0e0') -}}
    {%- elif var('bayesian_prior') == var('bayesian_scale') -%}
        {{- return(number) -}}
    {%- elif var('bayesian_prior') == 'relative' -%}
        {{- return(number ~ ' * reference_size') -}}
    {%- endif -%}
    {{- return(number ~ ' / reference_size') -}}
{% endmacro %}
