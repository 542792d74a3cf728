with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

named_variations as (
    select * from {{ ref('stg_variations') }}
),

exposed_units as (
    select
        experiment_id,
        variation_id,
        count(*) as unit_count
    from units
    group by experiment_id, variation_id
),

-- A variation that the seed names belongs to its experiment even if nobody saw it.
variations as (
    select
        experiment_id,
        variation_id
    from exposed_units
    union
    select
        named_variations.experiment_id,
        named_variations.variation_id
    from named_variations
    inner join experiments on named_variations.experiment_id = experiments.experiment_id
),

described as (
    select
        variations.experiment_id,
        experiments.experiment_name,
        variations.variation_id,
        coalesce(named_variations.variation_name, variations.variation_id) as variation_name,
        named_variations.is_reference_variation,
        named_variations.traffic_share,
        coalesce(exposed_units.unit_count, 0) as unit_count
    from variations
    inner join experiments on variations.experiment_id = experiments.experiment_id
    left join named_variations
        on
            variations.experiment_id = named_variations.experiment_id
            and variations.variation_id = named_variations.variation_id
    left join exposed_units
        on
            variations.experiment_id = exposed_units.experiment_id
            and variations.variation_id = exposed_units.variation_id
)

select * from described
