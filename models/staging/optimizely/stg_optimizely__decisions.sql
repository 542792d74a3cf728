{{ config(enabled=is_read('stg_optimizely__decisions')) }}

with

decisions as (
    select * from {{ ref('base_optimizely__decisions') }}
),

accepted as (
    select * from decisions
    where rejection_reason is null
),

deduplicated as (
    {{ deduplicate(
        'accepted',
        key=['experiment_id', 'exposure_id'],
        columns=[
            'exposure_id', 'visitor_id', 'session_id', 'experiment_id', 'variation_id',
            'exposed_at', 'processed_at', 'attributes', 'is_holdback', 'is_bot',
        ],
        order_by=[
            'exposed_at', 'processed_at nulls last', 'visitor_id',
            pooled_variation('variation_id'), 'variation_id', 'is_holdback', 'is_bot', 'session_id nulls last', to_text('attributes') ~ ' nulls last',
        ],
    ) | indent(4) }}
)

select * from deduplicated
