with

clock as (
    select * from {{ ref('analysis_clock') }}
),

events as (
    select * from {{ ref('unit_events') }}
),

calls as (
    select * from {{ ref('unit_calls') }}
),

outcomes as (
    select
        'events' as source_name,
        experiment_id,
        unit_id,
        event_id as row_id,
        occurred_at
    from events
    union all
    select
        'calls' as source_name,
        experiment_id,
        unit_id,
        call_id as row_id,
        occurred_at
    from calls
),

too_late as (
    select
        outcomes.source_name,
        outcomes.experiment_id,
        outcomes.unit_id,
        outcomes.row_id,
        outcomes.occurred_at,
        clock.as_of_at
    from outcomes
    cross join clock
    where outcomes.occurred_at > clock.as_of_at
)

select * from too_late
