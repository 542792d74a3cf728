{{ config(enabled=is_read('stg_optimizely__events')) }}

with

events as (
    select * from {{ ref('base_optimizely__events') }}
),

accepted as (
    select * from events
    where rejection_reason is null
),

deduplicated as (
    {{ deduplicate(
        'accepted',
        key=['event_id'],
        columns=[
            'event_id', 'visitor_id', 'session_id', 'entity_id', 'event_type', 'event_name',
            'occurred_at', 'processed_at', 'revenue', 'value', 'quantity', 'tags', 'is_bot',
        ],
        order_by=[
            'occurred_at', 'processed_at nulls last', 'visitor_id', 'event_name nulls last',
            'entity_id nulls last', 'event_type nulls last', 'revenue nulls last',
            'value nulls last', 'quantity nulls last', 'is_bot', to_text('tags') ~ ' nulls last',
        ],
    ) | indent(4) }}
)

select * from deduplicated
