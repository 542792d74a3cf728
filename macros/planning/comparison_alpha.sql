{#- How many comparisons of a plan are adjusted together: of each planned metric, all variations with the reference. -#}
{% macro planned_comparison_count() %}
    {%- set metric_count = experiment_metrics.planned_metrics() | length -%}
    {{- return([metric_count * (experiment_metrics.planned_shares() | length - 1), 1] | max) -}}
{% endmacro %}


{#- The level below which a p-value is significant however many of the other differences are: adjusted by Holm's or by
    Benjamini and Hochberg's method, the smallest of m is compared with alpha / m. test: text, fixed or sequential, of
    which the latter is not adjusted. -#}
{% macro comparison_alpha(test) %}
    {%- set is_adjusted = test == 'fixed' and var('p_value_adjustment') != 'none' -%}
    {#- Vars are checked when a run begins, so that whatever stands in one is taken while the project is parsed. -#}
    {%- set alpha = var('alpha') | float -%}
    {{- return(alpha / experiment_metrics.planned_comparison_count() if is_adjusted else alpha) -}}
{% endmacro %}


{#- The shares of the variations, the reference's first. Vars are checked when a run begins; what can't be shares is taken
    for two halves while the project is parsed. -#}
{% macro planned_shares() %}
    {%- set shares = var('plan_shares') -%}
    {{- return(shares if experiment_metrics.are_shares(shares) else [0.5, 0.5]) -}}
{% endmacro %}
