{#- How many standard errors a lift must be from 0 to be significant. Reads test, fixed_quantile, look_scale and
    comparison_alpha. -#}
{% macro planned_quantile() %}
    {{- return(
        "case when test = 'fixed' then fixed_quantile else "
        ~ experiment_metrics.sequential_quantile('look_scale', 'comparison_alpha') ~ " end"
    ) -}}
{% endmacro %}
