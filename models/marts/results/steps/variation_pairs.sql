{%- set key = ['experiment_id', 'metric_name'] + slice_columns() -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
),

adjustments as (
    select * from {{ ref('covariate_adjustments') }}
),

pairs as (
    select
        comparisons.comparison_id,
        comparisons.experiment_id,
        comparisons.metric_name,
        comparisons.variation_id,
        comparisons.reference_variation_id,
        comparisons.estimator,
        {{ prefixed('comparisons', slice_columns()) | join(',\n        ') }},
        comparisons.is_quantile,
        coalesce(own.unit_count, 0) as unit_count,
        case
            when comparisons.reference_variation_id is not null
                then coalesce(reference.unit_count, 0)
        end as reference_unit_count,
        own.effective_unit_count,
        reference.effective_unit_count as reference_effective_unit_count,
        coalesce(adjustments.metric_value, own.metric_value) as metric_value,
        coalesce(adjustments.reference_metric_value, reference.metric_value)
            as reference_metric_value,
        coalesce(adjustments.variance, own.variance) as variance,
        coalesce(adjustments.reference_variance, reference.variance) as reference_variance,
        own.variance as plain_variance,
        {{ unless_rounding('reference.metric_value', 'reference.variance') }}
            as plain_reference_value,
        reference.variance as plain_reference_variance,
        coalesce(adjustments.theta_covariance, 0) as theta_covariance,
        coalesce(adjustments.theta_variance, 0) as theta_variance,
        adjustments.theta,
        greatest(coalesce(own.tied_share, 0), coalesce(reference.tied_share, 0)) as tied_share
    from comparisons
    left join estimates as own
        on
            {{ same_columns('comparisons', 'own', key) }}
            and comparisons.variation_id = own.variation_id
            and comparisons.plain_estimator = own.estimator
    left join estimates as reference
        on
            {{ same_columns('comparisons', 'reference', key) }}
            and comparisons.reference_variation_id = reference.variation_id
            and comparisons.plain_estimator = reference.estimator
    left join adjustments on comparisons.comparison_id = adjustments.comparison_id
)

select * from pairs
