with

experiments as (
    select * from {{ ref('dim_experiments') }}
    where first_exposed_at is not null
),

days as (
    select * from {{ ref('experiment_days') }}
),

latest as (
    select
        experiment_id,
        max(latest_event_at) as latest_event_at
    from days
    group by experiment_id
),

ended as (
    select
        experiments.experiment_id,
        coalesce(latest.latest_event_at, experiments.first_exposed_at) as latest_at,
        case
            when experiments.last_window_ends_at < experiments.as_of_at
                then experiments.last_window_ends_at
            else experiments.as_of_at
        end as ends_at
    from experiments
    left join latest on experiments.experiment_id = latest.experiment_id
),

findings as (
    select
        experiment_id,
        latest_at,
        ends_at,
        greatest({{ hours_between('latest_at', 'ends_at') }}, 0e0) as check_value
    from ended
),

{{ health_check(
    name='stale_events',
    title='End of the events',
    looks_at='hours',
    threshold='stale_after_hours',
    threshold_rule='positive number',
    warn='value > threshold',
    found='The events end {value:1} hours before the last window does, or the as-of time if that is
        earlier.',
    remedy='The latest is of {latest_at:date}. Units after it look as if they did nothing: see
        whether the latest export of events was delivered, or set the as-of time to where the data
        ends.',
    missing='No unit was exposed.',
) }}

select * from checked
