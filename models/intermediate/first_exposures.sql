with

decisions as (
    select * from {{ ref('enriched_decisions') }}
    where exclusion_reason is null
),

settings as (
    select * from {{ ref('experiment_settings') }}
),

exposed as (
    select
        experiment_id,
        unit_id,
        min(decided_at) as exposed_at,
        count(*) as decision_count,
        min(variation_id) <> max(variation_id) as is_crossover
    from decisions
    group by experiment_id, unit_id
),

-- Decisions of the first instant, in a total order: ties never make two rows of a unit.
ranked as (
    select
        decisions.*,
        exposed.decision_count,
        exposed.is_crossover,
        min(decisions.variation_id) over unit <> max(decisions.variation_id) over unit as is_tied,
        row_number() over (
            partition by exposed.experiment_id, exposed.unit_id
            order by decisions.processed_at nulls last, decisions.decision_id
        ) as exposure_rank
    from decisions
    inner join exposed
        on
            decisions.experiment_id = exposed.experiment_id
            and decisions.unit_id = exposed.unit_id
            and decisions.decided_at = exposed.exposed_at
    window unit as (partition by exposed.experiment_id, exposed.unit_id)
),

first_exposures as (
    select
        ranked.decision_id,
        ranked.experiment_id,
        ranked.experiment_name,
        ranked.variation_id,
        ranked.variation_name,
        ranked.unit_id,
        ranked.visitor_id,
        ranked.decided_at as exposed_at,
        ranked.decision_count,
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
