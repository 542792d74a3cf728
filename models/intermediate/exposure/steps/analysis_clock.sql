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

latest as (
    {{ latest_credible_time('times') | trim | indent(4) }}
),

clock as (
    select coalesce({{ given_as_of() }}, as_of_at) as as_of_at
    from latest
)

select * from clock
