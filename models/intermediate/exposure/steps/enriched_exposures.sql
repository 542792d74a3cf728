{{ config(materialized='view') }}

with

exposures as (
    select * from {{ portable(ref('all_exposures')) }}
),

variations as (
    select * from {{ portable(ref('stg_variations')) }}
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
        exposures.source_name,
        exposures.exposure_id,
        exposures.experiment_id,
        coalesce(experiment_names.experiment_name, exposures.experiment_id) as experiment_name,
        exposures.variation_id,
        coalesce(variations.variation_name, exposures.variation_id) as variation_name,
        exposures.visitor_id,
        {{ randomised_unit('exposures', 'settings') }} as unit_id,
        exposures.exposed_at,
        exposures.processed_at,
        case
            when exposures.is_holdback then 'holdback'
            when exposures.is_bot then 'bot'
            when excluded_visitors.visitor_id is not null then 'excluded_visitor'
            when exposures.exposed_at > clock.as_of_at then 'after_as_of'
            when exposures.exposed_at < settings.starts_at then 'before_experiment'
            when exposures.exposed_at > settings.ends_at then 'after_experiment'
            when
                settings.randomisation_unit = 'session_id'
                and {{ is_blank('exposures.session_id') }}
                then 'missing_session_id'
        end as exclusion_reason
    from exposures
    cross join clock
    inner join settings on exposures.experiment_id = settings.experiment_id
    left join experiment_names on exposures.experiment_id = experiment_names.experiment_id
    left join variations
        on
            exposures.experiment_id = variations.experiment_id
            and exposures.variation_id = variations.variation_id
    left join excluded_visitors on exposures.visitor_id = excluded_visitors.visitor_id
)

select * from enriched
