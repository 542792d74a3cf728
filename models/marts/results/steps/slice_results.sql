{%- set alpha = setting_literal('alpha') -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
    where is_chosen_reference
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
    where is_chosen_level
),

looks as (
    select * from {{ ref('running_looks') }}
    where is_chosen_level
),

posteriors as (
    select * from {{ ref('lift_posteriors') }}
),

risks as (
    select * from {{ ref('lift_risks') }}
),

plans as (
    select * from {{ ref('lift_plans') }}
),

guardrail_verdicts as (
    select * from {{ ref('guardrail_verdicts') }}
),

reasons as (
    select * from {{ ref('status_reasons') }}
    where is_chosen_level
),

results as (
    select
        comparisons.experiment_id,
        comparisons.experiment_name,
        comparisons.metric_name,
        comparisons.variation_id,
        comparisons.variation_name,
        {{ prefixed('comparisons', slice_columns()) | join(',\n        ') }},
        comparisons.reference_variation_id,
        comparisons.reference_variation_name,
        comparisons.estimator,
        comparisons.is_headline,
        comparisons.is_primary,
        comparisons.is_guardrail,
        comparisons.direction,
        intervals.confidence_level,
        comparisons.as_of_at,
        absolute_lifts.unit_count,
        absolute_lifts.reference_unit_count,
        absolute_lifts.metric_value,
        absolute_lifts.reference_metric_value,
        absolute_lifts.absolute_lift,
        absolute_lifts.absolute_lift_std_error,
        intervals.absolute_lift_ci_low,
        intervals.absolute_lift_ci_high,
        relative_lifts.relative_lift,
        relative_lifts.relative_lift_std_error,
        intervals.relative_lift_ci_low,
        intervals.relative_lift_ci_high,
        absolute_lifts.degrees_of_freedom,
        absolute_lifts.lift_skewness,
        p_values.p_value,
        p_values.adjusted_p_value,
        p_values.adjusted_p_value < {{ alpha }} as is_significant,
        looks.sequential_p_value,
        looks.sequential_ci_low,
        looks.sequential_ci_high,
        looks.sequential_relative_ci_low,
        looks.sequential_relative_ci_high,
        looks.sequential_p_value < {{ alpha }} as is_sequentially_significant,
        posteriors.posterior_lift,
        posteriors.posterior_std_error,
        posteriors.posterior_ci_low,
        posteriors.posterior_ci_high,
        risks.chance_to_win,
        risks.risk,
        risks.reference_risk,
        plans.minimum_detectable_effect,
        plans.relative_minimum_detectable_effect,
        plans.target_power,
        plans.required_unit_count,
        plans.days_to_target,
        relative_lifts.cuped_theta,
        relative_lifts.variance_reduction,
        guardrail_verdicts.guardrail_verdict,
        guardrail_verdicts.sequential_guardrail_verdict,
        relative_lifts.is_reference_negative,
        absolute_lifts.status,
        reasons.status_reason
    from comparisons
    inner join absolute_lifts on comparisons.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on comparisons.comparison_id = relative_lifts.comparison_id
    inner join p_values on comparisons.comparison_id = p_values.comparison_id
    inner join intervals on comparisons.comparison_id = intervals.comparison_id
    inner join looks on comparisons.comparison_id = looks.comparison_id
    inner join posteriors on comparisons.comparison_id = posteriors.comparison_id
    inner join risks on comparisons.comparison_id = risks.comparison_id
    inner join plans on comparisons.comparison_id = plans.comparison_id
    inner join reasons on comparisons.comparison_id = reasons.comparison_id
    left join guardrail_verdicts
        on comparisons.comparison_id = guardrail_verdicts.comparison_id
)

select * from results
