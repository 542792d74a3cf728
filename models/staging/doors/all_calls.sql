{{ config(materialized='view') }}

{{ door_rows('calls', call_models()) }}
