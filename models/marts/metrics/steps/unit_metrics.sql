{{ config(materialized='view') }}

with

units as (
    select * from {{ portable(ref('experiment_units')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

used_metrics as (
    select * from {{ portable(ref('used_metrics')) }}
),

clock as (
    select * from {{ portable(ref('analysis_clock')) }}
),

matured as (
    select
        units.experiment_id,
        units.variation_id,
        units.unit_id,
        units.exposed_at,
        metrics.metric_name,
        metrics.is_mature_only,
        case
            when not metrics.can_mature then null
            when metrics.matures_after_hours is null then units.window_ends_at
            when
                metrics.has_experiment_window
                and units.window_ends_at
                > {{ add_hours('units.exposed_at', 'metrics.matures_after_hours') }}
                then units.window_ends_at
            else {{ add_hours('units.exposed_at', 'metrics.matures_after_hours') }}
        end as matures_at,
        {{ days_between('units.exposed_at', 'clock.as_of_at') }} + 1 as exposed_day_count,
        clock.as_of_at
    from units
    inner join used_metrics on units.experiment_id = used_metrics.experiment_id
    inner join metrics on used_metrics.metric_name = metrics.metric_name
    cross join clock
),

-- A metric of mature units alone counts a unit from the moment that its window has ended.
entered as (
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        exposed_at,
        case when is_mature_only then matures_at else exposed_at end as enters_at,
        coalesce(matures_at <= as_of_at, false) as is_mature,
        not is_mature_only or matures_at <= as_of_at as has_entered,
        exposed_day_count
    from matured
)

select * from entered
