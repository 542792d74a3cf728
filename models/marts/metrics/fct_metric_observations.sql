{{ config(materialized='view') }}

with

filled_observations as (
    select * from {{ portable(ref('filled_observations')) }}
),

caps as (
    select * from {{ portable(ref('metric_caps')) }}
),

observations as (
    select
        filled_observations.experiment_id,
        filled_observations.variation_id,
        filled_observations.unit_id,
        filled_observations.metric_name,
        filled_observations.exposed_at,
        filled_observations.observation,
        filled_observations.denominator,
        case
            when caps.metric_name is not null
                then {{ capped('filled_observations.observation') }}
        end as capped_observation,
        filled_observations.covariate,
        filled_observations.covariate_denominator,
        case
            when caps.metric_name is not null
                then {{ capped('filled_observations.covariate') }}
        end as capped_covariate,
        case
            when caps.metric_name is not null
                then {{ capped('filled_observations.denominator', 'denominator_') }}
        end as capped_denominator,
        case
            when caps.metric_name is not null
                then {{ capped('filled_observations.covariate_denominator', 'denominator_') }}
        end as capped_covariate_denominator,
        filled_observations.is_mature
    from filled_observations
    left join caps
        on
            filled_observations.experiment_id = caps.experiment_id
            and filled_observations.metric_name = caps.metric_name
)

select * from observations
