{#- Gamma(a + 1/2) / Gamma(a + 1), for a >= 1/2. Relative error below 1e-14. -#}
{% macro gamma_ratio(a) %}
    {%- set a = experiment_metrics.operand(a) -%}
    {{- return("(" ~ experiment_metrics.rational_function(a, 'gamma_ratio') ~ " / sqrt(" ~ a ~ " + 0.25e0))") -}}
{% endmacro %}
