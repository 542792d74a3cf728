with

exposures as (
    select * from {{ ref('first_exposures') }}
),

findings as (
    select
        experiment_id,
        count(*) as visitor_count,
        count(case when exclusion_reason = 'tied_exposure' then 1 end) as tied_count,
        avg(case when exclusion_reason = 'tied_exposure' then 1e0 else 0e0 end) as check_value
    from exposures
    group by experiment_id
),

{{ health_check(
    name='tied_exposures',
    title='Tied first exposures',
    looks_at='share of visitors',
    threshold='tied_exposure_warn_share',
    threshold_rule='share',
    warn='value >= threshold',
    found='{tied_count} of {visitor_count} visitors ({value:%}) were first shown two variations at
        one instant, and are left out.',
    remedy='Find out what decides twice at once: an assignment on client and server, times that are
        cut to seconds, an id that stands for many people.',
    missing='No unit was exposed.',
) }}

select * from checked
