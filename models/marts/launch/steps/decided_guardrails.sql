{%- set days_without_data = days_between('latest_data_date', 'collected_until_date') -%}

with

decided as (
    select * from {{ ref('decided_variations') }}
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
        experiment_id,
        variation_id,
        metric_name,
        max(observed_date) as latest_data_date
    from observed
    group by experiment_id, variation_id, metric_name
),

-- Of the two that are compared, the one whose data end first counts; one without data goes before.
ranked as (
    select
        decided.experiment_id,
        decided.variation_id,
        used_metrics.metric_name,
        guardrails.non_inferiority_margin,
        variations.variation_name as collected_variation_name,
        latest.latest_data_date,
        decided.collected_until_date,
        decided.is_planned_duration_reached,
        row_number() over (
            partition by decided.experiment_id, decided.variation_id, used_metrics.metric_name
            order by
                latest.latest_data_date nulls first,
                case when variations.variation_id = decided.variation_id then 1 else 2 end
        ) as place
    from decided
    inner join variations
        on
            decided.experiment_id = variations.experiment_id
            and variations.variation_id in (decided.variation_id, decided.reference_variation_id)
    inner join used_metrics on decided.experiment_id = used_metrics.experiment_id
    inner join guardrails on used_metrics.metric_name = guardrails.metric_name
    left join latest
        on
            variations.experiment_id = latest.experiment_id
            and variations.variation_id = latest.variation_id
            and used_metrics.metric_name = latest.metric_name
),

aged as (
    select
        experiment_id,
        variation_id,
        metric_name,
        non_inferiority_margin,
        collected_variation_name,
        latest_data_date,
        collected_until_date,
        is_planned_duration_reached,
        coalesce({{ days_without_data }} > {{ var('guardrail_stale_days') }}, true) as is_stale
    from ranked
    where place = 1
)

select * from aged
