{#- CTEs that end in `measured_lifts`: status, lifts and their standard errors. The relative lift r is
    measured against the size of the reference's value m, so that an increase is positive where m is
    negative; its variance is that of the delta method,

        (v_t/n_t + ((1 + r)^2 v - 2 (1 + r) theta c + theta^2 v_x)/n) / m^2

    with v, v_x and c of the reference's units, before the adjustment by theta where there is one. It is
    0 where no unit of the variation has anything, and says nothing then.
    relative_own, relative_mixed and relative_reference, from which Fieller's interval is made, are the
    variance of the absolute lift, its covariance with the reference's value, and the variance of that
    value, all over m^2. -#}
{% macro measure_lifts(pairs) %}
judged_pairs as {{ experiment_metrics.materialized() }} (
    select
        {{ pairs }}.*,
        {{ experiment_metrics.pair_status() }} as status,
        nullif(abs(plain_reference_value), 0) as reference_size,
        variance / nullif(unit_count, 0) as own_share,
        reference_variance / nullif(reference_unit_count, 0) as reference_share,
        plain_variance / nullif(unit_count, 0)
        + plain_reference_variance / nullif(reference_unit_count, 0)
            as plain_lift_variance
    from {{ pairs }}
),

absolute_lifts as {{ experiment_metrics.materialized() }} (
    select
        judged_pairs.*,
        case
            when status in ('ok', 'zero_reference', 'zero_variance')
                then metric_value - reference_metric_value
        end as absolute_lift,
        case
            when status in ('ok', 'zero_reference') then own_share + reference_share
        end as lift_variance
    from judged_pairs
),

relative_lifts as {{ experiment_metrics.materialized() }} (
    select
        absolute_lifts.*,
        sqrt(lift_variance) as absolute_lift_std_error,
        absolute_lift / sqrt(lift_variance) as t_statistic,
        own_share / lift_variance as own_part,
        absolute_lift / reference_size as relative_lift,
        case
            when lift_variance is not null
                then (plain_reference_value - reference_metric_value + metric_value)
                    / nullif(plain_reference_value, 0)
        end as relative_level,
        plain_reference_variance / nullif(reference_unit_count, 0) as reference_part,
        theta_covariance / nullif(reference_unit_count, 0) as mixed_part,
        theta_variance / nullif(reference_unit_count, 0) as theta_part
    from absolute_lifts
),

measured_lifts as {{ experiment_metrics.materialized() }} (
    select
        relative_lifts.*,
        1e0 / (
            own_part * own_part / (unit_count - 1)
            + (1 - own_part) * (1 - own_part) / (reference_unit_count - 1)
        ) as degrees_of_freedom,
        case
            when relative_level is not null
                then nullif(sqrt(greatest(
                    own_share + relative_level * relative_level * reference_part
                    - 2 * relative_level * mixed_part + theta_part,
                    0
                )), 0)
        end / reference_size as relative_lift_std_error,
        lift_variance / reference_size / reference_size as relative_own,
        (reference_part - mixed_part) / reference_size / plain_reference_value as relative_mixed,
        reference_part / reference_size / reference_size as relative_reference,
        case when lift_variance is not null then theta end as cuped_theta,
        case
            when estimator = 'cuped' then 1 - lift_variance / nullif(plain_lift_variance, 0)
        end as variance_reduction,
        coalesce(plain_reference_value < 0, false) as is_reference_negative
    from relative_lifts
)
{%- endmacro %}


{#- What a pair allows: the first that holds, from the top. -#}
{% macro pair_status() %}
case
            when unit_count = 0 or reference_unit_count = 0 then 'empty_variation'
            when metric_value is null and is_quantile then 'not_by_day'
            when metric_value is null then 'zero_denominator'
            when variation_id = reference_variation_id then 'reference'
            when reference_variation_id is null then 'no_reference_variation'
            when reference_metric_value is null then 'zero_denominator'
            when variance is null or reference_variance is null then 'too_few_units'
            when variance / unit_count + reference_variance / reference_unit_count = 0
                then 'zero_variance'
            when
                greatest(abs(metric_value), abs(reference_metric_value)) > 1e100
                or variance / unit_count + reference_variance / reference_unit_count < 1e-80
                then 'out_of_range'
            when plain_reference_value = 0 then 'zero_reference'
            else 'ok'
        end
{%- endmacro %}
