{{ unattributed_rows(
    staged=ref('all_calls'),
    attributed=ref('unit_calls'),
    key='call_id',
) }}
