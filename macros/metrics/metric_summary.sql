{#- The value of a metric and its variance, from a row of moments: the mean; for a ratio the sum over the
    sum of the denominators, with the variance of the delta method,
    (v_n - 2 R c_nd + R^2 v_d) / mean(d)^2. moments: text, the row's alias. -#}
{% macro metric_summary(moments) %}
    {%- set ratio = moments ~ ".observation_mean / nullif(" ~ moments ~ ".denominator_mean, 0)" -%}
        case
            when {{ moments }}.denominator_sum is null then {{ moments }}.observation_mean
            else {{ ratio }}
        end as metric_value,
        case
            when {{ moments }}.denominator_sum is null then {{ moments }}.observation_variance
            -- Rounding may take a variance of nothing below 0.
            else greatest(
                (
                    {{ moments }}.observation_variance
                    - 2 * {{ ratio }} * {{ moments }}.observation_denominator_covariance
                    + {{ ratio }} * {{ ratio }} * {{ moments }}.denominator_variance
                ) / nullif({{ moments }}.denominator_mean * {{ moments }}.denominator_mean, 0),
                0
            )
        end as variance
{%- endmacro %}
