with

slice_results as (
    select * from {{ ref('slice_results') }}
    where slice_type = 'experiment'
),

results as (
    select
        experiment_id,
        experiment_name,
        metric_name,
        variation_id,
        variation_name,
        reference_variation_id,
        reference_variation_name,
        estimator,
        is_headline,
        is_primary,
        is_guardrail,
        direction,
        confidence_level,
        as_of_at,
        unit_count,
        reference_unit_count,
        metric_value,
        reference_metric_value,
        absolute_lift,
        absolute_lift_std_error,
        absolute_lift_ci_low,
        absolute_lift_ci_high,
        relative_lift,
        relative_lift_std_error,
        relative_lift_ci_low,
        relative_lift_ci_high,
        degrees_of_freedom,
        lift_skewness,
        p_value,
        adjusted_p_value,
        is_significant,
        sequential_p_value,
        sequential_ci_low,
        sequential_ci_high,
        sequential_relative_ci_low,
        sequential_relative_ci_high,
        is_sequentially_significant,
        posterior_lift,
        posterior_std_error,
        posterior_ci_low,
        posterior_ci_high,
        chance_to_win,
        risk,
        reference_risk,
        minimum_detectable_effect,
        relative_minimum_detectable_effect,
        target_power,
        required_unit_count,
        days_to_target,
        cuped_theta,
        variance_reduction,
        guardrail_verdict,
        sequential_guardrail_verdict,
        is_reference_negative,
        status,
        status_reason
    from slice_results
)

select * from results
