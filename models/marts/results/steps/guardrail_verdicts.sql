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

-- For one look at the end, and for looks at any time.
intervals as (
    select
        comparison_id,
        false as is_sequential,
        absolute_lift_ci_low as absolute_low,
        absolute_lift_ci_high as absolute_high,
        relative_lift_ci_low as relative_low,
        relative_lift_ci_high as relative_high
    from {{ ref('lift_intervals') }}
    where is_chosen_level
    union all
    select
        comparison_id,
        true as is_sequential,
        sequential_ci_low as absolute_low,
        sequential_ci_high as absolute_high,
        sequential_relative_ci_low as relative_low,
        sequential_relative_ci_high as relative_high
    from {{ ref('running_looks') }}
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
        intervals.is_sequential,
        intervals.absolute_low,
        intervals.absolute_high,
        intervals.relative_low,
        intervals.relative_high
    from comparisons
    inner join absolute_lifts on comparisons.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on comparisons.comparison_id = relative_lifts.comparison_id
    inner join intervals on comparisons.comparison_id = intervals.comparison_id
),

scaled as {{ materialized() }} (
    select
        comparison_id,
        is_sequential,
        direction,
        -margin * case
            when is_absolute then coalesce(abs(reference_metric_value), 0) else 1
        end as tolerated_gain,
        case when is_absolute then absolute_low else relative_low end as ci_low,
        case when is_absolute then absolute_high else relative_high end as ci_high
    from margins
),

gains as (
    select
        comparison_id,
        is_sequential,
        tolerated_gain,
        case when direction = 'decrease' then -ci_high else ci_low end as gain_ci_low,
        case when direction = 'decrease' then -ci_low else ci_high end as gain_ci_high
    from scaled
),

verdicts as (
    select
        comparison_id,
        is_sequential,
        case
            when gain_ci_low is null then null
            when gain_ci_high < tolerated_gain then 'harmed'
            when gain_ci_low > tolerated_gain then 'not_harmed'
            else 'inconclusive'
        end as verdict
    from gains
),

guardrail_verdicts as (
    select
        comparison_id,
        max(case when not is_sequential then verdict end) as guardrail_verdict,
        max(case when is_sequential then verdict end) as sequential_guardrail_verdict
    from verdicts
    group by comparison_id
)

select * from guardrail_verdicts
