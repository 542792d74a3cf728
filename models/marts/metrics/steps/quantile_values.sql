{{ config(materialized='view') }}

with

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
    where is_quantile
),

observations as (
    select * from {{ portable(ref('unit_observations')) }}
),

observed as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'event_value'
),

quantile_values as (
    select
        observations.experiment_id,
        observations.metric_name,
        observations.variation_id,
        observations.unit_id,
        observations.observation as observed_value
    from observations
    inner join metrics on observations.metric_name = metrics.metric_name
    where not metrics.is_event_quantile and observations.observation is not null
    union all
    select
        observed.experiment_id,
        observed.metric_name,
        observed.variation_id,
        observed.unit_id,
        observed.observation as observed_value
    from observed
    inner join observations
        on
            observed.experiment_id = observations.experiment_id
            and observed.metric_name = observations.metric_name
            and observed.unit_id = observations.unit_id
    where observations.observation is not null
)

select * from quantile_values
