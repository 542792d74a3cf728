with

enriched_exposures as (
    select * from {{ ref('enriched_exposures') }}
),

exposures as (
    select * from {{ ref('first_exposures') }}
),

ineligible as (
    select
        'decisions' as source_name,
        exclusion_reason as reason,
        count(*) as row_count,
        min(exposure_id) as example_id
    from enriched_exposures
    where exclusion_reason is not null
    group by exclusion_reason
),

-- Left out with its unit, or of no more interest once its unit was exposed.
unused as (
    select
        'decisions' as source_name,
        coalesce(exclusion_reason, 'repeat_exposure') as reason,
        sum(case when exclusion_reason is null then exposure_count - 1 else exposure_count end)
            as row_count,
        min(unit_id) as example_id
    from exposures
    where exclusion_reason is not null or exposure_count > 1
    group by coalesce(exclusion_reason, 'repeat_exposure')
),

unioned as (
    select * from ineligible
    union all
    select * from unused
)

select * from unioned
