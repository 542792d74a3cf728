with

units as (
    select * from {{ ref('experiment_units') }}
),

-- Experiments share visitors: a session of one is no unit of another.
shared_visitors as (
    select visitor_id
    from units
    group by visitor_id
    having min(experiment_id) <> max(experiment_id)
),

findings as (
    select
        units.experiment_id,
        count(*) as unit_count,
        count(shared_visitors.visitor_id) as shared_count,
        count(shared_visitors.visitor_id) * 1e0 / count(*) as check_value
    from units
    left join shared_visitors on units.visitor_id = shared_visitors.visitor_id
    group by units.experiment_id
),

{{ health_check(
    name='overlapping_experiments',
    title='Overlapping experiments',
    looks_at='share of units',
    threshold='overlap_warn_share',
    threshold_rule='share',
    warn='value >= threshold',
    found='{shared_count} of {unit_count} units ({value:%}) are of visitors who are in another
        experiment as well.',
    remedy='Make sure that the experiments do not change the same thing: an effect that depends on
        the other variation is in the average of both.',
    missing='No unit was exposed.',
) }}

select * from checked
