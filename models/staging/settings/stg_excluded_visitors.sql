with

excluded_visitors as (
    select
        {{ to_text('visitor_id') }} as visitor_id,
        {{ blank_to_null(trimmed(to_text('reason'))) }} as reason
    from {{ ref('excluded_visitors') }}
),

exposed_visitors as (
    select distinct visitor_id from {{ ref('all_exposures') }}
),

-- White space around an id is a slip, unless somebody's id has it.
known_visitors as (
    select
        coalesce(exposed_visitors.visitor_id, {{ trimmed('excluded_visitors.visitor_id') }})
            as visitor_id,
        excluded_visitors.reason
    from excluded_visitors
    left join exposed_visitors on excluded_visitors.visitor_id = exposed_visitors.visitor_id
),

-- A visitor named twice is left out once.
distinct_visitors as (
    select
        visitor_id,
        min(reason) as exclusion_note
    from known_visitors
    where not {{ is_missing_visitor('visitor_id') }}
    group by visitor_id
)

select * from distinct_visitors
