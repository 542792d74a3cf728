{#- P(X > x) for X chi-square distributed with df degrees of freedom, a whole number from 1 to 50:
    an expression of two columns or short expressions, which it repeats. Relative error below 1e-11
    where the result is more than 1e-290, and 0 where it is less than about 1e-295; null where an
    argument is null or out of its domain.
    A finite sum, for an odd df beside a normal tail (Abramowitz & Stegun 26.4.4 and 26.4.5). -#}
{% macro chi_square_sf(x, df) %}
    {%- set x = experiment_metrics.operand(x) -%}
    {%- set df = experiment_metrics.operand(df) -%}
    {%- set is_valid = x ~ " >= 0 and " ~ experiment_metrics.is_finite(x) ~ " and " ~ df ~ " between 1 and 50 and "
        ~ df ~ " = floor(" ~ df ~ ")" -%}
    {%- set is_even = df ~ " = 2e0 * floor(" ~ df ~ " / 2e0)" -%}
    {#- The logarithm of the result times -2, but for a few units that keep it above underflow. -#}
    {%- set exponent = x ~ " - " ~ df ~ " * ln((" ~ x ~ " + 1e0) / " ~ df ~ ")" -%}
    {#- exp(-x/2) in two factors: it may underflow where its product with the sum does not. -#}
    {%- set factor = "exp(-0.25e0 * " ~ x ~ ")" -%}
    {%- set even_sum = experiment_metrics.chi_square_sum(x, df, 2) -%}
    {%- set odd_sum = "case when " ~ df ~ " > 1 then sqrt(" ~ x ~ " / 1.5707963267948966e0) * "
        ~ experiment_metrics.chi_square_sum(x, df, 3) ~ " else 0e0 end" -%}
    {{- return(
        "case when " ~ is_valid ~ " then case when " ~ x ~ " < 1e-40 then 1e0 when "
        ~ exponent ~ " > 1400e0 then 0e0 when " ~ is_even ~ " then least(1e0, "
        ~ factor ~ " * " ~ even_sum ~ " * " ~ factor
        ~ ") else least(1e0, " ~ factor ~ " * " ~ odd_sum ~ " * " ~ factor ~ " + "
        ~ experiment_metrics.normal_two_sided_p("sqrt(" ~ x ~ ")") ~ ") end end"
    ) -}}
{% endmacro %}


{#- 1 + x/n + x^2/(n (n + 2)) + ..., n from first, 2 for an even df and 3 for an odd one, to df - 2.
    Term by term: nested brackets would be too deep for parsers of SQL. Where x is below 1e-12, its
    powers would underflow, and are nothing beside 1. -#}
{% macro chi_square_sum(x, df, first) %}
    {%- set series = namespace(divisor=1, terms=['1e0']) -%}
    {%- for n in range(first, first + 47, 2) -%}
        {%- set series.divisor = series.divisor * n -%}
        {%- do series.terms.append(
            "case when " ~ df ~ " > " ~ n ~ " then power(greatest(" ~ x ~ ", 1e-12), " ~ loop.index
            ~ ") / " ~ experiment_metrics.double_literal(series.divisor) ~ " else 0e0 end"
        ) -%}
    {%- endfor -%}
    {{- return("(" ~ series.terms | join(" + ") ~ ")") -}}
{% endmacro %}
