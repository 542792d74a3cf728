{{ attributed_rows(
    ref('all_calls'),
    key='call_id',
    columns=['source_name', 'call_duration_min'],
) }}
