{%- set is_read = is_read('stg_call_center__calls') -%}

with

{% if is_read -%}
    calls as (
        select * from {{ ref('base_call_center__calls') }}
    ),

    unreadable as (
        select
            rejection_reason,
            visitor_id,
            call_start,
            call_duration_text as call_duration_min
        from calls
        where rejection_reason in ('unreadable_call_start', 'unreadable_call_duration')
    ),

    counted as (
        select
            count(*) as call_count,
            count(
                case when rejection_reason like 'unreadable%' then 1 end
            ) as unreadable_count
        from calls
    ),

    -- A few, such as a line of totals, are left out and counted.
    too_many as (
        select unreadable.*
        from unreadable
        inner join counted
            on counted.unreadable_count > {{ var('unusable_fail_share') }} * counted.call_count
    )
{%- else -%}
    too_many as (
        select null as rejection_reason where false
    )
{%- endif %}

select * from too_many
