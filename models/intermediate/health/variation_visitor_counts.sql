with

decisions as (
    select * from {{ ref('stg_optimizely__decisions') }}
),

excluded_visitors as (
    select * from {{ ref('stg_excluded_visitors') }}
),

-- Visitors, not decisions: one visitor who decides a thousand times was assigned once.
visitors as (
    select
        experiment_id,
        variation_id,
        visitor_id,
        max(case when is_bot then 1 else 0 end) as is_bot,
        max(case when is_holdback then 1 else 0 end) as is_held_back
    from decisions
    group by experiment_id, variation_id, visitor_id
),

counted as (
    select
        visitors.experiment_id,
        visitors.variation_id,
        count(*) as visitor_count,
        count(case when visitors.is_bot = 1 then 1 end) as bot_count,
        count(
            case
                when visitors.is_held_back = 1 or excluded_visitors.visitor_id is not null then 1
            end
        ) as excluded_visitor_count
    from visitors
    left join excluded_visitors on visitors.visitor_id = excluded_visitors.visitor_id
    group by visitors.experiment_id, visitors.variation_id
)

select * from counted
