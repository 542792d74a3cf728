{{ config(materialized='ephemeral', enabled=is_read('stg_call_center__calls')) }}

with

source as (
    select * from {{ raw_call_data() }} as call_data
),

typed as (
    select
        -- The records have no id; those that can be used are given one later.
        cast(null as {{ dbt.type_string() }}) as call_id,
        user_id as visitor_id,
        call_start,
        call_duration_min as call_duration_text,
        {{ call_timestamp('call_start') }} as occurred_at,
        {{ to_double(decimal_text('call_duration_min')) }} as call_duration_min,
        file_name,
        file_row
    from source
),

checked as (
    select
        typed.*,
        case
            when typed.occurred_at is null then {{ without_letters('typed.call_start') }}
            when typed.call_duration_min is null
                then {{ without_letters('typed.call_duration_text') }}
        end as unreadable_text,
        case
            when {{ is_missing_visitor('typed.visitor_id') }} then 'missing_visitor_id'
            when typed.occurred_at is null then 'unreadable_call_start'
            when typed.call_duration_min is null then 'unreadable_call_duration'
        end as rejection_reason
    from typed
)

select * from checked
