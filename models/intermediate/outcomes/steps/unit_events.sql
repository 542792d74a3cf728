{{ attribute_to_units(
    "(select * from " ~ ref('stg_optimizely__events') ~ " where not is_bot)",
    key='event_id',
    columns=['entity_id', 'event_name', 'event_type', 'revenue', 'value', 'quantity', 'tags'],
) }}
