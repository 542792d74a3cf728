{{ unattributed_rows(
    staged=ref('all_events'),
    attributed=ref('unit_events'),
    key='event_id',
    is_bot='staged.is_bot',
) }}
