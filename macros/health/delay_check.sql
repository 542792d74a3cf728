{#- The whole of a check of how many rows were processed too long after, or before, they happened.
    kind: text, late or future, as the columns of experiment_days have it; hours, threshold: text, the vars
    with the hours that are too long, and with the share that warns; hours_rule: text, that var's rule; than:
    text, what the hours are counted from; name, title, remedy: as in health_check; left_out: a relation with
    the rows of each experiment that are left out altogether, where there is such a thing. -#}
{% macro delay_check(kind, hours, hours_rule, threshold, than, name, title, remedy, left_out=none) %}
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

left_out as (
    {%- if left_out %}
    select * from {{ left_out }}
    {%- else %}
    select cast(null as {{ dbt.type_string() }}) as experiment_id, 0 as exposure_count, 0 as outcome_count
    where false
    {%- endif %}
),

-- Few exposures must not hide behind many events.
findings as (
    select
        coalesce(summed.experiment_id, left_out.experiment_id) as experiment_id,
        coalesce(summed.exposure_count, 0) as exposure_count,
        coalesce(summed.delayed_exposure_count, 0) as delayed_exposure_count,
        coalesce(summed.event_count, 0) as event_count,
        coalesce(summed.delayed_event_count, 0) as delayed_event_count,
        case
            when left_out.experiment_id is null then ''
            else {{ experiment_metrics.sentence(
                ' Left out, since they lie far after all others: {left_out.exposure_count} exposures, '
                ~ '{left_out.outcome_count} events and calls.'
            ) }}
        end as left_out_text,
        left_out.experiment_id is not null as has_left_out,
        greatest(
            coalesce(summed.delayed_exposure_count * 1e0 / nullif(summed.exposure_count, 0), 0),
            coalesce(summed.delayed_event_count * 1e0 / nullif(summed.event_count, 0), 0)
        ) as check_value
    from summed
    full join left_out on summed.experiment_id = left_out.experiment_id
    where summed.exposure_count + summed.event_count > 0 or left_out.experiment_id is not null
),

{{ experiment_metrics.health_check(
    name=name,
    title=title,
    looks_at='share of rows',
    threshold=threshold,
    threshold_rule='share',
    settings={hours: hours_rule},
    warn='value >= threshold or has_left_out',
    found='Processed more than ' ~ var(hours) ~ ' hours ' ~ than ~ ': {delayed_exposure_count} of
        {exposure_count} exposures, {delayed_event_count} of {event_count} events.{left_out_text:text}',
    remedy=remedy,
    missing='Not checked: no exposure or event says when it was processed.',
) }}

select * from checked
{% endmacro %}
