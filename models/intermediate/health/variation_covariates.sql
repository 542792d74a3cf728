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

-- A ratio's by the delta method, as that of the metric; a capped one where the metric has a cap.
summarised as (
    select
        moments.experiment_id,
        moments.metric_name,
        variations.variation_name,
        coalesce(
            variations.variation_id = reference_variations.reference_variation_id, false
        ) as is_reference_variation,
        moments.unit_count,
        moments.covariate_variance,
        moments.covariate_denominator_variance,
        moments.covariate_covariate_denominator_covariance as covariance,
        case when metrics.is_ratio then moments.covariate_denominator_mean else 1 end as divisor,
        case
            when not metrics.is_ratio then moments.covariate_mean
            else moments.covariate_mean / nullif(moments.covariate_denominator_mean, 0)
        end as covariate_value,
        metrics.is_ratio
    from moments
    inner join metrics
        on moments.metric_name = metrics.metric_name and moments.is_capped = metrics.has_cap
    inner join variations
        on
            moments.experiment_id = variations.experiment_id
            and moments.variation_id = variations.variation_id
    left join reference_variations
        on moments.experiment_id = reference_variations.experiment_id
),

covariates as (
    select
        experiment_id,
        metric_name,
        variation_name,
        is_reference_variation,
        cast(unit_count as {{ type_double() }}) as unit_count,
        covariate_value,
        case
            when not is_ratio then covariate_variance
            else {{ ratio_variance(
                'covariate_variance', 'covariance', 'covariate_denominator_variance',
                'covariate_value', 'nullif(divisor, 0)'
            ) }}
        end / nullif(unit_count, 0) as squared_error
    from summarised
)

select * from covariates
