-- How many visitors each variation had: distinct visitors with a decision or an attributed event in
-- the range.
with

decisions as (
    select
        decisions.experiment_id,
        decisions.experiment_name,
        decisions.variation_id,
        decisions.variation_name,
        decisions.unit_id
    from {{ portable(ref('enriched_exposures')) }} as decisions
    where
        decisions.exclusion_reason is null
        and {{ is_analysed('decisions', 'exposed_at') }}
),

events as (
    select
        events.experiment_id,
        events.experiment_name,
        events.variation_id,
        events.variation_name,
        events.unit_id
    from {{ portable(ref('experiment_events')) }} as events
    where {{ is_analysed('events', 'occurred_at') }}
),

seen as (
    select * from decisions
    union all
    select * from events
),

counted as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        count(distinct unit_id) as visitor_count
    from seen
    group by
        experiment_id,
        experiment_name,
        variation_id,
        variation_name
)

select * from counted
order by experiment_id, variation_id
