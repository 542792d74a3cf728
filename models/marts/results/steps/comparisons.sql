{%- set key = [
    'compared.experiment_id', 'used_metrics.metric_name', 'compared.variation_id',
    'compared.reference_variation_id', 'estimators.estimator',
] + prefixed('compared', slice_columns()) -%}

with

compared as (
    select * from {{ ref('compared_variations') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

estimators as (
    {{ text_rows(['raw', 'capped', 'cuped', 'covariate'], 'estimator') | indent(4) }}
),

comparisons as (
    select
        {{ hash_key(key) }} as comparison_id,
        compared.experiment_id,
        compared.experiment_name,
        used_metrics.metric_name,
        compared.variation_id,
        compared.variation_name,
        compared.reference_variation_id,
        compared.reference_variation_name,
        compared.reference_variation_count,
        compared.is_chosen_reference,
        estimators.estimator,
        case
            when estimators.estimator <> 'cuped' then estimators.estimator
            when metrics.has_cap then 'capped'
            else 'raw'
        end as plain_estimator,
        estimators.estimator = case
            when metrics.has_covariate then 'cuped'
            when metrics.has_cap then 'capped'
            else 'raw'
        end as is_headline,
        {{ prefixed('compared', slice_columns()) | join(',\n        ') }},
        compared.as_of_at,
        compared.exposure_days,
        used_metrics.is_primary,
        metrics.is_guardrail,
        metrics.is_quantile,
        metrics.direction,
        metrics.non_inferiority_margin
    from compared
    inner join used_metrics on compared.experiment_id = used_metrics.experiment_id
    inner join metrics on used_metrics.metric_name = metrics.metric_name
    inner join estimators
        on
            estimators.estimator = 'raw'
            or (estimators.estimator = 'capped' and metrics.has_cap)
            or (estimators.estimator = 'cuped' and metrics.has_covariate)
            -- Whether the variations were alike before the exposure is asked once.
            or (
                estimators.estimator = 'covariate'
                and metrics.has_covariate
                and compared.is_chosen_reference
                and compared.slice_type = 'experiment'
            )
)

select * from comparisons
