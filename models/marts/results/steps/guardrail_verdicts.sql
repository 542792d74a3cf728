with

comparisons as (
    select * from {{ ref('comparisons') }}
    where is_guardrail and is_chosen_reference
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

relative_lifts as (
    select * from {{ ref('relative_lifts') }}
),

intervals as (
    select * from {{ ref('lift_intervals') }}
    where is_chosen_level
),

-- Where nothing is tolerated, or the relative lift has no error because either value is 0, the
-- absolute interval decides, with the margin as that part of the reference's value.
margins as {{ materialized() }} (
    select
        comparisons.comparison_id,
        comparisons.direction,
        coalesce(comparisons.non_inferiority_margin, 0) as margin,
        absolute_lifts.reference_metric_value,
        coalesce(comparisons.non_inferiority_margin, 0) = 0
        or relative_lifts.relative_lift_std_error is null as is_absolute,
        intervals.absolute_lift_ci_low,
        intervals.absolute_lift_ci_high,
        intervals.relative_lift_ci_low,
        intervals.relative_lift_ci_high
    from comparisons
    inner join absolute_lifts on comparisons.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on comparisons.comparison_id = relative_lifts.comparison_id
    inner join intervals on comparisons.comparison_id = intervals.comparison_id
),

scaled as {{ materialized() }} (
    select
        comparison_id,
        direction,
        -margin * case
            when is_absolute then coalesce(abs(reference_metric_value), 0) else 1
        end as tolerated_gain,
        case when is_absolute then absolute_lift_ci_low else relative_lift_ci_low end as ci_low,
        case when is_absolute then absolute_lift_ci_high else relative_lift_ci_high end as ci_high
    from margins
),

gains as (
    select
        comparison_id,
        tolerated_gain,
        case when direction = 'decrease' then -ci_high else ci_low end as gain_ci_low,
        case when direction = 'decrease' then -ci_low else ci_high end as gain_ci_high
    from scaled
),

verdicts as (
    select
        comparison_id,
        case
            when gain_ci_low is null then null
            when gain_ci_high < tolerated_gain then 'harmed'
            when gain_ci_low > tolerated_gain then 'not_harmed'
            else 'inconclusive'
        end as guardrail_verdict
    from gains
)

select * from verdicts
