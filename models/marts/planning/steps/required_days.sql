{{ config(enabled=is_planned()) }}

with

required as (
    select * from {{ ref('required_units') }}
),

days as (
    select * from {{ ref('baseline_days') }}
),

-- The pace of those who came for the first time in the last week of the baseline.
ends as (
    select
        max(entry_days) as baseline_days,
        max(unit_count) as baseline_unit_count,
        (
            max(unit_count)
            - max(case
                when entry_days <= {{ var('plan_baseline_days') }} - 7 then unit_count
                else 0
            end)
        ) / least(7e0, max(entry_days)) as last_pace
    from days
),

entered as (
    select
        required.metric_name,
        required.estimator,
        required.test,
        required.unit_count,
        required.units_rule,
        required.tied_share,
        min(days.entry_days) as entry_days
    from required
    left join days on required.unit_count <= days.unit_count
    group by
        required.metric_name,
        required.estimator,
        required.test,
        required.unit_count,
        required.units_rule,
        required.tied_share
),

-- New units become fewer, since more and more of those who come have come before: how many came by
-- a day is counted, and beyond the baseline there is but a number that it takes at least.
timed as (
    select
        entered.*,
        ends.baseline_days,
        coalesce(
            entered.entry_days,
            ends.baseline_days
            + ceil((entered.unit_count - ends.baseline_unit_count) / nullif(ends.last_pace, 0))
        ) as least_entry_days
    from entered
    cross join ends
)

select * from timed
