{#- CTEs that end in `adjusted_p_values`: p-values adjusted for how many there are, by the var
    p_value_adjustment. The headline rows of a family are adjusted among themselves; a row of another
    estimator among the family's rows of that estimator, as if that one were read everywhere. Rows
    without a p-value do not count. Equal p-values stay equal: a window without a frame ends with
    the last of the rows that are equal in its order.
    comparisons: text, a CTE with p_value, estimator and is_headline; family: list of text. -#}
{% macro adjust_p_values(comparisons, family) %}
    {%- set method = var('p_value_adjustment') -%}
    {%- set headline = family | join(', ') ~ ", is_headline" -%}
    {%- set estimator = family | join(', ') ~ ", estimator" -%}
weighted_p_values as {{ experiment_metrics.materialized() }} (
    select
        {{ comparisons }}.*,
        {{ experiment_metrics.weighted_p_value(method, headline) }} as headline_p_value,
        {{ experiment_metrics.weighted_p_value(method, estimator) }} as estimator_p_value
    from {{ comparisons }}
),

adjusted_p_values as {{ experiment_metrics.materialized() }} (
    select
        weighted_p_values.*,
        case
            when p_value is null then null
            -- The product of a p-value and m / m may be a last digit less than the p-value.
            when is_headline then greatest(
                p_value, least({{ experiment_metrics.running_p_value(method, 'headline_p_value', headline) }}, 1)
            )
            else greatest(
                p_value, least({{ experiment_metrics.running_p_value(method, 'estimator_p_value', estimator) }}, 1)
            )
        end as adjusted_p_value
    from weighted_p_values
)
{%- endmacro %}


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
