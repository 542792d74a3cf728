with

exposures as (
    select * from {{ ref('all_exposures') }}
),

events as (
    select * from {{ ref('all_events') }}
),

calls as (
    select * from {{ ref('all_calls') }}
),

times as (
    select {{ credible_time('exposed_at') }} as seen_at from exposures
    union all
    select {{ credible_time('occurred_at') }} as seen_at from events
    union all
    select occurred_at as seen_at from calls
),

days as (
    select
        cast(seen_at as date) as calendar_date,
        count(*) as row_count,
        min(seen_at) as first_at,
        max(seen_at) as last_at
    from times
    group by cast(seen_at as date)
),

followed as (
    select
        last_at,
        lead(first_at) over in_order as next_at,
        sum(row_count) over (
            order by calendar_date rows between 1 following and unbounded following
        ) as later_row_count,
        sum(row_count) over () as row_count
    from days
    window in_order as (order by calendar_date)
),

-- Behind a long gap a few rows, or one row alone, are no news of what is now: their clock is wrong.
ends as (
    select min(last_at) as last_at
    from followed
    where
        {{ hours_between('last_at', 'next_at') }} > 24e0 * {{ var('as_of_gap_days') }}
        and later_row_count <= greatest({{ var('as_of_share') }} * row_count, 1e0)
        and later_row_count * 3 < row_count
        and {{ var('as_of_share') }} > 0
),

latest as (
    select max(last_at) as last_at from days
),

clock as (
    select coalesce({{ given_as_of() }}, ends.last_at, latest.last_at) as as_of_at
    from latest
    cross join ends
)

select * from clock
