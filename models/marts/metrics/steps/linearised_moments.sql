{%- set variation = ['experiment_id', 'metric_name', 'variation_id'] + slice_columns() -%}
{%- set keys = ['experiment_id', 'metric_name', 'variation_id', 'is_capped'] + slice_columns() -%}

with

moments as (
    select * from {{ ref('variation_moments') }}
),

-- A mean is a ratio whose denominators are all 1.
divided as {{ materialized() }} (
    select
        *,
        {{ divisor('denominator') }} as divisor,
        {{ divisor('covariate_denominator') }} as covariate_divisor
    from moments
),

ratios as {{ materialized() }} (
    select
        *,
        observation_mean / divisor as metric_value,
        covariate_mean / covariate_divisor as covariate_value
    from divided
),

-- The ratio R = n/d of two means has the linear form (y - R d)/d of each unit, and with it the
-- variance of the delta method.
linear as {{ materialized() }} (
    select
        {{ (keys + moment_columns()) | join(',\n        ') }},
        case when is_capped then 'capped' else 'raw' end as estimator,
        divisor,
        metric_value,
        {{ ratio_variance(
            'observation_variance', 'observation_denominator_covariance', 'denominator_variance',
            'metric_value', 'divisor'
        ) }} as linear_variance,
        covariate_divisor,
        covariate_value,
        {{ ratio_variance(
            'covariate_variance', 'covariate_covariate_denominator_covariance',
            'covariate_denominator_variance', 'covariate_value', 'covariate_divisor'
        ) }} as covariate_value_variance,
        {{ ratio_covariance(
            '', 'metric_value', 'covariate_value', 'divisor', 'covariate_divisor'
        ) }} as covariate_value_covariance
    from ratios
),

varying as {{ materialized() }} (
    select
        *,
        {{ beyond_last_digits('linear_variance', 'unit_count', 'metric_value') }} as own_variance
    from linear
),

-- What does not vary as it is does not vary capped.
judged as {{ materialized() }} (
    select
        *,
        max(case when not is_capped and own_variance = 0 then 1 else 0 end) over (
            partition by {{ variation | join(', ') }}
        ) = 1 as is_constant
    from varying
),

linearised as (
    select
        {{ (keys + moment_columns()) | join(',\n        ') }},
        estimator,
        {{ effective_units('unit_count', 'denominator') }} as effective_unit_count,
        divisor,
        metric_value,
        case when is_constant then 0e0 else own_variance end as variance,
        {{ effective_units('unit_count', 'covariate_denominator') }}
            as covariate_effective_unit_count,
        covariate_divisor,
        covariate_value,
        covariate_value_variance,
        covariate_value_covariance
    from judged
)

select * from linearised
