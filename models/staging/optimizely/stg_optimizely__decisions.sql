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
        order_by=['processed_at nulls last', 'variation_id', to_text('attributes')],
    ) | indent(4) }}
)

select * from deduplicated
