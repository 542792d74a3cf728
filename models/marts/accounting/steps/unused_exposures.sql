with

exposures as (
    select * from {{ ref('enriched_exposures') }}
),

first_exposures as (
    select * from {{ ref('first_exposures') }}
),

-- Left out by itself, or with its unit, or of no more interest once its unit was exposed.
reasons as (
    select
        exposures.source_name,
        exposures.experiment_id,
        exposures.visitor_id,
        coalesce(
            exposures.exclusion_reason,
            first_exposures.exclusion_reason,
            case
                when
                    exposures.exposure_id <> first_exposures.exposure_id
                    or exposures.source_name <> first_exposures.source_name
                    then 'repeat_exposure'
            end
        ) as reason,
        case
            when exposures.exclusion_reason is null then exposures.unit_id
            else exposures.exposure_id
        end as example_id
    from exposures
    left join first_exposures
        on
            exposures.experiment_id = first_exposures.experiment_id
            and exposures.unit_id = first_exposures.unit_id
),

counted as (
    select
        source_name,
        experiment_id,
        reason,
        count(*) as row_count,
        count(distinct visitor_id) as visitor_count,
        min(example_id) as example_id
    from reasons
    where reason is not null
    group by source_name, experiment_id, reason
)

select * from counted
