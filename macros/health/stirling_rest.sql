{#- What Stirling's formula leaves of ln gamma(z): for z of 10 and more to 1e-10. z: text. -#}
{% macro stirling_rest(z) %}
    {%- set z = operand(z) -%}
    {{- return(
        "(1e0 / (12e0 * " ~ z ~ ") - 1e0 / (360e0 * power(" ~ z ~ ", 3)) + 1e0 / (1260e0 * power("
        ~ z ~ ", 5)))"
    ) -}}
{% endmacro %}
