with

days as (
    select * from {{ ref('experiment_days') }}
    where is_over
),

findings as (
    select
        experiment_id,
        count(*) as day_count,
        count(case when event_count = 0 then 1 end) as check_value,
        sum(case when event_count = 0 then exposure_count else 0 end) as exposure_count,
        min(case when event_count = 0 then calendar_date end) as first_gap_date
    from days
    group by experiment_id
),

{{ health_check(
    'event_gaps',
    threshold=var('gap_warn_days'),
    warn='value >= threshold',
        found='Whole days without an event of anybody, of {day_count}: {value}, which have
        {exposure_count}
        exposures.',
    remedy='The first is {first_gap_date:date}. See whether the export of events of these days was
        delivered: units of these days look as if they did nothing.',
    missing='Not checked: no day of the experiment is over.',
) }}

select * from checked
