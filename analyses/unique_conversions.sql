-- How many visitors of each variation did what: distinct visitors with at least one attributed
-- event of a name in the range.
with

events as (
    select
        events.experiment_id,
        events.experiment_name,
        events.variation_id,
        events.variation_name,
        coalesce(events.event_name, '(not set)') as event_name,
        events.unit_id
    from {{ portable(ref('experiment_events')) }} as events
    where {{ is_analysed('events', 'occurred_at') }}
),

counted as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        event_name,
        count(distinct unit_id) as visitor_count
    from events
    group by
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        event_name
)

select * from counted
order by experiment_id, variation_id, event_name
