with

units as (
    select * from {{ ref('experiment_units') }}
),

shared_units as (
    select unit_id
    from units
    group by unit_id
    having count(*) > 1
),

findings as (
    select
        units.experiment_id,
        count(*) as unit_count,
        count(shared_units.unit_id) as shared_count,
        count(shared_units.unit_id) * 1e0 / count(*) as check_value
    from units
    left join shared_units on units.unit_id = shared_units.unit_id
    group by units.experiment_id
),

{{ health_check(
    'overlapping_experiments',
    threshold=var('overlap_warn_share'),
    warn='value >= threshold',
    found='{shared_count} of {unit_count} units ({value:%}) are in another experiment as well.',
        remedy='Make sure that the experiments do not change the same thing: an effect that depends
        on the
        other variation is in the average of both.',
    missing='No unit was exposed.',
) }}

select * from checked
