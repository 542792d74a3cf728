{#- The quantile of a group's values, as an aggregate: between the two values next to it, by its
    distance to each (type 7 of Hyndman and Fan, the default of numpy and R), and no ulp off where they
    are the same. The rows have value_rank, from 1, and value_count. value: text, a column; level: text,
    a column, the same for all rows of a group, from 0 to 1; null where it is. -#}
{% macro quantile_by_rank(value, level) %}
    {%- set position = "(value_count - 1) * " ~ level -%}
    {%- set low = "max(case when value_rank = floor(" ~ position ~ ") + 1 then " ~ value ~ " end)" -%}
    {%- set high = "max(case when value_rank = floor(" ~ position ~ ") + 2 then " ~ value ~ " end)" -%}
    {%- set weight = "max(" ~ position ~ " - floor(" ~ position ~ "))" -%}
    {{ low }}
        + coalesce({{ weight }} * ({{ high }} - {{ low }}), 0)
{%- endmacro %}


{#- A value limited to the bounds of its metric; null where the value is. Reads caps, a row of
    metric_caps. part: text, what the bounds are of: denominator_ for those of a ratio's denominator. -#}
{% macro capped(value, part='') %}
    {%- set lower, upper = 'caps.' ~ part ~ 'lower_bound', 'caps.' ~ part ~ 'upper_bound' -%}
    {{- return(
        "case\n            when " ~ value ~ " < " ~ lower ~ " then " ~ lower
        ~ "\n            when " ~ value ~ " > " ~ upper ~ " then " ~ upper
        ~ "\n            else " ~ value ~ "\n        end"
    ) -}}
{% endmacro %}
