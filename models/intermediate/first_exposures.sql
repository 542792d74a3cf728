with

decisions as (
    select * from {{ ref('enriched_decisions') }}
    where exclusion_reason is null
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
        decisions.decision_id,
        decisions.experiment_id,
        decisions.experiment_name,
        decisions.variation_id,
        decisions.variation_name,
        decisions.unit_id,
        exposed.exposed_at,
        exposed.decision_count,
        exposed.is_crossover,
        min(decisions.variation_id) over (partition by exposed.experiment_id, exposed.unit_id)
        <> max(decisions.variation_id) over (partition by exposed.experiment_id, exposed.unit_id)
            as is_tied,
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
),

first_exposures as (
    select
        decision_id,
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        unit_id,
        exposed_at,
        decision_count,
        is_crossover,
        case
            when is_tied then 'tied_exposure'
            {%- if var('crossover_policy') == 'exclude' %}
            when is_crossover then 'crossover'
            {%- endif %}
        end as exclusion_reason
    from ranked
    where exposure_rank = 1
)

select * from first_exposures
