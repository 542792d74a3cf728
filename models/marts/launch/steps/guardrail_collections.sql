{%- set days_without_data = days_between('latest_data_date', 'collected_until_date') -%}

with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

guardrails as (
    select * from {{ ref('dim_metrics') }}
    where is_guardrail
),

observed as (
    select * from {{ ref('observed_metrics') }}
    where row_kind <> 'covariate'
),

latest as (
    select
        observed.experiment_id,
        observed.variation_id,
        observed.metric_name,
        max(observed.observed_date) as latest_data_date
    from observed
    inner join guardrails on observed.metric_name = guardrails.metric_name
    group by observed.experiment_id, observed.variation_id, observed.metric_name
),

collected as (
    select
        variations.experiment_id,
        variations.variation_id,
        variations.variation_name,
        used_metrics.metric_name,
        latest.latest_data_date,
        cast(
            case
                when experiments.ends_at is null then experiments.last_exposed_at
                else least(experiments.ends_at, experiments.as_of_at)
            end as date
        ) as collected_until_date
    from variations
    inner join experiments on variations.experiment_id = experiments.experiment_id
    inner join used_metrics on variations.experiment_id = used_metrics.experiment_id
    inner join guardrails on used_metrics.metric_name = guardrails.metric_name
    left join latest
        on
            {{ same_variation('variations', 'latest') | indent(8) }}
            and used_metrics.metric_name = latest.metric_name
),

aged as (
    select
        collected.*,
        coalesce({{ days_without_data }} > {{ var('guardrail_stale_days') }}, true) as is_stale
    from collected
)

select * from aged
