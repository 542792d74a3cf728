{#- A number as a SQL literal of a double: without an exponent it would be a decimal. -#}
{% macro double_literal(number) %}
    {%- set text = number | float | string -%}
    {{- return(text if 'e' in text else text ~ 'e0') -}}
{% endmacro %}


{#- An expression that may stand beside any operator: in parentheses, unless it is a name, a number
    or a function of one. -#}
{% macro operand(expression) %}
    {%- set is_simple = modules.re.fullmatch('[\\w.]+(\\([\\w.]+\\))?', expression) -%}
    {{- return(expression if is_simple else "(" ~ expression ~ ")") -}}
{% endmacro %}


{#- Whether a number is neither infinite nor NaN, which some warehouses order above all others. -#}
{% macro is_finite(x) %}
    {{- return("abs(" ~ x ~ ") <= 1.7e308") -}}
{% endmacro %}


{#- A polynomial by Horner's rule. x: text, the variable, repeated once per power; coefficients:
    list of numbers, ascending. -#}
{% macro horner(x, coefficients) %}
    {%- set polynomial = namespace(sql=experiment_metrics.double_literal(coefficients[-1])) -%}
    {%- for coefficient in coefficients[:-1] | reverse -%}
        {%- set polynomial.sql = "(" ~ experiment_metrics.double_literal(coefficient) ~ " + " ~ experiment_metrics.operand(x) ~ " * "
            ~ polynomial.sql ~ ")" -%}
    {%- endfor -%}
    {{- return(polynomial.sql) -}}
{% endmacro %}


{#- A ratio of two polynomials. function: text, whose coefficients. -#}
{% macro rational_function(x, function) %}
    {{- return(
        "(" ~ experiment_metrics.horner(x, experiment_metrics.special_function_coefficients(function ~ '_numerator'))
        ~ " / " ~ experiment_metrics.horner(x, experiment_metrics.special_function_coefficients(function ~ '_denominator')) ~ ")"
    ) -}}
{% endmacro %}


{#- exp(-x) for x >= 0, and 0 where that is below 1e-299: some warehouses raise an error where a
    double underflows. -#}
{% macro decay(x) %}
    {%- set x = experiment_metrics.operand(x) -%}
    {{- return("case when " ~ x ~ " > 690e0 then 0e0 else exp(-" ~ x ~ ") end") -}}
{% endmacro %}


{#- ln(1 + x) for x >= 0 that keeps its digits where x is small: the rounding of u = 1 + x cancels
    in ln(u) / (u - 1). -#}
{% macro log1p(x) %}
    {%- set x = experiment_metrics.operand(x) -%}
    {%- set u = "(1e0 + " ~ x ~ ")" -%}
    {{- return(
        "case when " ~ u ~ " = 1e0 then " ~ x
        ~ " else " ~ x ~ " * ln" ~ u ~ " / (" ~ u ~ " - 1e0) end"
    ) -}}
{% endmacro %}


{#- exp(x) - 1 for 0 <= x <= 690, in the same way. -#}
{% macro expm1(x) %}
    {%- set x = experiment_metrics.operand(x) -%}
    {%- set u = "exp(" ~ x ~ ")" -%}
    {{- return(
        "case when " ~ u ~ " = 1e0 then " ~ x
        ~ " else " ~ x ~ " * (" ~ u ~ " - 1e0) / ln(" ~ u ~ ") end"
    ) -}}
{% endmacro %}


{#- A number, or null where it is infinite or none. -#}
{% macro finite(column) %}
    {{- return("case when abs(" ~ column ~ ") < 1e300 then " ~ column ~ " end") -}}
{% endmacro %}


{#- A var's number as a literal. -#}
{% macro setting_literal(name) %}
    {{- return(experiment_metrics.double_literal(var(name))) -}}
{% endmacro %}
