with

exposures as (
    select * from {{ ref('enriched_exposures') }}
    where exclusion_reason is null
),

settings as (
    select * from {{ ref('experiment_settings') }}
),

exposed as (
    select
        experiment_id,
        unit_id,
        min(exposed_at) as exposed_at,
        count(*) as exposure_count,
        min(variation_id) <> max(variation_id) as is_crossover
    from exposures
    group by experiment_id, unit_id
),

-- Exposures of the first instant, in a total order: ties never make two rows of a unit.
ranked as (
    select
        exposures.*,
        exposed.exposure_count,
        exposed.is_crossover,
        min(exposures.variation_id) over unit <> max(exposures.variation_id) over unit as is_tied,
        row_number() over (
            partition by exposed.experiment_id, exposed.unit_id
            order by exposures.processed_at nulls last, exposures.exposure_id, exposures.source_name
        ) as exposure_rank
    from exposures
    inner join exposed
        on
            exposures.experiment_id = exposed.experiment_id
            and exposures.unit_id = exposed.unit_id
            and exposures.exposed_at = exposed.exposed_at
    window unit as (partition by exposed.experiment_id, exposed.unit_id)
),

first_exposures as (
    select
        ranked.source_name,
        ranked.exposure_id,
        ranked.experiment_id,
        ranked.experiment_name,
        ranked.variation_id,
        ranked.variation_name,
        ranked.unit_id,
        ranked.visitor_id,
        ranked.exposed_at,
        ranked.exposure_count,
        ranked.is_crossover,
        case
            when ranked.is_tied then 'tied_exposure'
            when ranked.is_crossover and settings.crossover_policy = 'exclude' then 'crossover'
        end as exclusion_reason
    from ranked
    inner join settings on ranked.experiment_id = settings.experiment_id
    where ranked.exposure_rank = 1
)

select * from first_exposures
