{{ config(materialized='ephemeral', enabled=is_read('stg_optimizely__decisions')) }}

with

source as (
    select
        *,
        {{ file_of_row('decisions') }} as file_name,
        {{ row_of_file() }} as file_row
    from {{ source('optimizely', 'decisions') }}
),

typed as (
    select
        lower({{ to_id('uuid') }}) as exposure_id,
        {{ to_id('visitor_id') }} as visitor_id,
        {{ to_id('session_id') }} as session_id,
        {{ to_id('experiment_id') }} as experiment_id,
        {{ to_id('variation_id') }} as variation_id,
        {{ to_timestamp(adapter.quote('timestamp')) }} as exposed_at,
        {{ to_timestamp('process_timestamp') }} as processed_at,
        cast(attributes as {{ type_attributes() }}) as attributes,
        {{ plain_flag(to_text('is_holdback')) }} as is_holdback,
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
        {{ rejection_reason('exposures') }} as rejection_reason
    from typed
),

conflicting as (
    {{ conflicting_ids(
        'checked',
        key=['experiment_id', 'exposure_id'],
        content=[
            'visitor_id', 'session_id', pooled_variation('variation_id'), 'exposed_at',
            'is_holdback', 'is_bot', sorted_list('attributes'),
        ],
    ) | indent(4) }}
),

judged as (
    select
        checked.exposure_id,
        checked.visitor_id,
        checked.session_id,
        checked.experiment_id,
        checked.variation_id,
        checked.exposed_at,
        checked.processed_at,
        checked.attributes,
        checked.is_holdback,
        checked.is_bot,
        checked.unreadable_text,
        checked.file_name,
        checked.file_row,
        case
            when conflicting.exposure_id is not null then 'conflicting_id'
            else checked.rejection_reason
        end as rejection_reason
    from checked
    left join conflicting
        on
            checked.rejection_reason is null
            and checked.experiment_id = conflicting.experiment_id
            and checked.exposure_id = conflicting.exposure_id
)

select * from judged
