with

variations as (
    select * from {{ ref('variations') }}
),

typed as (
    select
        {{ to_text('experiment_id') }} as experiment_id,
        {{ to_text('experiment_name') }} as experiment_name,
        {{ pooled_variation(to_text('variation_id')) }} as variation_id,
        {{ pooled_variation(to_text('variation_id'), to_text('variation_name')) }}
            as variation_name,
        {{ to_boolean(to_text('is_reference')) }} as is_reference_variation,
        {{ to_double(to_text('traffic_share')) }} as traffic_share
    from variations
),

-- A pool has the traffic of its variations, if all of them say theirs.
pooled as (
    select
        experiment_id,
        min(experiment_name) as experiment_name,
        variation_id,
        min(variation_name) as variation_name,
        bool_or(is_reference_variation) as is_reference_variation,
        case when count(traffic_share) = count(*) then sum(traffic_share) end as traffic_share
    from typed
    group by experiment_id, variation_id
)

select * from pooled
