with

variations as (
    select * from {{ ref('variations') }}
),

renamed as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        is_reference as is_reference_variation,
        traffic_share
    from variations
)

select * from renamed
