with

comparisons as (
    select * from {{ ref('comparisons') }}
    where is_chosen_reference and estimator <> 'covariate'
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

relative_lifts as (
    select * from {{ ref('relative_lifts') }}
),

errors as {{ materialized() }} (
    select
        comparisons.comparison_id,
        comparisons.exposure_days,
        absolute_lifts.absolute_lift_std_error as std_error,
        relative_lifts.reference_size,
        cast(
            absolute_lifts.unit_count + absolute_lifts.reference_unit_count as {{ type_double() }}
        ) as present_count,
        {{ setting_literal('target_relative_lift') }} * relative_lifts.reference_size
            as target_lift,
        {{ normal_isf(setting_literal('alpha') ~ ' / 2e0') }} as significance_z,
        {{ normal_isf('(1e0 - ' ~ setting_literal('power') ~ ')') }} as power_z
    from comparisons
    inner join absolute_lifts on comparisons.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on comparisons.comparison_id = relative_lifts.comparison_id
),

-- A lift is seen with the probability `power` where it is as many standard errors as the two normal
-- quantiles together.
sizes as {{ materialized() }} (
    select
        *,
        (significance_z + power_z) * std_error as minimum_detectable_effect,
        significance_z - target_lift / std_error as near_z,
        significance_z + target_lift / std_error as far_z
    from errors
),

growths as {{ materialized() }} (
    select
        *,
        minimum_detectable_effect / reference_size as relative_minimum_detectable_effect,
        minimum_detectable_effect / target_lift * minimum_detectable_effect / target_lift as growth,
        {{ normal_sf('near_z') }} + {{ normal_sf('far_z') }} as target_power
    from sizes
),

-- Counts that no experiment reaches are left out.
plans as (
    select
        comparison_id,
        minimum_detectable_effect,
        {{ finite('relative_minimum_detectable_effect') }} as relative_minimum_detectable_effect,
        {{ finite('target_power') }} as target_power,
        case
            when growth * present_count < 1e12 then cast(ceil(growth * present_count) as bigint)
        end as required_unit_count,
        case
            when growth * present_count < 1e12
                then cast(greatest(ceil((growth - 1) * exposure_days), 0) as bigint)
        end as days_to_target
    from growths
)

select * from plans
