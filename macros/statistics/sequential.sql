{#- The normal mixture of the sequential test, which holds at every look: docs/statistics/results.md. -#}


{#- How many times the information at the target one unit of the two variations has. alpha: text, SQL. -#}
{% macro look_scale_of_unit(alpha) %}
    {%- set a = experiment_metrics.operand(alpha) -%}
    {{- return(
        "(-2e0 * ln(" ~ a ~ ") + ln(1e0 - 2e0 * ln(" ~ a ~ "))) / "
        ~ experiment_metrics.setting_literal('sequential_target_units')
    ) -}}
{% endmacro %}


{#- How many standard errors a lift must be from 0 at a look. look_scale, alpha: text, columns. -#}
{% macro sequential_quantile(look_scale, alpha) %}
    {{- return(
        "sqrt((1e0 + 1e0 / " ~ look_scale ~ ") * (ln(1e0 + " ~ look_scale ~ ") - 2e0 * ln(" ~ alpha ~ ")))"
    ) -}}
{% endmacro %}
