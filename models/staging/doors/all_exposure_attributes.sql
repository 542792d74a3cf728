{{ config(materialized='view') }}

{{ door_rows('attributes', exposure_attribute_models()) }}
