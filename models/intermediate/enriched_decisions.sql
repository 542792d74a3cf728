{{ config(materialized='view') }}

with

decisions as (
    select * from {{ portable(ref('stg_optimizely__decisions')) }}
),

variations as (
    select * from {{ portable(ref('stg_optimizely__variations')) }}
),

excluded_visitors as (
    select * from {{ portable(ref('stg_excluded_visitors')) }}
),

settings as (
    select * from {{ portable(ref('experiment_settings')) }}
),

clock as (
    select * from {{ portable(ref('analysis_clock')) }}
),

experiment_names as (
    select
        experiment_id,
        min(experiment_name) as experiment_name
    from variations
    group by experiment_id
),

enriched as (
    select
        decisions.decision_id,
        decisions.experiment_id,
        coalesce(experiment_names.experiment_name, decisions.experiment_id) as experiment_name,
        decisions.variation_id,
        coalesce(variations.variation_name, decisions.variation_id) as variation_name,
        decisions.visitor_id,
        {{ randomised_unit('decisions', 'settings') }} as unit_id,
        decisions.decided_at,
        decisions.processed_at,
        decisions.attributes,
        case
            when decisions.is_holdback then 'holdback'
            when decisions.is_bot then 'bot'
            when excluded_visitors.visitor_id is not null then 'excluded_visitor'
            when decisions.decided_at > clock.as_of_at then 'after_as_of'
            when decisions.decided_at < settings.starts_at then 'before_experiment'
            when decisions.decided_at > settings.ends_at then 'after_experiment'
            when
                settings.randomisation_unit = 'session_id'
                and {{ is_blank('decisions.session_id') }}
                then 'missing_session_id'
        end as exclusion_reason
    from decisions
    cross join clock
    inner join settings on decisions.experiment_id = settings.experiment_id
    left join experiment_names on decisions.experiment_id = experiment_names.experiment_id
    left join variations
        on
            decisions.experiment_id = variations.experiment_id
            and decisions.variation_id = variations.variation_id
    left join excluded_visitors on decisions.visitor_id = excluded_visitors.visitor_id
)

select * from enriched
