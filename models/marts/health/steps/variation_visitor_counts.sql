with

exposures as (
    select * from {{ ref('all_exposures') }}
),

settings as (
    select * from {{ ref('experiment_settings') }}
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

assigned as (
    select
        exposures.experiment_id,
        exposures.variation_id,
        {{ randomised_unit('exposures', 'settings') }} as unit_id,
        exposures.is_bot,
        exposures.is_holdback or excluded_visitors.visitor_id is not null as is_excluded
    from exposures
    inner join settings on exposures.experiment_id = settings.experiment_id
    left join excluded_visitors on exposures.visitor_id = excluded_visitors.visitor_id
),

-- Visitors, not exposures: one with a thousand exposures was assigned once. But each session is
-- assigned anew where sessions are.
visitors as (
    select
        experiment_id,
        variation_id,
        unit_id,
        max(case when is_bot then 1 else 0 end) as is_bot,
        max(case when is_excluded then 1 else 0 end) as is_excluded
    from assigned
    where not {{ is_blank('unit_id') }}
    group by experiment_id, variation_id, unit_id
),

counted as (
    select
        experiment_id,
        variation_id,
        count(*) as visitor_count,
        count(case when is_bot = 1 then 1 end) as bot_count,
        count(case when is_excluded = 1 then 1 end) as excluded_visitor_count
    from visitors
    group by experiment_id, variation_id
)

select * from counted
