{#- Columns of a pair of amount_scales: ratio, how many times as large the one's typical amount is as the
    other's, whichever is larger; is_certain, whether they are 5 standard errors apart. one, other: text,
    aliases. -#}
{% macro scale_shift(one, other) %}
    {%- set distance = one ~ ".log_mean - " ~ other ~ ".log_mean" -%}
        exp(least(abs({{ distance }}), 69)) as ratio,
        ({{ distance }}) * ({{ distance }})
        >= 25 * ({{ one }}.log_mean_variance + {{ other }}.log_mean_variance) as is_certain
{%- endmacro %}


{#- CTEs that end in `findings`: of each experiment's `pairs` the one that is told. What is certain and beyond
    the threshold goes before a larger ratio that may be chance. order_by: list of text, columns of a pair
    that settle the rest. -#}
{% macro largest_scale_shift(order_by) %}
ranked as (
    select
        pairs.*,
        row_number() over (
            partition by pairs.experiment_id
            order by
                case
                    when pairs.is_certain and pairs.ratio >= {{ var('scale_shift_ratio') }} then 0
                    else 1
                end,
                pairs.ratio desc, {{ experiment_metrics.prefixed('pairs', order_by) | join(', ') }}
        ) as place
    from pairs
),

findings as (
    select
        ranked.*,
        ranked.ratio as check_value
    from ranked
    where ranked.place = 1
)
{%- endmacro %}
