with

comparisons as (
    select * from {{ ref('comparisons') }}
    where slice_type = 'experiment' and reference_variation_id is not null
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

relative_lifts as (
    select * from {{ ref('relative_lifts') }}
),

p_values as (
    select * from {{ ref('adjusted_p_values') }}
),

intervals as (
    select * from {{ ref('lift_intervals') }}
),

looks as (
    select * from {{ ref('running_looks') }}
),

reasons as (
    select * from {{ ref('status_reasons') }}
),

results as (
    select
        comparisons.experiment_id,
        comparisons.experiment_name,
        comparisons.metric_name,
        comparisons.variation_id,
        comparisons.variation_name,
        comparisons.reference_variation_id as baseline_variation_id,
        comparisons.reference_variation_name as baseline_variation_name,
        comparisons.is_chosen_reference as is_reference_baseline,
        comparisons.estimator,
        comparisons.is_headline,
        comparisons.is_primary,
        comparisons.is_guardrail,
        comparisons.direction,
        intervals.confidence_level,
        comparisons.as_of_at,
        absolute_lifts.unit_count,
        absolute_lifts.reference_unit_count as baseline_unit_count,
        absolute_lifts.metric_value,
        absolute_lifts.reference_metric_value as baseline_metric_value,
        absolute_lifts.absolute_lift,
        intervals.absolute_lift_ci_low,
        intervals.absolute_lift_ci_high,
        relative_lifts.relative_lift,
        intervals.relative_lift_ci_low,
        intervals.relative_lift_ci_high,
        p_values.p_value,
        p_values.adjusted_p_value,
        looks.sequential_p_value,
        looks.sequential_ci_low,
        looks.sequential_ci_high,
        looks.sequential_relative_ci_low,
        looks.sequential_relative_ci_high,
        absolute_lifts.status,
        reasons.status_reason
    from comparisons
    inner join absolute_lifts on comparisons.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on comparisons.comparison_id = relative_lifts.comparison_id
    inner join p_values on comparisons.comparison_id = p_values.comparison_id
    inner join intervals on comparisons.comparison_id = intervals.comparison_id
    inner join looks
        on {{ same_columns('intervals', 'looks', ['comparison_id', 'confidence_level']) }}
    inner join reasons
        on {{ same_columns('intervals', 'reasons', ['comparison_id', 'confidence_level']) }}
)

select * from results
