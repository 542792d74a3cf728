{#- A number as a SQL literal of a double: without an exponent it would be a decimal. -#}
{% macro double_literal(number) %}
    {%- set text = number | float | string -%}
    {{- return(text if 'e' in text else text ~ 'e0') -}}
{% endmacro %}


{#- A polynomial by Horner's rule. x: the SQL expression of its variable, repeated once per power;
    coefficients: numbers, ascending. -#}
{% macro horner(x, coefficients) %}
    {%- set polynomial = namespace(sql=double_literal(coefficients[-1])) -%}
    {%- for coefficient in coefficients[:-1] | reverse -%}
        {%- set polynomial.sql
            = "(" ~ double_literal(coefficient) ~ " + " ~ x ~ " * " ~ polynomial.sql ~ ")" -%}
    {%- endfor -%}
    {{- return(polynomial.sql) -}}
{% endmacro %}


{#- A ratio of two polynomials. function: whose coefficients. -#}
{% macro rational_function(x, function) %}
    {{- return(
        "(" ~ horner(x, special_function_coefficients(function ~ '_numerator'))
        ~ " / " ~ horner(x, special_function_coefficients(function ~ '_denominator')) ~ ")"
    ) -}}
{% endmacro %}


{#- ln(1 + x) for x >= 0, without the loss of digits where x is small: the error of 1 + x cancels in
    ln(u) / (u - 1), u = 1 + x as it was rounded. -#}
{% macro log1p(x) %}
    {%- set u = "(1e0 + " ~ x ~ ")" -%}
    {{- return(
        "case when " ~ u ~ " = 1e0 then " ~ x
        ~ " else " ~ x ~ " * ln" ~ u ~ " / (" ~ u ~ " - 1e0) end"
    ) -}}
{% endmacro %}


{#- exp(x) - 1 for 0 <= x <= 690, in the same way. -#}
{% macro expm1(x) %}
    {%- set u = "exp(" ~ x ~ ")" -%}
    {{- return(
        "case when " ~ u ~ " = 1e0 then " ~ x
        ~ " else " ~ x ~ " * (" ~ u ~ " - 1e0) / ln(" ~ u ~ ") end"
    ) -}}
{% endmacro %}


{#- exp(-x) for x >= 0, and 0 where that is below 1e-300: some warehouses raise an error where a
    double underflows. -#}
{% macro decay(x) %}
    {{- return("case when " ~ x ~ " > 690e0 then 0e0 else exp(-" ~ x ~ ") end") -}}
{% endmacro %}


{#- Whether a number is neither null, infinite nor not a number. -#}
{% macro is_finite(x) %}
    {{- return("abs(" ~ x ~ ") <= 1.7e308") -}}
{% endmacro %}
