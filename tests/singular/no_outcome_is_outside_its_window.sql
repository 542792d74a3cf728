with

units as (
    select * from {{ ref('experiment_units') }}
),

events as (
    select * from {{ ref('experiment_events') }}
),

calls as (
    select * from {{ ref('experiment_calls') }}
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

outside as (
    select
        outcomes.source_name,
        outcomes.experiment_id,
        outcomes.unit_id,
        outcomes.row_id,
        units.exposed_at,
        outcomes.occurred_at,
        units.window_ends_at
    from outcomes
    left join units
        on
            outcomes.experiment_id = units.experiment_id
            and outcomes.unit_id = units.unit_id
    where
        units.unit_id is null
        or outcomes.occurred_at < units.exposed_at
        or outcomes.occurred_at > units.window_ends_at
)

select * from outside
