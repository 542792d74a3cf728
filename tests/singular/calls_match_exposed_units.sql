{{ config(severity='warn') }}

with

calls as (
    select * from {{ ref('all_calls') }}
),

exposed_visitors as (
    select distinct visitor_id from {{ ref('experiment_units') }}
),

matched as (
    select
        count(*) as call_count,
        count(exposed_visitors.visitor_id) as matched_call_count,
        min(case when exposed_visitors.visitor_id is null then calls.visitor_id end)
            as example_visitor_id
    from calls
    left join exposed_visitors on calls.visitor_id = exposed_visitors.visitor_id
),

too_few as (
    select * from matched
    where matched_call_count * 2 < call_count
)

select * from too_few
