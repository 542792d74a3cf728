with

variations as (
    select * from {{ ref('variations') }}
),

typed as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        {{ to_boolean('is_reference') }} as is_reference_variation,
        {{ to_double('traffic_share') }} as traffic_share
    from variations
)

select * from typed
