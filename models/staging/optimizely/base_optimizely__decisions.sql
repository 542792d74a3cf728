{{ config(materialized='ephemeral') }}

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
        {{ pooled_variation(to_text('variation_id')) }} as variation_id,
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
        case
            when {{ is_blank('typed.exposure_id') }} then 'missing_id'
            when {{ is_missing_visitor('typed.visitor_id') }} then 'missing_visitor_id'
            when typed.exposed_at is null then 'missing_timestamp'
            when {{ is_blank('typed.experiment_id') }} then 'missing_experiment_id'
            when {{ is_blank('typed.variation_id') }} then 'missing_variation_id'
            when typed.is_holdback is null then 'missing_holdback_flag'
        end as rejection_reason
    from typed
)

select * from checked
