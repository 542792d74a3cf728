{%- set key = ['experiment_id', 'metric_name', 'estimator'] + slice_columns() -%}
{#- Of the four measures, and not of the two ratios, so that all that cancels is in the terms. -#}
{%- set weights = adjusted_weights('moments', 'slopes.theta') -%}

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

-- Where the covariate does not vary, or neither value does, theta is 0 and nothing is adjusted.
slopes as {{ materialized() }} (
    select
        comparisons.*,
        pooled.covariate_value as pooled_covariate_value,
        case
            when own.variance = 0 and reference.variance = 0 then 0e0
            when
                pooled.variance > 1e-200
                and sqrt(pooled.variance / (own.unit_count + reference.unit_count))
                > {{ last_digits('abs(pooled.covariate_value)') }}
                and own.metric_value is not null
                and reference.metric_value is not null
                and own.covariate_value is not null
                and reference.covariate_value is not null
                then pooled.covariance / pooled.variance
            else 0e0
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

sides as {{ materialized() }} (
    select
        slopes.comparison_id,
        slopes.theta,
        moments.variation_id = slopes.reference_variation_id as is_reference,
        moments.unit_count,
        moments.metric_value,
        moments.variance as plain_variance,
        slopes.theta * moments.covariate_value as theta_value,
        slopes.theta * (moments.covariate_value - slopes.pooled_covariate_value) as surplus,
        slopes.theta * moments.covariate_value_covariance as theta_covariance,
        slopes.theta * slopes.theta * moments.covariate_value_variance as theta_variance,
        {{ linear_variance('moments', weights) }} as variance,
        {{ linear_terms('moments', weights) }} as terms
    from slopes
    inner join moments
        on
            {{ same_columns('slopes', 'moments', key) }}
            and moments.variation_id in (slopes.variation_id, slopes.reference_variation_id)
),

-- Of a standard error that is left over, and is no more than the rounding of what it is made of,
-- nothing is known.
pairs as {{ materialized() }} (
    select
        own.*,
        reference.metric_value as reference_metric_value,
        reference.surplus as reference_surplus,
        reference.plain_variance as plain_reference_variance,
        reference.variance as reference_variance,
        reference.theta_covariance as reference_theta_covariance,
        reference.theta_variance as reference_theta_variance,
        own.variance / own.unit_count + reference.variance / reference.unit_count
        <= {{ rounding_of(
            'own.terms / own.unit_count + reference.terms / reference.unit_count'
        ) }}
        or sqrt(greatest(
            own.variance / own.unit_count + reference.variance / reference.unit_count, 0
        )) <= {{ last_digits(
            'abs(own.metric_value) + abs(own.theta_value)'
            ~ ' + abs(reference.metric_value) + abs(reference.theta_value)'
        ) }} as is_rounding
    from sides as own
    inner join sides as reference on own.comparison_id = reference.comparison_id
    where not own.is_reference and reference.is_reference
),

adjusted as (
    select
        comparison_id,
        theta,
        metric_value - coalesce(surplus, 0) as metric_value,
        reference_metric_value - coalesce(reference_surplus, 0) as reference_metric_value,
        case
            when theta = 0 then plain_variance
            when is_rounding then 0e0
            when variance < 0 then 0e0
            else variance
        end as variance,
        case
            when theta = 0 then plain_reference_variance
            when is_rounding then 0e0
            when reference_variance < 0 then 0e0
            else reference_variance
        end as reference_variance,
        coalesce(reference_theta_covariance, 0) as theta_covariance,
        coalesce(reference_theta_variance, 0) as theta_variance
    from pairs
)

select * from adjusted
