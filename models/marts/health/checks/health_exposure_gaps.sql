with

days as (
    select * from {{ ref('experiment_days') }}
    where is_exposure_day
),

findings as (
    select
        experiment_id,
        count(*) as day_count,
        count(case when exposure_count = 0 then 1 end) as check_value,
        min(case when exposure_count = 0 then calendar_date end) as first_gap_date
    from days
    group by experiment_id
),

{{ health_check(
    'exposure_gaps',
    threshold=var('gap_warn_days'),
    warn='value >= threshold',
    found='Days without an exposure, of {day_count} from the first to the last exposure: {value}.',
        remedy='The first is {first_gap_date:date}. See whether the export of these days was
        delivered, or the
        experiment was paused.',
    missing='No unit was exposed.',
) }}

select * from checked
