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
    where estimator = 'cuped' and variation_id <> reference_variation_id
),

moments as (
    select * from {{ ref('linearised_moments') }}
),

pooled as {{ materialized() }} (
    select
        comparisons.comparison_id,
        {{ pooled_mean('observation') }} as observation_mean,
        {{ pooled_mean('denominator') }} as denominator_mean,
        {{ pooled_mean('covariate') }} as covariate_mean,
        {{ pooled_mean('covariate_denominator') }} as covariate_denominator_mean,
        {{ pooled_covariance('observation', 'covariate') }}
            as observation_covariate_covariance,
        {{ pooled_covariance('observation', 'covariate_denominator') }}
            as observation_covariate_denominator_covariance,
        {{ pooled_covariance('denominator', 'covariate') }}
            as denominator_covariate_covariance,
        {{ pooled_covariance('denominator', 'covariate_denominator') }}
            as denominator_covariate_denominator_covariance,
        {{ pooled_covariance('covariate', 'covariate') }}
            as covariate_variance,
        {{ pooled_covariance('covariate', 'covariate_denominator') }}
            as covariate_covariate_denominator_covariance,
        {{ pooled_covariance('covariate_denominator', 'covariate_denominator') }}
            as covariate_denominator_variance
    from comparisons
    inner join moments as own
        on
            {{ same_columns('comparisons', 'own', key + ['variation_id']) }}
    inner join moments as reference
        on
            {{ same_columns('comparisons', 'reference', key) }}
            and comparisons.reference_variation_id = reference.variation_id
),

divided as {{ materialized() }} (
    select
        *,
        nullif(coalesce(denominator_mean, 1), 0) as divisor,
        nullif(coalesce(covariate_denominator_mean, 1), 0) as covariate_divisor
    from pooled
),

ratios as {{ materialized() }} (
    select
        *,
        observation_mean / divisor as metric_value,
        covariate_mean / covariate_divisor as covariate_value
    from divided
),

pooled_covariates as (
    select
        comparison_id,
        covariate_value,
        {{ ratio_covariance(
            '', 'metric_value', 'covariate_value', 'divisor', 'covariate_divisor'
        ) }} as covariance,
        {{ ratio_variance(
            'covariate_variance', 'covariate_covariate_denominator_covariance',
            'covariate_denominator_variance', 'covariate_value', 'covariate_divisor'
        ) }} as variance
    from ratios
)

select * from pooled_covariates
