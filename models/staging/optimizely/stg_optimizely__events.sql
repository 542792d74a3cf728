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
        order_by=['processed_at nulls last', 'session_id nulls last', to_text('tags')],
    ) | indent(4) }}
)

select * from deduplicated
