{{ config(severity='warn') }}

with

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
    where {{ is_no_sample_line('visitor_id') }}
),

visitors as (
    select visitor_id from {{ ref('all_exposures') }}
    union
    select visitor_id from {{ ref('all_events') }}
    union
    select visitor_id from {{ ref('all_calls') }}
),

unknown_visitors as (
    select
        excluded_visitors.visitor_id,
        excluded_visitors.exclusion_note
    from excluded_visitors
    left join visitors on excluded_visitors.visitor_id = visitors.visitor_id
    where visitors.visitor_id is null
)

select * from unknown_visitors
