with

pairs as (
    select * from {{ ref('variation_pairs') }}
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

-- The lift is measured against the size of the reference's value, so that an increase is positive
-- where that value is negative. Of cuped it is the value before the adjustment.
parts as {{ materialized() }} (
    select
        absolute_lifts.comparison_id,
        pairs.estimator,
        absolute_lifts.absolute_lift,
        absolute_lifts.lift_variance,
        pairs.plain_reference_value,
        nullif(abs(pairs.plain_reference_value), 0) as reference_size,
        case
            when absolute_lifts.lift_variance is not null
                then (
                    pairs.plain_reference_value - pairs.reference_metric_value + pairs.metric_value
                ) / nullif(pairs.plain_reference_value, 0)
        end as relative_level,
        pairs.variance / nullif(pairs.unit_count, 0) as own_share,
        pairs.plain_reference_variance / nullif(pairs.reference_unit_count, 0) as reference_part,
        pairs.theta_covariance / nullif(pairs.reference_unit_count, 0) as mixed_part,
        pairs.theta_variance / nullif(pairs.reference_unit_count, 0) as theta_part,
        pairs.plain_variance / nullif(pairs.unit_count, 0)
        + pairs.plain_reference_variance / nullif(pairs.reference_unit_count, 0)
            as plain_lift_variance,
        pairs.theta
    from absolute_lifts
    inner join pairs on absolute_lifts.comparison_id = pairs.comparison_id
),

-- The delta method's variance of r, with v, v_x and c of the reference's units before the
-- adjustment by theta: (v_t/n_t + ((1 + r)^2 v - 2 (1 + r) theta c + theta^2 v_x)/n) / m^2. It is 0
-- where no unit of the variation has anything, and says nothing then.
measured as {{ materialized() }} (
    select
        *,
        absolute_lift / reference_size as relative_lift,
        case
            when relative_level is not null
                then nullif(sqrt(greatest(
                    own_share + relative_level * relative_level * reference_part
                    - 2 * relative_level * mixed_part + theta_part,
                    0
                )), 0)
        end / reference_size as relative_lift_std_error,
        case
            when estimator = 'cuped' then 1 - lift_variance / nullif(plain_lift_variance, 0)
        end as variance_reduction
    from parts
),

-- Fieller's interval is made of the variance of the absolute lift, its covariance with the
-- reference's value, and the variance of that value, all over m^2.
lifts as (
    select
        comparison_id,
        reference_size,
        {{ finite('relative_lift') }} as relative_lift,
        {{ finite('relative_lift_std_error') }} as relative_lift_std_error,
        {{ finite('lift_variance / reference_size / reference_size') }} as relative_own,
        {{ finite('(reference_part - mixed_part) / reference_size / plain_reference_value') }}
            as relative_mixed,
        {{ finite('reference_part / reference_size / reference_size') }} as relative_reference,
        case when absolute_lift is not null then theta end as cuped_theta,
        {{ finite('variance_reduction') }} as variance_reduction,
        coalesce(plain_reference_value < 0, false) as is_reference_negative
    from measured
)

select * from lifts
