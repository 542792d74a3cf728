with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

known_variations as (
    select * from {{ ref('known_variations') }}
),

named_variations as (
    select * from {{ ref('stg_variations') }}
),

units as (
    select * from {{ ref('experiment_units') }}
),

exposed_units as (
    select
        experiment_id,
        variation_id,
        count(*) as unit_count
    from units
    group by experiment_id, variation_id
),

described as (
    select
        known_variations.experiment_id,
        experiments.experiment_name,
        known_variations.variation_id,
        coalesce(named_variations.variation_name, known_variations.variation_id) as variation_name,
        known_variations.is_reference_variation,
        named_variations.traffic_share,
        coalesce(exposed_units.unit_count, 0) as unit_count
    from known_variations
    inner join experiments on known_variations.experiment_id = experiments.experiment_id
    left join named_variations
        on
            known_variations.experiment_id = named_variations.experiment_id
            and known_variations.variation_id = named_variations.variation_id
    left join exposed_units
        on
            known_variations.experiment_id = exposed_units.experiment_id
            and known_variations.variation_id = exposed_units.variation_id
)

select * from described
