{{ config(severity='warn') }}

with

repeated as (
    {{ repeated_calls() | indent(4) }}
),

alike as (
    select
        source_name,
        visitor_id,
        occurred_at,
        call_duration_min,
        copy_count,
        repeat_count,
        call_count
    from repeated
    where not is_doubled
)

select * from alike
