{{ config(enabled=is_read('stg_tables__events')) }}

with

events as (
    select * from {{ ref('base_tables__events') }}
),

accepted as (
    select * from events
    where rejection_reason is null
),

deduplicated as (
    {{ deduplicate(
        'accepted',
        key=['event_id'],
        columns=door_columns('events') | list,
        order_by=[
            'occurred_at', 'processed_at nulls last', 'visitor_id', 'event_name nulls last',
            'entity_id nulls last', 'value nulls last', 'quantity nulls last', 'is_bot',
        ],
    ) | indent(4) }}
)

select * from deduplicated
