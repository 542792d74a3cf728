{{ config(materialized='view') }}

with

units as (
    select * from {{ portable(ref('experiment_units')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

experiment_metrics as (
    select * from {{ portable(ref('experiment_metrics')) }}
),

observed as (
    select * from {{ portable(ref('observed_metrics')) }}
),

clock as (
    select * from {{ portable(ref('analysis_clock')) }}
),

-- Every unit has an observation of every metric that its experiment uses: a unit that did nothing
-- has the default.
filled as (
    select
        units.experiment_id,
        units.variation_id,
        units.unit_id,
        metrics.metric_name,
        metrics.is_mature_only,
        metrics.drops_zero_denominator,
        units.exposed_at,
        coalesce(observed.observation, metrics.default_value) as observation,
        case when metrics.is_ratio then coalesce(observed.denominator, 0) end as denominator,
        metrics.can_mature and case
            when metrics.matures_after_hours is null then units.window_ends_at
            else {{ add_hours('units.exposed_at', 'metrics.matures_after_hours') }}
        end <= clock.as_of_at as is_mature
    from units
    inner join experiment_metrics on units.experiment_id = experiment_metrics.experiment_id
    inner join metrics on experiment_metrics.metric_name = metrics.metric_name
    cross join clock
    left join observed
        on
            units.experiment_id = observed.experiment_id
            and units.unit_id = observed.unit_id
            and metrics.metric_name = observed.metric_name
),

-- A unit that a metric says nothing about has no number there.
marked as (
    select
        filled.*,
        (filled.is_mature_only and not filled.is_mature)
        or (filled.drops_zero_denominator and filled.denominator = 0) as is_left_out
    from filled
),

observations as (
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        exposed_at,
        case when not coalesce(is_left_out, false) then observation end as observation,
        case when not coalesce(is_left_out, false) then denominator end as denominator,
        is_mature
    from marked
)

select * from observations
