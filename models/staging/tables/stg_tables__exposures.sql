{{ config(enabled=is_read('stg_tables__exposures')) }}
{%- set attributes = [] -%}
{%- for name in plain_attributes(given_plain_columns('exposures')) -%}
    {%- do attributes.append('attribute_' ~ loop.index) -%}
{%- endfor -%}

with

exposures as (
    select * from {{ ref('base_tables__exposures') }}
),

accepted as (
    select * from exposures
    where rejection_reason is null
),

deduplicated as (
    {{ deduplicate(
        'accepted',
        key=['experiment_id', 'exposure_id'],
        columns=door_columns('exposures') | list + attributes,
        order_by=[
            'exposed_at', 'processed_at nulls last', 'visitor_id', 'variation_id', 'is_holdback',
            'is_bot', 'session_id nulls last',
        ] + attributes,
    ) | indent(4) }}
)

select * from deduplicated
