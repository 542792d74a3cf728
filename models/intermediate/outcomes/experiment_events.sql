{{ config(materialized='view') }}

with

unit_events as (
    select * from {{ portable(ref('unit_events')) }}
),

events_in_window as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        unit_id,
        exposed_at,
        event_id,
        occurred_at,
        entity_id,
        event_name,
        event_type,
        revenue,
        value,
        quantity,
        tags
    from unit_events
    where is_in_window
)

select * from events_in_window
