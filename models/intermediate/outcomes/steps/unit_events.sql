{{ attributed_rows(
    "(select * from " ~ ref('all_events') ~ " where not is_bot)",
    key='event_id',
    columns=['source_name', 'entity_id', 'event_name', 'event_type', 'revenue', 'value', 'quantity', 'tags'],
) }}
