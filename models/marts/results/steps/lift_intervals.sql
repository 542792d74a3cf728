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

-- An interval is the lift -/+ a multiple of its standard error; but see relative_bound.
bounds as {{ materialized() }} (
    select
        quantiles.comparison_id,
        quantiles.confidence_level,
        quantiles.is_chosen_level,
        absolute_lifts.absolute_lift
        - quantiles.t_quantile * absolute_lifts.absolute_lift_std_error as absolute_lift_ci_low,
        absolute_lifts.absolute_lift
        + quantiles.t_quantile * absolute_lifts.absolute_lift_std_error as absolute_lift_ci_high,
        {{ relative_bound('-', 't_quantile') }} as relative_lift_ci_low,
        {{ relative_bound('+', 't_quantile') }} as relative_lift_ci_high
    from quantiles
    inner join absolute_lifts on quantiles.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on quantiles.comparison_id = relative_lifts.comparison_id
),

intervals as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        absolute_lift_ci_low,
        absolute_lift_ci_high,
        {{ finite('relative_lift_ci_low') }} as relative_lift_ci_low,
        {{ finite('relative_lift_ci_high') }} as relative_lift_ci_high
    from bounds
)

select * from intervals
