{#- A query that gives as_of_at, the latest time of some rows, but for one that a few rows, or one alone, have far after
    all others: see the vars as_of_gap_days and as_of_share. times: text, a CTE with seen_at. -#}
{% macro latest_credible_time(times) %}
with

days as (
    select
        cast(seen_at as date) as calendar_date,
        count(*) as row_count,
        min(seen_at) as first_at,
        max(seen_at) as last_at
    from {{ times }}
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
        {{ experiment_metrics.hours_between('last_at', 'next_at') }} > 24e0 * {{ var('as_of_gap_days') }}
        and later_row_count <= greatest({{ var('as_of_share') }} * row_count, 1e0)
        and later_row_count * 3 < row_count
        and {{ var('as_of_share') }} > 0
),

latest as (
    select max(last_at) as last_at from days
)

select coalesce(ends.last_at, latest.last_at) as as_of_at
from latest
cross join ends
{% endmacro %}
