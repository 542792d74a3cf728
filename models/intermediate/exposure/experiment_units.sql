with

first_exposures as (
    select * from {{ ref('first_exposures') }}
),

settings as (
    select * from {{ ref('experiment_settings') }}
),

units as (
    select
        first_exposures.experiment_id,
        first_exposures.experiment_name,
        first_exposures.variation_id,
        first_exposures.variation_name,
        first_exposures.unit_id,
        first_exposures.visitor_id,
        first_exposures.exposed_at,
        {{ add_hours('first_exposures.exposed_at', 'settings.attribution_window_hours') }}
            as window_ends_at,
        -- Only a session can be followed by another unit of the same visitor.
        lead(first_exposures.exposed_at) over (
            partition by first_exposures.experiment_id, first_exposures.visitor_id
            order by first_exposures.exposed_at, first_exposures.unit_id
        ) as next_exposed_at,
        first_exposures.is_crossover,
        first_exposures.exposure_id,
        first_exposures.source_name
    from first_exposures
    inner join settings on first_exposures.experiment_id = settings.experiment_id
    where first_exposures.exclusion_reason is null
)

select * from units
