{{ config(enabled=is_planned()) }}

with

events as (
    select * from {{ ref('all_events') }}
    where
        not is_bot
        -- Where none is asked for, any event will do.
        and {{ string_literal(var('plan_entry_event')) }} in ('', event_name)
),

period as (
    select * from {{ ref('baseline_period') }}
),

entries as (
    select
        events.event_id,
        events.visitor_id,
        events.occurred_at,
        events.processed_at,
        row_number() over (
            partition by events.visitor_id
            order by events.occurred_at, events.event_id
        ) as entry_number
    from events
    cross join period
    where
        events.occurred_at > period.starts_at
        and events.occurred_at <= period.ends_at
),

-- As if an experiment had begun with the period, to which visitors come by their first event.
exposures as (
    select
        event_id as exposure_id,
        '(baseline)' as experiment_id,
        '(all)' as variation_id,
        visitor_id,
        occurred_at as exposed_at,
        processed_at
    from entries
    where entry_number = 1
)

select * from exposures
