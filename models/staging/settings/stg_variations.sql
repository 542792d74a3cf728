with

variations as (
    select * from {{ ref('base_settings__variations') }}
),

pooled as (
    select
        experiment_id,
        experiment_name,
        {{ pooled_variation('variation_id') }} as variation_id,
        {{ pooled_variation('variation_id', 'variation_name') }} as variation_name,
        is_reference_variation,
        traffic_share
    from variations
),

-- A pool has the traffic of its variations, if all of them say theirs.
distinct_variations as (
    select
        experiment_id,
        min(experiment_name) as experiment_name,
        variation_id,
        min(variation_name) as variation_name,
        bool_or(is_reference_variation) as is_reference_variation,
        case when count(traffic_share) = count(*) then sum(traffic_share) end as traffic_share
    from pooled
    group by experiment_id, variation_id
)

select * from distinct_variations
