with

exposures as (
    select * from {{ ref('enriched_exposures') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

listed as (
    select * from {{ ref('stg_variations') }}
),

-- What the others are compared with: the settings' reference variation, unless the var names one.
baselines as (
    {{ text_rows(var('baseline_variations'), 'variation_id') | indent(4) }}
),

experiments as (
    select distinct experiment_id
    from exposures
),

-- A variation that the settings list belongs to its experiment even if nobody saw it.
variations as (
    select
        experiment_id,
        variation_id
    from units
    union
    select
        listed.experiment_id,
        listed.variation_id
    from listed
    inner join experiments on listed.experiment_id = experiments.experiment_id
),

-- Of two variations that no settings say anything about, one called control is the reference.
described as (
    select
        variations.experiment_id,
        variations.variation_id,
        listed.is_reference_variation,
        baselines.variation_id is not null as is_baseline,
        count(*) over (partition by variations.experiment_id) = 2
        and count(listed.variation_id) over (partition by variations.experiment_id) = 0
        and lower(variations.variation_id) = 'control' as is_control_by_name
    from variations
    left join baselines on variations.variation_id = baselines.variation_id
    left join listed
        on
            variations.experiment_id = listed.experiment_id
            and variations.variation_id = listed.variation_id
),

experiment_baselines as (
    select
        experiment_id,
        max(case when is_baseline then 1 else 0 end) = 1 as has_baseline
    from described
    group by experiment_id
),

chosen as (
    select
        described.experiment_id,
        described.variation_id,
        case
            when experiment_baselines.has_baseline then described.is_baseline
            when described.is_control_by_name then true
            else described.is_reference_variation
        end as is_reference_variation
    from described
    inner join experiment_baselines
        on described.experiment_id = experiment_baselines.experiment_id
)

select * from chosen
