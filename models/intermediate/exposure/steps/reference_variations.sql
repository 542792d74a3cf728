with

variations as (
    select * from {{ ref('dim_variations') }}
),

-- What the others are compared with: the control, unless the var names another variation.
baselines as (
    {{ text_rows(var('baseline_variations'), 'variation_id') | indent(4) }}
),

candidates as (
    select
        variations.experiment_id,
        variations.variation_id,
        coalesce(variations.is_reference_variation, false) as is_reference,
        baselines.variation_id is not null as is_baseline
    from variations
    left join baselines on variations.variation_id = baselines.variation_id
),

counted as (
    select
        experiment_id,
        sum(case when is_baseline then 1 else 0 end) as baseline_count,
        sum(case when is_reference then 1 else 0 end) as reference_count,
        min(case when is_baseline then variation_id end) as baseline_variation_id,
        min(case when is_reference then variation_id end) as reference_variation_id
    from candidates
    group by experiment_id
),

chosen as (
    select
        experiment_id,
        case
            when baseline_count = 1 then baseline_variation_id
            when baseline_count = 0 and reference_count = 1 then reference_variation_id
        end as reference_variation_id,
        cast(
            case when baseline_count > 0 then baseline_count else reference_count end as bigint
        ) as reference_variation_count
    from counted
)

select * from chosen
