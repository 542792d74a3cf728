with

events as (
    select * from {{ ref('experiment_events') }}
),

counted as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        coalesce(event_name, '(not set)') as event_name,
        count(*) as event_count,
        count(distinct unit_id) as unit_count
    from events
    group by
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        coalesce(event_name, '(not set)')
)

select * from counted
