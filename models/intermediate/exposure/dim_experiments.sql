with

exposures as (
    select * from {{ ref('enriched_exposures') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

settings as (
    select * from {{ ref('experiment_settings') }}
),

clock as (
    select * from {{ ref('analysis_clock') }}
),

experiments as (
    select distinct
        experiment_id,
        experiment_name
    from exposures
),

exposed_units as (
    select
        units.experiment_id,
        count(*) as unit_count,
        count(case when units.is_crossover then 1 end) as crossover_unit_count,
        count(case when units.window_ends_at > clock.as_of_at then 1 end) as immature_unit_count,
        min(units.exposed_at) as first_exposed_at,
        max(units.exposed_at) as last_exposed_at,
        max(units.window_ends_at) as last_window_ends_at
    from units
    cross join clock
    group by units.experiment_id
),

described as (
    select
        experiments.experiment_id,
        experiments.experiment_name,
        coalesce(exposed_units.unit_count, 0) as unit_count,
        coalesce(exposed_units.crossover_unit_count, 0) as crossover_unit_count,
        coalesce(exposed_units.immature_unit_count, 0) as immature_unit_count,
        exposed_units.first_exposed_at,
        exposed_units.last_exposed_at,
        exposed_units.last_window_ends_at,
        settings.starts_at,
        settings.ends_at,
        settings.randomisation_unit,
        settings.attribution_window_hours,
        settings.crossover_policy,
        settings.primary_metric,
        settings.metric_tags,
        clock.as_of_at
    from experiments
    cross join clock
    inner join settings on experiments.experiment_id = settings.experiment_id
    left join exposed_units on experiments.experiment_id = exposed_units.experiment_id
),

-- With an end of its own it is over when the last window is.
planned as (
    select
        *,
        case
            when ends_at is not null then {{ add_hours('ends_at', 'attribution_window_hours') }}
            else {{ add_hours('first_exposed_at', 24 * var('planned_days')) }}
        end as planned_until_at
    from described
),

phased as (
    select
        *,
        case
            when planned_until_at <= as_of_at then 'over'
            when unit_count = 0 then 'not_begun'
            when ends_at <= as_of_at then 'maturing'
            else 'running'
        end as phase
    from planned
),

explained as (
    select
        *,
        case
            when phase = 'not_begun' then 'Nobody has been exposed.'
            when phase = 'maturing'
                then {{ sentence('It ended on {ends_at:date}, and outcomes count until
                    {planned_until_at:date}.') }}
            when phase = 'running' and ends_at is not null
                then {{ sentence('It ends on {ends_at:date}.') }}
            when phase = 'running'
                then {{ sentence('It is planned to run until {planned_until_at:date}.') }}
            when ends_at is not null
                then {{ sentence('It ended on {ends_at:date}, and outcomes counted until
                    {planned_until_at:date}.') }}
            else {{ sentence('It was planned to run until {planned_until_at:date}.') }}
        end as phase_reason
    from phased
)

select * from explained
