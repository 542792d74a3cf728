{#- P(X > x) for X chi-square distributed with df degrees of freedom, a whole number from 1 to 50: an
    expression of two columns or short expressions, which it repeats. Relative error below 1e-11 where
    the result is more than 1e-290, and 0 where it is less than about 1e-300; null where an argument is
    null or out of its domain.
    A finite sum (Abramowitz & Stegun 26.4.4 and 26.4.5), for an odd df besides a normal tail. -#}
{% macro chi_square_sf(x, df) %}
    {%- set even = chi_square_sum(x, df, 2) -%}
    {%- set odd = "case when " ~ df ~ " > 1 then sqrt(" ~ x ~ " / 1.5707963267948966e0) * "
        ~ chi_square_sum(x, df, 3) ~ " else 0e0 end" -%}
    {%- set is_even = df ~ " = 2e0 * floor(" ~ df ~ " / 2e0)" -%}
    {#- Twice the root of exp(-x/2), which itself would underflow before the product does. -#}
    {%- set root = "exp(-0.25e0 * " ~ x ~ ")" -%}
    {%- set is_valid = x ~ " >= 0 and " ~ is_finite(x) ~ " and " ~ df ~ " between 1 and 50 and "
        ~ df ~ " = floor(" ~ df ~ ")" -%}
    {#- At least the logarithm of the result, times -2. -#}
    {%- set exponent = x ~ " - " ~ df ~ " * ln((" ~ x ~ " + 1e0) / " ~ df ~ ")" -%}
    {{- return(
        "case when not (" ~ is_valid ~ ") then null when " ~ exponent ~ " > 1400e0 then 0e0"
        ~ " else " ~ root ~ " * " ~ root ~ " * case when " ~ is_even ~ " then " ~ even
        ~ " else " ~ odd ~ " end"
        ~ " + case when " ~ is_even ~ " then 0e0 else " ~ normal_two_sided_p("sqrt(" ~ x ~ ")")
        ~ " end end"
    ) -}}
{% endmacro %}


{#- 1 + x/n (1 + x/(n + 2) (1 + ...)) from n = first to df - 2. -#}
{% macro chi_square_sum(x, df, first) %}
    {%- set sum = namespace(sql='1e0') -%}
    {%- for n in range(first + 46, first - 1, -2) -%}
        {%- set sum.sql = "case when " ~ df ~ " > " ~ n ~ " then 1e0 + " ~ x ~ " / "
            ~ double_literal(n) ~ " * " ~ sum.sql ~ " else 1e0 end" -%}
    {%- endfor -%}
    {{- return(sum.sql) -}}
{% endmacro %}
