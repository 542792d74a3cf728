{{ config(enabled=is_read('stg_call_center__calls')) }}

with

calls as (
    select * from {{ ref('base_call_center__calls') }}
),

accepted as (
    select * from calls
    where rejection_reason is null
),

-- Two rows that agree in everything may be two calls: the records have no id of their own.
numbered as (
    select
        visitor_id,
        call_start,
        call_duration_text,
        occurred_at,
        call_duration_min,
        row_number() over (
            partition by visitor_id, call_start, call_duration_text
            order by visitor_id
        ) as occurrence
    from accepted
),

identified as (
    select
        {{ hash_key(['visitor_id', 'call_start', 'call_duration_text', 'occurrence']) }} as call_id,
        visitor_id,
        occurred_at,
        call_duration_min
    from numbered
)

select * from identified
