with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

reference_variations as (
    select * from {{ ref('reference_variations') }}
),

planned as (
    select
        experiment_id,
        primary_metric,
        as_of_at,
        planned_until_at,
        cast(
            case
                when ends_at is null then last_exposed_at
                else least(ends_at, as_of_at)
            end as date
        ) as collected_until_date
    from experiments
),

-- Without a reference variation, every variation is to be decided about.
decided as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name,
        reference_variations.reference_variation_id,
        named_references.variation_name as reference_variation_name,
        coalesce(reference_variations.reference_variation_count, 0) as reference_variation_count,
        planned.primary_metric,
        planned.as_of_at,
        planned.planned_until_at,
        coalesce(planned.planned_until_at <= planned.as_of_at, false)
            as is_planned_duration_reached,
        planned.collected_until_date
    from variations
    inner join planned on variations.experiment_id = planned.experiment_id
    left join reference_variations
        on variations.experiment_id = reference_variations.experiment_id
    left join variations as named_references
        on
            reference_variations.experiment_id = named_references.experiment_id
            and reference_variations.reference_variation_id = named_references.variation_id
    where
        reference_variations.reference_variation_id is null
        or variations.variation_id <> reference_variations.reference_variation_id
)

select * from decided
