{{ config(materialized='ephemeral') }}

with

moments as (
    select * from {{ ref('variation_moments') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_covariate
),

variations as (
    select * from {{ ref('dim_variations') }}
),

reference_variations as (
    select * from {{ ref('reference_variations') }}
),

{{ linearise_moments('moments') }},

-- A capped one where the metric has a cap.
covariates as (
    select
        linear_moments.experiment_id,
        linear_moments.metric_name,
        variations.variation_name,
        coalesce(
            variations.variation_id = reference_variations.reference_variation_id, false
        ) as is_reference_variation,
        cast(linear_moments.unit_count as {{ type_double() }}) as unit_count,
        linear_moments.covariate_value,
        linear_moments.covariate_value_variance / nullif(linear_moments.unit_count, 0)
            as squared_error
    from linear_moments
    inner join metrics
        on
            linear_moments.metric_name = metrics.metric_name
            and linear_moments.is_capped = metrics.has_cap
    inner join variations
        on
            linear_moments.experiment_id = variations.experiment_id
            and linear_moments.variation_id = variations.variation_id
    left join reference_variations
        on linear_moments.experiment_id = reference_variations.experiment_id
)

select * from covariates
