{{ config(materialized='ephemeral') }}

{{ delivered_door_rows(
    'events', event_models(), ['event_id', 'visitor_id', 'occurred_at', 'event_name']
) }}
