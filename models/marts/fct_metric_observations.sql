{{ config(materialized='view') }}

with

units as (
    select * from {{ portable(ref('experiment_units')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

observed as (
    select * from {{ portable(ref('observed_metrics')) }}
),

clock as (
    select * from {{ portable(ref('analysis_clock')) }}
),

-- Every unit has an observation of every metric: a unit that did nothing has the default.
observations as (
    select
        units.experiment_id,
        units.variation_id,
        units.unit_id,
        metrics.metric_name,
        units.exposed_at,
        coalesce(observed.observation, metrics.default_value) as observation,
        observed.denominator,
        case
            when metrics.window_hours is null then units.window_ends_at
            else {{ add_hours('units.exposed_at', 'metrics.window_hours') }}
        end <= clock.as_of_at as is_mature
    from units
    cross join metrics
    cross join clock
    left join observed
        on
            units.experiment_id = observed.experiment_id
            and units.unit_id = observed.unit_id
            and metrics.metric_name = observed.metric_name
)

select * from observations
