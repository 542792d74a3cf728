{{ config(materialized='view') }}

with

unit_observations as (
    select * from {{ portable(ref('unit_observations')) }}
),

observations as (
    select
        experiment_id,
        variation_id,
        unit_id,
        metric_name,
        exposed_at,
        observation,
        denominator,
        capped_observation,
        covariate,
        covariate_denominator,
        capped_covariate,
        is_mature
    from unit_observations
)

select * from observations
