with

exposures as (
    select * from {{ ref('delivered_exposures') }}
),

events as (
    select * from {{ ref('delivered_events') }}
),

calls as (
    select * from {{ ref('delivered_calls') }}
),

unioned as (
    {{ rejected_rows(
        'exposures', id='exposure_id', key=['experiment_id', 'exposure_id']
    ) | indent(4) }}
    union all
    {{ rejected_rows('events', id='event_id', key=['event_id']) | indent(4) }}
    union all
    {{ rejected_rows('calls', id='visitor_id') | indent(4) }}
)

select * from unioned
