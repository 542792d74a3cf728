with

clock as (
    select * from {{ ref('analysis_clock') }}
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

events as (
    select
        visitor_id,
        coalesce(event_name, '(not set)') as event_name,
        {{ credible_time('occurred_at') }} as occurred_at
    from {{ ref('all_events') }}
    where not is_bot
),

visits as (
    select distinct
        events.event_name,
        cast(events.occurred_at as date) as calendar_date,
        events.visitor_id
    from events
    cross join clock
    left join excluded_visitors on events.visitor_id = excluded_visitors.visitor_id
    where events.occurred_at <= clock.as_of_at and excluded_visitors.visitor_id is null
),

totals as (
    select
        calendar_date,
        count(distinct visitor_id) as total_visitor_count
    from visits
    group by calendar_date
),

counted as (
    select
        event_name,
        calendar_date,
        count(*) as visitor_count
    from visits
    group by event_name, calendar_date
),

described as (
    select
        counted.event_name,
        counted.calendar_date,
        counted.visitor_count,
        totals.total_visitor_count
    from counted
    inner join totals on counted.calendar_date = totals.calendar_date
)

select * from described
