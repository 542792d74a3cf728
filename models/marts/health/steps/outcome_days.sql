with

clock as (
    select * from {{ ref('analysis_clock') }}
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

exposed_visitors as (
    select distinct visitor_id
    from {{ ref('experiment_units') }}
),

outcomes as (
    select
        visitor_id,
        occurred_at,
        processed_at,
        {{ credible_time('occurred_at') }} as event_at,
        cast(null as {{ dbt.type_timestamp() }}) as call_at
    from {{ ref('all_events') }}
    where not is_bot
    union all
    select
        visitor_id,
        occurred_at,
        cast(null as {{ dbt.type_timestamp() }}) as processed_at,
        cast(null as {{ dbt.type_timestamp() }}) as event_at,
        occurred_at as call_at
    from {{ ref('all_calls') }}
),

counted as (
    select
        cast(coalesce(outcomes.event_at, outcomes.call_at) as date) as calendar_date,
        count(outcomes.event_at) as event_count,
        count(outcomes.call_at) as call_count,
        count(case when exposed_visitors.visitor_id is not null then outcomes.event_at end)
            as matched_event_count,
        count(case when exposed_visitors.visitor_id is not null then outcomes.call_at end)
            as matched_call_count,
        max(outcomes.event_at) as latest_event_at,
        {{ delays_of_rows('outcomes.occurred_at') | trim }}
    from outcomes
    cross join clock
    left join exposed_visitors on outcomes.visitor_id = exposed_visitors.visitor_id
    left join excluded_visitors on outcomes.visitor_id = excluded_visitors.visitor_id
    where
        coalesce(outcomes.event_at, outcomes.call_at) <= clock.as_of_at
        and excluded_visitors.visitor_id is null
    group by cast(coalesce(outcomes.event_at, outcomes.call_at) as date)
)

select * from counted
