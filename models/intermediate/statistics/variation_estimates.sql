with

moments as (
    select * from {{ ref('variation_moments') }}
),

quantile_values as (
    select * from {{ ref('quantile_values') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

{{ linearise_moments('moments') }},

{{ estimate_quantiles('quantile_values') }},

estimates as (
    select
        experiment_id,
        metric_name,
        variation_id,
        estimator,
        unit_count,
        metric_value,
        variance,
        observation_sum,
        denominator_sum
    from linear_moments
    union all
    select
        experiment_id,
        metric_name,
        variation_id,
        'raw' as estimator,
        unit_count,
        metric_value,
        variance,
        null as observation_sum,
        null as denominator_sum
    from quantiles
)

select * from estimates
