{{ config(materialized='ephemeral') }}

with

clock as (
    select * from {{ ref('analysis_clock') }}
),

-- Decisions that are left out for their clock alone count here.
decisions as (
    select
        experiment_id,
        decided_at,
        processed_at,
        {{ credible_time('decided_at') }} as seen_at
    from {{ ref('enriched_decisions') }}
    where coalesce(exclusion_reason, 'after_as_of') = 'after_as_of'
),

counted as (
    select
        decisions.experiment_id,
        cast(decisions.seen_at as date) as calendar_date,
        count(*) as decision_count,
        {{ delays_of_rows('decisions.decided_at') | trim }}
    from decisions
    cross join clock
    where decisions.seen_at <= clock.as_of_at
    group by decisions.experiment_id, cast(decisions.seen_at as date)
)

select * from counted
