{#- The whole of a check of how many rows were processed too long after, or before, they happened.
    kind: text, late or future, as the columns of experiment_days have it; hours, threshold: text, the vars
    with the hours that are too long, and with the share that warns; hours_rule: text, that var's rule; than:
    text, what the hours are counted from; name, title, remedy: as in health_check. -#}
{% macro delay_check(kind, hours, hours_rule, threshold, than, name, title, remedy) %}
with

days as (
    select * from {{ ref('experiment_days') }}
),

summed as (
    select
        experiment_id,
        sum(processed_exposure_count) as exposure_count,
        sum({{ kind }}_exposure_count) as delayed_exposure_count,
        sum(processed_event_count) as event_count,
        sum({{ kind }}_event_count) as delayed_event_count
    from days
    group by experiment_id
),

-- Few exposures must not hide behind many events.
findings as (
    select
        experiment_id,
        exposure_count,
        delayed_exposure_count,
        event_count,
        delayed_event_count,
        greatest(
            coalesce(delayed_exposure_count * 1e0 / nullif(exposure_count, 0), 0),
            coalesce(delayed_event_count * 1e0 / nullif(event_count, 0), 0)
        ) as check_value
    from summed
    where exposure_count + event_count > 0
),

{{ experiment_metrics.health_check(
    name=name,
    title=title,
    looks_at='share of rows',
    threshold=threshold,
    threshold_rule='share',
    settings={hours: hours_rule},
    warn='value >= threshold',
    found='Processed more than ' ~ var(hours) ~ ' hours ' ~ than ~ ': {delayed_exposure_count} of
        {exposure_count} exposures, {delayed_event_count} of {event_count} events.',
    remedy=remedy,
    missing='Not checked: no exposure or event says when it was processed.',
) }}

select * from checked
{% endmacro %}
