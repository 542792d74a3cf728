with

days as (
    select * from {{ ref('experiment_days') }}
),

summed as (
    select
        experiment_id,
        sum(processed_exposure_count) as exposure_count,
        sum(late_exposure_count) as late_exposure_count,
        sum(processed_event_count) as event_count,
        sum(late_event_count) as late_event_count
    from days
    group by experiment_id
),

-- Few exposures must not hide behind many events.
findings as (
    select
        experiment_id,
        exposure_count,
        late_exposure_count,
        event_count,
        late_event_count,
        greatest(
            coalesce(late_exposure_count * 1e0 / nullif(exposure_count, 0), 0),
            coalesce(late_event_count * 1e0 / nullif(event_count, 0), 0)
        ) as check_value
    from summed
    where exposure_count + event_count > 0
),

{{ health_check(
    'late_rows',
    threshold=var('late_warn_share'),
    warn='value >= threshold',
    found='Processed more than ' ~ var('late_after_hours') ~ ' hours after they happened:
        {late_exposure_count} of {exposure_count} exposures, {late_event_count} of {event_count}
        events.',
    remedy='Results of past days still change: build later, or build past days again.',
    missing='Not checked: no exposure or event says when it was processed.',
) }}

select * from checked
