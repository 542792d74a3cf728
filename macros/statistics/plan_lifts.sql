{#- CTEs that end in `planned_lifts`: what the test can see at its present size, and how much more it
    takes to see the lift of the var target_relative_lift. A lift is seen with a probability of `power`
    where it is as many standard errors as the normal quantiles of alpha / 2 and 1 - power together.
    Counts that no experiment reaches are left out. -#}
{% macro plan_lifts() %}
    {%- set missed = '(1e0 - ' ~ experiment_metrics.setting_literal('power') ~ ')' -%}
detectable_lifts as {{ experiment_metrics.materialized() }} (
    select
        weighed_lifts.*,
        (z_quantile + {{ experiment_metrics.normal_isf(missed) }}) * absolute_lift_std_error
            as minimum_detectable_effect,
        {{ experiment_metrics.setting_literal('target_relative_lift') }} * reference_size as target_lift
    from weighed_lifts
),

target_sizes as {{ experiment_metrics.materialized() }} (
    select
        detectable_lifts.*,
        minimum_detectable_effect / reference_size
            as relative_minimum_detectable_effect,
        z_quantile - target_lift / absolute_lift_std_error as near_z,
        z_quantile + target_lift / absolute_lift_std_error as far_z,
        minimum_detectable_effect / target_lift * minimum_detectable_effect / target_lift
            as growth,
        cast(unit_count + reference_unit_count as {{ experiment_metrics.type_double() }}) as present_count
    from detectable_lifts
),

planned_lifts as {{ experiment_metrics.materialized() }} (
    select
        target_sizes.*,
        {{ experiment_metrics.normal_sf('near_z') }} + {{ experiment_metrics.normal_sf('far_z') }} as target_power,
        case
            when growth * present_count < 1e12 then cast(ceil(growth * present_count) as bigint)
        end as required_unit_count,
        case
            when growth * present_count < 1e12
                then cast(greatest(ceil((growth - 1) * exposure_days), 0) as bigint)
        end as days_to_target
    from target_sizes
)
{%- endmacro %}
