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
        experiment_id,
        count(*) as unit_count,
        min(exposed_at) as first_exposed_at,
        max(exposed_at) as last_exposed_at,
        max(window_ends_at) as last_window_ends_at
    from units
    group by experiment_id
),

described as (
    select
        experiments.experiment_id,
        experiments.experiment_name,
        coalesce(exposed_units.unit_count, 0) as unit_count,
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
)

select * from described
