{{ config(materialized='ephemeral') }}

{{ delivered_door_rows('calls', call_models(), ['call_id', 'visitor_id', 'occurred_at']) }}
