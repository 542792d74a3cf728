with

exposures as (
    {{ rejected_rows('decisions', ref('base_optimizely__decisions'), 'exposure_id') | indent(4) }}
),

events as (
    {{ rejected_rows('events', ref('base_optimizely__events'), 'event_id') | indent(4) }}
),

calls as (
    {{ rejected_rows('calls', ref('base_call_center__calls')) | indent(4) }}
),

unioned as (
    select * from exposures
    union all
    select * from events
    union all
    select * from calls
)

select * from unioned
