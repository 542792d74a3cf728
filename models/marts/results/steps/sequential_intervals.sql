with

comparison_levels as (
    select * from {{ ref('comparison_levels') }}
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

relative_lifts as (
    select * from {{ ref('relative_lifts') }}
),

-- How many times the information at the target there is.
looks as {{ materialized() }} (
    select
        comparison_levels.comparison_id,
        comparison_levels.confidence_level,
        comparison_levels.is_chosen_level,
        comparison_levels.alpha,
        absolute_lifts.absolute_lift,
        absolute_lifts.absolute_lift_std_error,
        absolute_lifts.t_statistic,
        nullif(
            cast(
                absolute_lifts.unit_count + absolute_lifts.reference_unit_count
                as {{ type_double() }}
            ),
            0
        )
        * {{ look_scale_of_unit('comparison_levels.alpha') }} as look_scale
    from comparison_levels
    inner join absolute_lifts on comparison_levels.comparison_id = absolute_lifts.comparison_id
),

-- A normal mixture: wide enough at every size at once, and tightest at the target.
mixtures as {{ materialized() }} (
    select
        *,
        {{ sequential_quantile('look_scale', 'alpha') }}
            as sequential_quantile,
        0.5e0 * ln(1e0 + look_scale)
        - look_scale * t_statistic * t_statistic / (2e0 * (1e0 + look_scale)) as sequential_log_p
    from looks
),

-- Fieller's interval leaves out 0 where the absolute one does, which the delta method's need not.
bounds as {{ materialized() }} (
    select
        mixtures.*,
        {{ fieller_bound('-', 'sequential_quantile') }} as sequential_relative_ci_low,
        {{ fieller_bound('+', 'sequential_quantile') }} as sequential_relative_ci_high
    from mixtures
    inner join relative_lifts on mixtures.comparison_id = relative_lifts.comparison_id
),

intervals as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        case
            when sequential_log_p >= 0 then 1e0
            when sequential_log_p < -690 then 0e0
            else exp(sequential_log_p)
        end as sequential_p_value,
        absolute_lift - sequential_quantile * absolute_lift_std_error as sequential_ci_low,
        absolute_lift + sequential_quantile * absolute_lift_std_error as sequential_ci_high,
        {{ finite('sequential_relative_ci_low') }} as sequential_relative_ci_low,
        {{ finite('sequential_relative_ci_high') }} as sequential_relative_ci_high
    from bounds
)

select * from intervals
