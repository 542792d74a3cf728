with

clock as (
    select * from {{ ref('analysis_clock') }}
),

-- Exposures that are left out for their clock alone count here.
exposures as (
    select
        experiment_id,
        exposed_at,
        processed_at,
        {{ credible_time('exposed_at') }} as seen_at
    from {{ ref('enriched_exposures') }}
    where coalesce(exclusion_reason, 'after_as_of') = 'after_as_of'
),

counted as (
    select
        exposures.experiment_id,
        cast(exposures.seen_at as date) as calendar_date,
        count(*) as exposure_count,
        min(exposures.seen_at) as first_seen_at,
        max(exposures.seen_at) as last_seen_at,
        {{ delays_of_rows('exposures.exposed_at') | trim }}
    from exposures
    cross join clock
    where exposures.seen_at <= clock.as_of_at
    group by exposures.experiment_id, cast(exposures.seen_at as date)
)

select * from counted
