{{ unattributed_rows(
    'calls',
    staged=ref('stg_call_center__calls'),
    attributed=ref('unit_calls'),
    key='call_id',
) }}
