-- What the visitors of each variation spent, in cents: the revenue of attributed events in the
-- range.
with

variations as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name
    from {{ portable(ref('dim_variations')) }} as variations
    where {{ is_analysed('variations') }}
),

events as (
    select
        events.experiment_id,
        events.variation_id,
        events.revenue
    from {{ portable(ref('experiment_events')) }} as events
    where {{ is_analysed('events', 'occurred_at') }}
),

-- A variation without an event has a total too: 0.
totalled as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name,
        cast(coalesce(sum(events.revenue), 0) as bigint) as total_revenue
    from variations
    left join events
        on
            variations.experiment_id = events.experiment_id
            and variations.variation_id = events.variation_id
    group by
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name
)

select * from totalled
order by experiment_id, variation_id
