with

calls as (
    select * from {{ ref('all_calls') }}
),

negative as (
    select
        source_name,
        visitor_id,
        occurred_at,
        call_duration_min
    from calls
    where call_duration_min < 0
)

select * from negative
