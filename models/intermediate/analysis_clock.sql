with

decisions as (
    select * from {{ ref('stg_optimizely__decisions') }}
),

events as (
    select * from {{ ref('stg_optimizely__events') }}
),

calls as (
    select * from {{ ref('stg_call_center__calls') }}
),

times as (
    select
        decided_at as happened_at,
        processed_at
    from decisions
    union all
    select
        occurred_at as happened_at,
        processed_at
    from events
    union all
    select
        occurred_at as happened_at,
        null as processed_at
    from calls
),

-- A row that was processed long before it happened has a wrong clock, and says nothing of now, unless
-- all do.
clock as (
    select
        coalesce(
            {{ given_as_of() }},
            max(
                case
                    when
                        processed_at is null
                        or {{ hours_between('processed_at', 'happened_at') }}
                        <= {{ var('clock_tolerance_hours') }}
                        then happened_at
                end
            ),
            max(happened_at)
        ) as as_of_at
    from times
)

select * from clock
