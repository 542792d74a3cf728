with

days as (
    select * from {{ ref('experiment_days') }}
),

summed as (
    select
        experiment_id,
        sum(processed_decision_count) as decision_count,
        sum(future_decision_count) as future_decision_count,
        sum(processed_event_count) as event_count,
        sum(future_event_count) as future_event_count
    from days
    group by experiment_id
),

-- Few decisions must not hide behind many events.
findings as (
    select
        experiment_id,
        decision_count,
        future_decision_count,
        event_count,
        future_event_count,
        greatest(
            coalesce(future_decision_count * 1e0 / nullif(decision_count, 0), 0),
            coalesce(future_event_count * 1e0 / nullif(event_count, 0), 0)
        ) as check_value
    from summed
    where decision_count + event_count > 0
),

{{ health_check(
    'future_rows',
    threshold=var('future_warn_share'),
    warn='value >= threshold',
    found='Processed more than ' ~ var('clock_tolerance_hours') ~ ' hours before they happened:
        {future_decision_count} of {decision_count} decisions, {future_event_count} of {event_count}
        events.',
    remedy='Clocks or time zones are wrong where they are sent: correct them there.',
    missing='Not checked: no decision or event says when it was processed.',
) }}

select * from checked
