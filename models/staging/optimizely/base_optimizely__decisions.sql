{{ config(materialized='ephemeral', enabled=is_read('stg_optimizely__decisions')) }}

with

source as (
    select * from {{ source('optimizely', 'decisions') }}
),

typed as (
    select
        lower({{ to_text('uuid') }}) as exposure_id,
        {{ to_text('visitor_id') }} as visitor_id,
        {{ to_text('session_id') }} as session_id,
        {{ to_text('experiment_id') }} as experiment_id,
        {{ to_text('variation_id') }} as variation_id,
        {{ to_timestamp(adapter.quote('timestamp')) }} as exposed_at,
        {{ to_timestamp('process_timestamp') }} as processed_at,
        attributes,
        is_holdback,
        {{ matches_any_pattern('user_agent', var('bot_user_agent_patterns')) }} as is_bot
    from source
),

checked as (
    select
        typed.*,
        {{ rejection_reason('exposures') }} as rejection_reason
    from typed
)

select * from checked
