{{ config(materialized='view') }}

with

unit_events as (
    select * from {{ portable(ref('unit_events')) }}
),

states as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        unit_id,
        exposed_at,
        window_ends_at,
        event_id,
        occurred_at,
        {{ tag('state') }} as subscription_state,
        is_in_window
    from unit_events
    where event_name = 'subscription_state'
)

select * from states
