{#- How many comparisons of a plan are adjusted together: of each planned metric, all variations with the reference. -#}
{% macro planned_comparison_count() %}
    {{- return([experiment_metrics.planned_metrics() | length, 1] | max * (var('plan_shares') | length - 1)) -}}
{% endmacro %}


{#- The level below which a p-value is significant however many of the other differences are: adjusted by Holm's or by
    Benjamini and Hochberg's method, the smallest of m is compared with alpha / m. test: text, fixed or sequential, of
    which the latter is not adjusted. -#}
{% macro comparison_alpha(test) %}
    {%- set is_adjusted = test == 'fixed' and var('p_value_adjustment') != 'none' -%}
    {{- return(var('alpha') / experiment_metrics.planned_comparison_count() if is_adjusted else var('alpha')) -}}
{% endmacro %}
