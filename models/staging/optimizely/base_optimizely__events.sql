{{ config(materialized='ephemeral', enabled=is_read('stg_optimizely__events')) }}

with

source as (
    select * from {{ source('optimizely', 'events') }}
),

typed as (
    select
        lower({{ to_text('uuid') }}) as event_id,
        {{ to_text('visitor_id') }} as visitor_id,
        {{ to_text('session_id') }} as session_id,
        {{ to_text('entity_id') }} as entity_id,
        event_type,
        event_name,
        {{ to_timestamp(adapter.quote('timestamp')) }} as occurred_at,
        {{ to_timestamp('process_timestamp') }} as processed_at,
        revenue,
        value,
        quantity,
        tags,
        {{ matches_any_pattern('user_agent', var('bot_user_agent_patterns')) }} as is_bot
    from source
),

checked as (
    select
        typed.*,
        {{ rejection_reason('events') }} as rejection_reason
    from typed
)

select * from checked
