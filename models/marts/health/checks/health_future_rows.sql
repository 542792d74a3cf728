with

days as (
    select * from {{ ref('experiment_days') }}
),

summed as (
    select
        experiment_id,
        sum(processed_exposure_count) as exposure_count,
        sum(future_exposure_count) as future_exposure_count,
        sum(processed_event_count) as event_count,
        sum(future_event_count) as future_event_count
    from days
    group by experiment_id
),

-- Few exposures must not hide behind many events.
findings as (
    select
        experiment_id,
        exposure_count,
        future_exposure_count,
        event_count,
        future_event_count,
        greatest(
            coalesce(future_exposure_count * 1e0 / nullif(exposure_count, 0), 0),
            coalesce(future_event_count * 1e0 / nullif(event_count, 0), 0)
        ) as check_value
    from summed
    where exposure_count + event_count > 0
),

{{ health_check(
    'future_rows',
    threshold=var('future_warn_share'),
    warn='value >= threshold',
    found='Processed more than ' ~ var('clock_tolerance_hours') ~ ' hours before they happened:
        {future_exposure_count} of {exposure_count} exposures, {future_event_count} of {event_count}
        events.',
    remedy='Clocks or time zones are wrong where they are sent: correct them there.',
    missing='Not checked: no exposure or event says when it was processed.',
) }}

select * from checked
