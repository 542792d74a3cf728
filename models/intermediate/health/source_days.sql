{{ config(materialized='ephemeral') }}

with

events as (
    select * from {{ ref('stg_optimizely__events') }}
    where not is_bot
),

calls as (
    select * from {{ ref('stg_call_center__calls') }}
),

units as (
    select distinct unit_id
    from {{ ref('experiment_units') }}
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

clock as (
    select * from {{ ref('analysis_clock') }}
),

source_rows as (
    select
        'events' as source_name,
        visitor_id,
        occurred_at,
        processed_at
    from events
    union all
    select
        'calls' as source_name,
        visitor_id,
        occurred_at,
        null as processed_at
    from calls
),

counted as (
    select
        source_rows.source_name,
        cast(source_rows.occurred_at as date) as calendar_date,
        count(*) as row_count,
        count(units.unit_id) as matched_row_count,
        max(source_rows.occurred_at) as latest_at,
        {{ delays_of_rows('source_rows.occurred_at') | trim }}
    from source_rows
    cross join clock
    left join units on source_rows.visitor_id = units.unit_id
    left join excluded_visitors on source_rows.visitor_id = excluded_visitors.visitor_id
    where source_rows.occurred_at <= clock.as_of_at and excluded_visitors.visitor_id is null
    group by source_rows.source_name, cast(source_rows.occurred_at as date)
)

select * from counted
