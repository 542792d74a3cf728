{#- What Stirling's formula leaves of ln gamma(z): for all z above 0 to 1e-10. Below 10 the series is too
    coarse, and the rest of z + 10 goes before, by gamma(z + 1) = z gamma(z).
    z: text, a column or a short expression, which it repeats. -#}
{% macro stirling_rest(z) %}
    {%- set z = experiment_metrics.operand(z) -%}
    {%- set steps = [] -%}
    {%- for n in range(10) -%}
        {%- set whole = "(" ~ z ~ " + " ~ experiment_metrics.double_literal(n) ~ ")" -%}
        {%- do steps.append(
            "(" ~ whole ~ " + 0.5e0) * ln((" ~ whole ~ " + 1e0) / " ~ whole ~ ") - 1e0"
        ) -%}
    {%- endfor -%}
    {{- return(
        "case when " ~ z ~ " >= 10e0 then " ~ experiment_metrics.stirling_series(z) ~ " else "
        ~ experiment_metrics.stirling_series("(" ~ z ~ " + 10e0)") ~ " + " ~ steps | join(" + ") ~ " end"
    ) -}}
{% endmacro %}


{#- The same by its series, for z of 10 and more. -#}
{% macro stirling_series(z) %}
    {{- return(
        "1e0 / (12e0 * " ~ z ~ ") - 1e0 / (360e0 * power(" ~ z ~ ", 3)) + 1e0 / (1260e0 * power("
        ~ z ~ ", 5))"
    ) -}}
{% endmacro %}
