with

first_exposures as (
    select * from {{ ref('first_exposures') }}
),

units as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        unit_id,
        exposed_at,
        {{ add_hours('exposed_at', var('attribution_window_hours')) }} as window_ends_at,
        is_crossover,
        decision_id
    from first_exposures
    where exclusion_reason is null
)

select * from units
