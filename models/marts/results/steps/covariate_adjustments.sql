{%- set key = ['experiment_id', 'metric_name', 'estimator'] + slice_columns() -%}

with

comparisons as (
    select
        comparison_id,
        experiment_id,
        metric_name,
        variation_id,
        reference_variation_id,
        plain_estimator as estimator,
        {{ slice_columns() | join(',\n        ') }}
    from {{ ref('comparisons') }}
    where estimator = 'cuped'
),

moments as (
    select * from {{ ref('linearised_moments') }}
),

pooled as (
    select * from {{ ref('pooled_covariates') }}
),

-- Where the covariate does not vary, theta is 0 and nothing is adjusted.
slopes as {{ materialized() }} (
    select
        comparisons.comparison_id,
        own.metric_value as own_metric_value,
        own.variance as own_variance,
        own.covariate_value - pooled.covariate_value as own_surplus,
        own.covariate_value_variance as own_covariate_variance,
        own.covariate_value_covariance as own_covariance,
        reference.metric_value as reference_metric_value,
        reference.variance as reference_variance,
        reference.covariate_value - pooled.covariate_value as reference_surplus,
        reference.covariate_value_variance as reference_covariate_variance,
        reference.covariate_value_covariance as reference_covariance,
        case
            when
                pooled.variance > 1e-200
                and own.metric_value is not null
                and reference.metric_value is not null
                and own.covariate_value is not null
                and reference.covariate_value is not null
                then pooled.covariance / pooled.variance
            else 0
        end as theta
    from comparisons
    inner join pooled on comparisons.comparison_id = pooled.comparison_id
    inner join moments as own
        on
            {{ same_columns('comparisons', 'own', key + ['variation_id']) }}
    inner join moments as reference
        on
            {{ same_columns('comparisons', 'reference', key) }}
            and comparisons.reference_variation_id = reference.variation_id
),

adjusted as (
    select
        comparison_id,
        theta,
        own_metric_value - coalesce(theta * own_surplus, 0) as metric_value,
        reference_metric_value - coalesce(theta * reference_surplus, 0) as reference_metric_value,
        {{ adjusted_variance('own') }} as variance,
        {{ adjusted_variance('reference') }} as reference_variance,
        coalesce(theta * reference_covariance, 0) as theta_covariance,
        coalesce(theta * theta * reference_covariate_variance, 0) as theta_variance
    from slopes
)

select * from adjusted
