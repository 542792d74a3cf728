with

excluded_visitors as (
    select
        {{ to_text('visitor_id') }} as visitor_id,
        {{ to_text('reason') }} as reason
    from {{ ref('excluded_visitors') }}
),

-- A visitor named twice is left out once.
distinct_visitors as (
    select
        visitor_id,
        min(reason) as exclusion_note
    from excluded_visitors
    where not {{ is_missing_visitor('visitor_id') }}
    group by visitor_id
)

select * from distinct_visitors
