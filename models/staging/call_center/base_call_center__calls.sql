{{ config(materialized='ephemeral', enabled=is_read('stg_call_center__calls')) }}

with

source as (
    select * from {{ raw_call_data() }} as call_data
),

typed as (
    select
        user_id as visitor_id,
        call_start,
        call_duration_min as call_duration_text,
        {{ call_timestamp('call_start') }} as occurred_at,
        {{ to_double(decimal_text('call_duration_min')) }} as call_duration_min
    from source
),

checked as (
    select
        typed.*,
        case
            when {{ is_missing_visitor('typed.visitor_id') }} then 'missing_visitor_id'
            when typed.occurred_at is null then 'unreadable_call_start'
            when typed.call_duration_min is null then 'unreadable_call_duration'
        end as rejection_reason
    from typed
)

select * from checked
