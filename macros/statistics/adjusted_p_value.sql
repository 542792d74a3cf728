{#- The i-th smallest of m p-values, times m / i (Benjamini-Hochberg) or times m - i + 1 (Holm). -#}
{% macro weighted_p_value(method, partition) %}
    {%- set count = "count(p_value) over (partition by " ~ partition -%}
    {%- if method == 'benjamini_hochberg' -%}
        {{- return(
            "p_value * " ~ count ~ ")\n        / " ~ count ~ " order by p_value)"
        ) -}}
    {%- elif method == 'holm' -%}
        {{- return(
            "p_value * (1 + " ~ count ~ ")\n        - rank() over (partition by " ~ partition
            ~ ", p_value is null order by p_value))"
        ) -}}
    {%- endif -%}
    {{- return("p_value") -}}
{% endmacro %}


{#- The smallest weighted p-value from the largest p-value down, or the largest from the smallest up, so
    that a smaller p-value is never adjusted to a larger one. -#}
{% macro running_p_value(method, column, partition) %}
    {%- if method == 'benjamini_hochberg' -%}
        {{- return(
            "min(" ~ column ~ ") over (partition by " ~ partition ~ " order by p_value desc)"
        ) -}}
    {%- elif method == 'holm' -%}
        {{- return(
            "max(" ~ column ~ ") over (partition by " ~ partition
            ~ ", p_value is null order by p_value)"
        ) -}}
    {%- endif -%}
    {{- return(column) -}}
{% endmacro %}
