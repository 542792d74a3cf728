-- How far the units of each variation came: of the units exposed in the range, those that reached
-- each step in their attribution window, no earlier than the step before it.
{%- set steps = ['homepage_view', 'detail_page_view', 'add_to_cart', 'purchase'] %}
with

events as (
    select
        experiment_id,
        unit_id,
        event_name,
        occurred_at
    from {{ portable(ref('experiment_events')) }}
),

step_0 as (
    select
        units.experiment_id,
        units.experiment_name,
        units.variation_id,
        units.variation_name,
        units.unit_id,
        units.exposed_at as reached_at
    from {{ portable(ref('experiment_units')) }} as units
    where {{ is_analysed('units', 'exposed_at') }}
),

-- Each step keeps every unit; reached_at is null from the step on that a unit didn't reach. Events
-- of one batch share a time, so a step may be reached at the time of the step before it.
{%- for step in steps %}
    step_{{ loop.index }} as (
        select
            previous.experiment_id,
            previous.experiment_name,
            previous.variation_id,
            previous.variation_name,
            previous.unit_id,
            min(events.occurred_at) as reached_at
        from step_{{ loop.index0 }} as previous
        left join events
            on
                previous.experiment_id = events.experiment_id
                and previous.unit_id = events.unit_id
                and previous.reached_at <= events.occurred_at
                and events.event_name = {{ string_literal(step) }}
        group by
            previous.experiment_id,
            previous.experiment_name,
            previous.variation_id,
            previous.variation_name,
            previous.unit_id
    ),
{% endfor %}
counted as (
    {%- for step in steps %}
        select
            experiment_id,
            experiment_name,
            variation_id,
            variation_name,
            {{ loop.index }} as step_number,
            {{ string_literal(step) }} as event_name,
            count(*) as exposed_unit_count,
            count(reached_at) as unit_count
        from step_{{ loop.index }}
        group by
            experiment_id,
            experiment_name,
            variation_id,
            variation_name
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from counted
order by experiment_id, variation_id, step_number
