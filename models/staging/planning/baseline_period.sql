{{ config(enabled=is_planned()) }}

with

events as (
    select * from {{ ref('all_events') }}
    where not is_bot
),

times as (
    select {{ credible_time('occurred_at') }} as seen_at from events
),

latest as (
    {{ latest_credible_time('times') | trim | indent(4) }}
),

begun as (
    select min(seen_at) as first_event_at from times
),

-- It ends where the windows of those who come last have ended, too.
ended as (
    select
        begun.first_event_at,
        {{ add_hours(
            'coalesce(' ~ given_as_of() ~ ', latest.as_of_at)', -planned_window_hours()
        ) }} as ends_at
    from latest
    cross join begun
),

period as (
    select
        first_event_at,
        {{ add_hours('ends_at', -24 * (var('plan_baseline_days') | float)) }} as starts_at,
        ends_at
    from ended
)

select * from period
