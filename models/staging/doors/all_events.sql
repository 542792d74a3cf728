{{ config(materialized='view') }}

{{ door_rows('events', event_models()) }}
