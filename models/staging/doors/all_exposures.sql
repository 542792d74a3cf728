{{ config(materialized='view') }}

{{ door_rows('exposures', exposure_models()) }}
