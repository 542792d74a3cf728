{#- Hall's correction of a t statistic for skewness: g(t) = t + s (2 t^2 + 1)/6 + s^2 t^3/27, the
    polynomial of ((1 + s t/3)^3 - 1)/s + s/6, which rises with t. Hall, P. (1992), On the removal of
    skewness by transformation, J. R. Statist. Soc. B 54.
    t, skewness: text, SQL expressions, the second the skewness s of the statistic; null is none. -#}
{% macro unskewed(t, skewness) %}
    {%- if not var('skewness_correction') -%}
        {{- return(t) -}}
    {%- endif -%}
    {%- set s = "coalesce(" ~ skewness ~ ", 0)" -%}
    {{- return(
        "case when abs(" ~ t ~ ") > 1e50 then " ~ t ~ " else " ~ t ~ " + " ~ s ~ " * (2e0 * " ~ t ~ " * " ~ t
        ~ " + 1e0) / 6e0 + " ~ s ~ " * " ~ s ~ " * " ~ t ~ " * " ~ t ~ " * " ~ t ~ " / 27e0 end"
    ) -}}
{% endmacro %}


{#- Its inverse, the t of which g(t) is q: with d = q - s/6 and c^3 = 1 + s d it is 3 d/(c^2 + c + 1),
    which is q where s is 0, and loses no digits where s is near it. -#}
{% macro skewed(q, skewness) %}
    {%- if not var('skewness_correction') -%}
        {{- return(q) -}}
    {%- endif -%}
    {%- set s = "coalesce(" ~ skewness ~ ", 0)" -%}
    {%- set d = "(" ~ q ~ " - " ~ s ~ " / 6e0)" -%}
    {%- set c = "cbrt(1e0 + " ~ s ~ " * " ~ d ~ ")" -%}
    {{- return("3e0 * " ~ d ~ " / (1e0 + " ~ c ~ " * (1e0 + " ~ c ~ "))") -}}
{% endmacro %}


{#- Whether one of two variations has fewer than 30 units, all with one value, and the other at least twice as
    many: of 5 against 100 units with the values 0 and 1 at even odds, Welch's test would find a difference in
    8 % of experiments without one, at the level 0.001. few, many: text, what the columns' names begin with. -#}
{% macro is_constant_of_few(few, many) %}
    {{- return(
        few ~ "variance = 0 and " ~ few ~ "unit_count < 30 and " ~ many ~ "unit_count >= 2 * " ~ few ~ "unit_count"
    ) -}}
{% endmacro %}
