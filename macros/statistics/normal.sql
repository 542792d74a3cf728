{#- The standard normal distribution, as expressions of one column or short expression, which they
    repeat some twenty times. Null where the argument is null, infinite or NaN. -#}


{#- Mills' ratio M(x) = P(Z > x) / exp(-x^2/2), for x >= 0. Relative error below 2e-15 to x = 38,
    2e-12 beyond. -#}
{% macro mills(x) %}
    {{- return(experiment_metrics.rational_function(x, 'mills')) -}}
{% endmacro %}


{#- The tail beyond abs(z), exp(-z^2/2) M(abs(z)); 0 beyond 37.1, where it is less than 1e-300. -#}
{% macro normal_tail(z) %}
    {%- set size = "abs(" ~ z ~ ")" -%}
    {{- return(
        "case when " ~ size ~ " < 1e-20 then 0.5e0 when " ~ size ~ " <= 37.1e0 then exp(-0.5e0 * "
        ~ size ~ " * " ~ size ~ ") * " ~ experiment_metrics.mills(size) ~ " when " ~ experiment_metrics.is_finite(z) ~ " then 0e0 end"
    ) -}}
{% endmacro %}


{#- P(Z > z). Relative error below 1e-12 for abs(z) <= 30. -#}
{% macro normal_sf(z) %}
    {{- return("abs(case when " ~ z ~ " < 0 then 1e0 else 0e0 end - " ~ experiment_metrics.normal_tail(z) ~ ")") -}}
{% endmacro %}


{#- P(Z <= z). Relative error below 1e-12 for abs(z) <= 30. -#}
{% macro normal_cdf(z) %}
    {{- return("abs(case when " ~ z ~ " > 0 then 1e0 else 0e0 end - " ~ experiment_metrics.normal_tail(z) ~ ")") -}}
{% endmacro %}


{#- P(abs(Z) > abs(z)). Relative error below 1e-12 for abs(z) <= 30. -#}
{% macro normal_two_sided_p(z) %}
    {{- return("(2e0 * " ~ experiment_metrics.normal_tail(z) ~ ")") -}}
{% endmacro %}


{#- The density of Z at z; 0 beyond 37.1. Relative error below 1e-12. -#}
{% macro normal_pdf(z) %}
    {%- set size = "abs(" ~ z ~ ")" -%}
    {%- set peak = "0.3989422804014327e0" -%}
    {{- return(
        "case when " ~ size ~ " < 1e-20 then " ~ peak ~ " when " ~ size ~ " <= 37.1e0 then " ~ peak
        ~ " * exp(-0.5e0 * " ~ size ~ " * " ~ size ~ ") when " ~ experiment_metrics.is_finite(z) ~ " then 0e0 end"
    ) -}}
{% endmacro %}


{#- The z with P(Z > z) = p, for 0 < p < 1, else null. Relative error below 1e-12 for p from 1e-300
    to 1 - 1e-15. A rational function of the distance to 1/2 or, in the tails, of
    sqrt(-2 ln(tail)). -#}
{% macro normal_isf(p) %}
    {%- set p = experiment_metrics.operand(p) -%}
    {%- set q = "(0.5e0 - " ~ p ~ ")" -%}
    {%- set r = "(sqrt(-2e0 * ln(least(" ~ p ~ ", 1e0 - " ~ p ~ "))) - 2.2e0)" -%}
    {{- return(
        "case when abs" ~ q ~ " <= 0.425e0 then "
        ~ q ~ " * " ~ experiment_metrics.rational_function(q ~ " * " ~ q, 'normal_isf_central')
        ~ " when " ~ p ~ " > 0e0 and " ~ p ~ " < 1e0 then case when " ~ p
        ~ " < 0.5e0 then 1e0 else -1e0 end * " ~ experiment_metrics.rational_function(r, 'normal_isf_tail') ~ " end"
    ) -}}
{% endmacro %}
