{{ unattributed_rows(
    'events',
    staged=ref('stg_optimizely__events'),
    attributed=ref('unit_events'),
    key='event_id',
    is_bot='staged.is_bot',
) }}
