with

exposures as (
    select * from {{ source('optimizely', 'decisions') }}
),

events as (
    select * from {{ source('optimizely', 'events') }}
),

calls as (
    select * from {{ raw_call_data() }} as call_data
),

counted as (
    select
        'decisions' as source_name,
        count(*) as raw_row_count
    from exposures
    union all
    select
        'events' as source_name,
        count(*) as raw_row_count
    from events
    union all
    select
        'calls' as source_name,
        count(*) as raw_row_count
    from calls
)

select * from counted
