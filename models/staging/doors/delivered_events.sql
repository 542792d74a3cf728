{{ config(materialized='ephemeral') }}

{{ delivered_door_rows('events', event_models(), ['event_id', 'occurred_at']) }}
