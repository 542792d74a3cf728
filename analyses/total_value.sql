-- The values of each variation added up: the value of attributed events in the range.
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
        events.value
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
        coalesce(sum(events.value), 0) as total_value
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
