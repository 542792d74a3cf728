{#- CTEs that end in `guarded_lifts`: for guardrail metrics, whether the lift's interval lies beyond the
    margin of non-inferiority, a relative loss that is tolerated, or short of it. Where nothing is
    tolerated, or the relative lift has no error because either value is 0, the absolute interval decides,
    with the margin as that part of the reference's value.
    comparisons: text, a CTE that compare_pairs made. -#}
{% macro guard_lifts(comparisons) %}
    {%- set is_absolute -%}
        (coalesce(non_inferiority_margin, 0) = 0 or relative_lift_std_error is null)
    {%- endset -%}
gains as {{ experiment_metrics.materialized() }} (
    select
        {{ comparisons }}.*,
        -coalesce(non_inferiority_margin, 0)
        * case when {{ is_absolute }} then coalesce(abs(reference_metric_value), 0) else 1 end
            as tolerated_gain,
        case
            when direction = 'decrease' and {{ is_absolute }} then -absolute_lift_ci_high
            when direction = 'decrease' then -relative_lift_ci_high
            when {{ is_absolute }} then absolute_lift_ci_low
            else relative_lift_ci_low
        end as gain_ci_low,
        case
            when direction = 'decrease' and {{ is_absolute }} then -absolute_lift_ci_low
            when direction = 'decrease' then -relative_lift_ci_low
            when {{ is_absolute }} then absolute_lift_ci_high
            else relative_lift_ci_high
        end as gain_ci_high
    from {{ comparisons }}
),

guarded_lifts as {{ experiment_metrics.materialized() }} (
    select
        gains.*,
        case
            when not is_guardrail or gain_ci_low is null then null
            when gain_ci_high < tolerated_gain then 'harmed'
            when gain_ci_low > tolerated_gain then 'not_harmed'
            else 'inconclusive'
        end as guardrail_verdict
    from gains
)
{%- endmacro %}
