{{ config(materialized='ephemeral', enabled=is_read('stg_optimizely__events')) }}

with

source as (
    select
        *,
        {{ file_of_row('events') }} as file_name,
        {{ row_of_file() }} as file_row
    from {{ source('optimizely', 'events') }}
),

typed as (
    select
        lower({{ to_id('uuid') }}) as event_id,
        {{ to_id('visitor_id') }} as visitor_id,
        {{ to_id('session_id') }} as session_id,
        {{ to_id('entity_id') }} as entity_id,
        {{ to_text('event_type') }} as event_type,
        {{ to_text('event_name') }} as event_name,
        {{ to_timestamp(adapter.quote('timestamp')) }} as occurred_at,
        {{ to_timestamp('process_timestamp') }} as processed_at,
        {{ to_whole('revenue') }} as revenue,
        {{ to_number('value') }} as value, -- noqa: RF04
        {{ to_whole('quantity') }} as quantity,
        cast(tags as {{ type_tags() }}) as tags,
        {{ matches_any_pattern(to_text('user_agent'), var('bot_user_agent_patterns')) }} as is_bot,
        {{ unreadable_text(adapter.quote('timestamp'), to_timestamp(adapter.quote('timestamp'))) }}
            as unreadable_text,
        file_name,
        file_row
    from source
),

checked as (
    select
        typed.*,
        {{ rejection_reason('events') }} as rejection_reason
    from typed
),

conflicting as (
    {{ conflicting_ids(
        'checked',
        key=['event_id'],
        content=[
            'visitor_id', 'entity_id', 'event_type', 'event_name', 'occurred_at', 'revenue',
            'value', 'quantity', sorted_tags('tags'), 'is_bot',
        ],
    ) | indent(4) }}
),

judged as (
    select
        checked.event_id,
        checked.visitor_id,
        checked.session_id,
        checked.entity_id,
        checked.event_type,
        checked.event_name,
        checked.occurred_at,
        checked.processed_at,
        checked.revenue,
        checked.value,
        checked.quantity,
        checked.tags,
        checked.is_bot,
        checked.unreadable_text,
        checked.file_name,
        checked.file_row,
        case
            when conflicting.event_id is not null then 'conflicting_id'
            else checked.rejection_reason
        end as rejection_reason
    from checked
    left join conflicting
        on
            checked.rejection_reason is null
            and checked.event_id = conflicting.event_id
)

select * from judged
