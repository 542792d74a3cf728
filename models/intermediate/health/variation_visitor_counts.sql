with

decisions as (
    select * from {{ ref('enriched_decisions') }}
),

-- Visitors, not decisions: one visitor who decides a thousand times is one chance of assignment.
counted as (
    select
        experiment_id,
        variation_id,
        count(distinct unit_id) as visitor_count,
        count(distinct case when exclusion_reason = 'bot' then unit_id end) as bot_count,
        count(
            distinct case when exclusion_reason in ('holdback', 'excluded_visitor') then unit_id end
        ) as excluded_visitor_count
    from decisions
    group by experiment_id, variation_id
)

select * from counted
