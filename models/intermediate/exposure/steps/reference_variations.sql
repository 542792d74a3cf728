with

variations as (
    select * from {{ ref('dim_variations') }}
),

counted as (
    select
        experiment_id,
        count(case when is_reference_variation then 1 end) as reference_variation_count,
        min(case when is_reference_variation then variation_id end) as reference_variation_id
    from variations
    group by experiment_id
),

-- With two of them, none can be meant.
chosen as (
    select
        experiment_id,
        case when reference_variation_count = 1 then reference_variation_id end
            as reference_variation_id,
        cast(reference_variation_count as bigint) as reference_variation_count
    from counted
)

select * from chosen
