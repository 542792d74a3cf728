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

latest_times as (
    select max({{ credible_time('exposed_at') }}) as latest_at from exposures
    union all
    select max({{ credible_time('occurred_at') }}) as latest_at from events
    union all
    select max(occurred_at) as latest_at from calls
),

clock as (
    select coalesce({{ given_as_of() }}, max(latest_at)) as as_of_at
    from latest_times
)

select * from clock
