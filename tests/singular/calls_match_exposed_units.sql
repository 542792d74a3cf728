with

calls as (
    select * from {{ ref('stg_call_center__calls') }}
),

units as (
    select distinct unit_id from {{ ref('experiment_units') }}
),

matched as (
    select
        count(*) as call_count,
        count(units.unit_id) as matched_call_count,
        min(case when units.unit_id is null then calls.visitor_id end) as example_visitor_id
    from calls
    left join units on calls.visitor_id = units.unit_id
),

too_few as (
    select * from matched
    where matched_call_count * 2 < call_count
)

select * from too_few
