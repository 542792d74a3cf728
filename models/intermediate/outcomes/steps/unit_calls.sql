{{ attribute_to_units(
    ref('stg_call_center__calls'),
    key='call_id',
    columns=['call_duration_min'],
) }}
