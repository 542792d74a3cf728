with

exposures as (
    select * from {{ ref('enriched_exposures') }}
    where exclusion_reason is null
),

settings as (
    select * from {{ ref('experiment_settings') }}
    where randomisation_unit = 'session_id'
),

sessions as (
    select
        exposures.experiment_id,
        exposures.unit_id,
        count(distinct exposures.visitor_id) as visitor_count
    from exposures
    inner join settings on exposures.experiment_id = settings.experiment_id
    group by exposures.experiment_id, exposures.unit_id
),

counted as (
    select
        experiment_id,
        count(case when visitor_count > 1 then 1 end) as shared_session_count,
        count(*) as session_count,
        min(case when visitor_count > 1 then unit_id end) as example_session_id
    from sessions
    group by experiment_id
),

shared as (
    select * from counted
    where shared_session_count * 1000 > session_count
)

select * from shared
