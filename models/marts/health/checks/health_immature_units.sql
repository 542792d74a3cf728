with

units as (
    select * from {{ ref('experiment_units') }}
),

clock as (
    select * from {{ ref('analysis_clock') }}
),

findings as (
    select
        units.experiment_id,
        count(*) as unit_count,
        count(case when units.window_ends_at > clock.as_of_at then 1 end) as immature_count,
        avg(case when units.window_ends_at > clock.as_of_at then 1e0 else 0e0 end) as check_value
    from units
    cross join clock
    group by units.experiment_id
),

{{ health_check(
    name='immature_units',
    title='Unfinished windows',
    looks_at='share of units',
    threshold='immature_warn_share',
    threshold_rule='share',
    warn='value >= threshold',
    found='The windows of {immature_count} of {unit_count} units ({value:%}) have not ended.',
    remedy='Their observations still grow: wait until the windows have ended, or let the metric
        count mature units alone.',
    missing='No unit was exposed.',
) }}

select * from checked
