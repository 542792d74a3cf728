{{ config(materialized='ephemeral') }}

{{ delivered_door_rows(
    'exposures',
    exposure_models(),
    [
        'exposure_id', 'experiment_id', 'variation_id', 'visitor_id', 'session_id', 'exposed_at',
        'is_holdback', 'is_bot',
    ],
) }}
