{{ config(materialized='view') }}

with

states as (
    select * from {{ portable(ref('observation_states')) }}
),

units as (
    select * from {{ portable(ref('experiment_units')) }}
),

metrics as (
    select * from {{ portable(ref('dim_metrics')) }}
),

covariates as (
    select * from {{ portable(ref('observed_metrics')) }}
    where row_kind = 'covariate' and is_latest
),

caps as (
    select * from {{ portable(ref('metric_caps')) }}
),

filled as (
    select
        states.experiment_id,
        states.metric_name,
        units.variation_id,
        cast(units.exposed_at as date) as exposed_date,
        states.from_date,
        states.until_date,
        metrics.drops_zero_denominator,
        {{- filled_measures('states.observation', 'states.denominator') }}
    from states
    inner join metrics on states.metric_name = metrics.metric_name
    inner join units
        on states.experiment_id = units.experiment_id and states.unit_id = units.unit_id
    left join covariates
        on
            states.experiment_id = covariates.experiment_id
            and states.unit_id = covariates.unit_id
            and states.metric_name = covariates.metric_name
),

counted as (
    select
        experiment_id,
        metric_name,
        variation_id,
        exposed_date,
        from_date,
        until_date,
        {{- counted_measures() }}
    from filled
),

measures as (
    select
        counted.experiment_id,
        counted.metric_name,
        counted.variation_id,
        counted.exposed_date,
        counted.from_date,
        counted.until_date,
        counted.observation,
        counted.denominator,
        {{ capped('counted.observation') }} as capped_observation,
        counted.covariate,
        counted.covariate_denominator,
        {{ capped('counted.covariate') }} as capped_covariate
    from counted
    left join caps
        on
            counted.experiment_id = caps.experiment_id
            and counted.metric_name = caps.metric_name
)

select * from measures
where observation is not null
