{%- set slice = ['experiment_id', 'metric_name', 'variation_id'] + slice_columns() -%}

with

moments as (
    select * from {{ ref('linearised_moments') }}
),

quantiles as (
    select * from {{ ref('quantile_estimates') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_covariate
),

estimates as (
    select
        {{ slice | join(',\n        ') }},
        estimator,
        unit_count,
        effective_unit_count,
        metric_value,
        variance,
        observation_sum,
        denominator_sum,
        cast(null as {{ type_double() }}) as tied_share
    from moments
    union all
    select
        {{ slice | join(',\n        ') }},
        'raw' as estimator,
        unit_count,
        cast(unit_count as {{ type_double() }}) as effective_unit_count,
        metric_value,
        variance,
        null as observation_sum,
        null as denominator_sum,
        tied_share
    from quantiles
    union all
    -- What the units did before their exposure, as cuped takes it: capped where there is a cap.
    select
        {{ prefixed('moments', slice) | join(',\n        ') }},
        'covariate' as estimator,
        moments.unit_count,
        moments.covariate_effective_unit_count as effective_unit_count,
        moments.covariate_value as metric_value,
        moments.covariate_value_variance as variance,
        null as observation_sum,
        null as denominator_sum,
        null as tied_share
    from moments
    inner join metrics
        on moments.metric_name = metrics.metric_name and moments.is_capped = metrics.has_cap
)

select * from estimates
