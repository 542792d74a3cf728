{{ config(materialized='view') }}
{%- set keys = [
    'experiment_id', 'metric_name', 'variation_id', 'exposed_date', 'from_date', 'until_date'
] %}

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
    inner join units on {{ same_columns('states', 'units', ['experiment_id', 'unit_id']) }}
    left join covariates
        on
            {{ same_columns('states', 'covariates', ['experiment_id', 'unit_id', 'metric_name']) }}
),

counted as (
    select
        {{ keys | join(',\n        ') }},
        {{- counted_measures() }}
    from filled
),

measures as (
    select
        {{ prefixed('counted', keys + moment_measures()) | join(',\n        ') }},
        {{ capped('counted.observation') }} as capped_observation,
        {{ capped('counted.covariate') }} as capped_covariate
    from counted
    left join caps on {{ same_columns('counted', 'caps', ['experiment_id', 'metric_name']) }}
)

select * from measures
where observation is not null
