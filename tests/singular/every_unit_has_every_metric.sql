with

units as (
    select * from {{ ref('experiment_units') }}
),

metrics as (
    select * from {{ ref('used_metrics') }}
),

observations as (
    select * from {{ ref('fct_metric_observations') }}
),

unit_counts as (
    select
        experiment_id,
        count(*) as unit_count
    from units
    group by experiment_id
),

observation_counts as (
    select
        experiment_id,
        metric_name,
        count(*) as observation_count,
        count(distinct unit_id) as observed_unit_count
    from observations
    group by experiment_id, metric_name
),

compared as (
    select
        unit_counts.experiment_id,
        metrics.metric_name,
        unit_counts.unit_count,
        coalesce(observation_counts.observation_count, 0) as observation_count,
        coalesce(observation_counts.observed_unit_count, 0) as observed_unit_count
    from unit_counts
    inner join metrics on unit_counts.experiment_id = metrics.experiment_id
    left join observation_counts
        on
            unit_counts.experiment_id = observation_counts.experiment_id
            and metrics.metric_name = observation_counts.metric_name
),

unequal as (
    select * from compared
    where observation_count <> unit_count or observed_unit_count <> unit_count
)

select * from unequal
