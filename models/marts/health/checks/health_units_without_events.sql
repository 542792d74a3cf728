with

experiments as (
    select * from {{ ref('dim_experiments') }}
    where unit_count > 0
),

events as (
    select * from {{ ref('experiment_events') }}
),

active as (
    select
        experiment_id,
        count(distinct unit_id) as unit_count
    from events
    group by experiment_id
),

findings as (
    select
        experiments.experiment_id,
        experiments.unit_count,
        experiments.unit_count - coalesce(active.unit_count, 0) as eventless_count,
        1 - coalesce(active.unit_count, 0) * 1e0 / experiments.unit_count as check_value
    from experiments
    left join active on experiments.experiment_id = active.experiment_id
),

{{ health_check(
    name='units_without_events',
    title='Units without events',
    looks_at='share of units',
    threshold='eventless_warn_share',
    threshold_rule='share',
    fail='eventless_count = unit_count',
    warn='value >= threshold',
    found='{eventless_count} of {unit_count} units ({value:%}) have no event in their window.',
    remedy='Compare the visitor ids of exposures and events: they must be the same ids; see that the
        export holds the events of these days.',
    missing='No unit was exposed.',
) }}

select * from checked
