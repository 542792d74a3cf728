{{ config(materialized='ephemeral') }}

{{ delivered_door_rows('calls', call_models(), ['visitor_id']) }}
