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

levels as (
    select
        comparison_levels.comparison_id,
        comparison_levels.confidence_level,
        comparison_levels.is_chosen_level,
        comparison_levels.alpha,
        absolute_lifts.degrees_of_freedom
    from comparison_levels
    inner join absolute_lifts on comparison_levels.comparison_id = absolute_lifts.comparison_id
),

quantiles as (
    {{ student_t_two_sided_quantile(
        'levels', ['comparison_id', 'confidence_level', 'is_chosen_level'],
        alpha='alpha', df='degrees_of_freedom'
    ) | trim | indent(4) }}
),

-- The statistics between which a lift is not significant: -t and t where nothing is skewed.
limits as {{ materialized() }} (
    select
        quantiles.comparison_id,
        quantiles.confidence_level,
        quantiles.is_chosen_level,
        {{ skewed('quantiles.t_quantile', 'absolute_lifts.lift_skewness') }}
            as low_reach,
        -({{ skewed('-quantiles.t_quantile', 'absolute_lifts.lift_skewness') }})
            as high_reach
    from quantiles
    inner join absolute_lifts on quantiles.comparison_id = absolute_lifts.comparison_id
),

-- An interval reaches so many standard errors below the lift, and above it; but see relative_bound.
bounds as {{ materialized() }} (
    select
        limits.comparison_id,
        limits.confidence_level,
        limits.is_chosen_level,
        absolute_lifts.absolute_lift
        - limits.low_reach * absolute_lifts.absolute_lift_std_error as absolute_lift_ci_low,
        absolute_lifts.absolute_lift
        + limits.high_reach * absolute_lifts.absolute_lift_std_error as absolute_lift_ci_high,
        {{ relative_bound('-', 'low_reach') }} as relative_lift_ci_low,
        {{ relative_bound('+', 'high_reach') }} as relative_lift_ci_high
    from limits
    inner join absolute_lifts on limits.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on limits.comparison_id = relative_lifts.comparison_id
),

-- Skewed, one end of Fieller's may be there without the other.
intervals as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        absolute_lift_ci_low,
        absolute_lift_ci_high,
        case when abs(relative_lift_ci_high) < 1e300 then {{ finite('relative_lift_ci_low') }} end
            as relative_lift_ci_low,
        case when abs(relative_lift_ci_low) < 1e300 then {{ finite('relative_lift_ci_high') }} end
            as relative_lift_ci_high
    from bounds
)

select * from intervals
