{%- set payload = [
    'occurred_at', 'event_name', 'event_type', 'entity_id', 'revenue', 'value', 'quantity'
] -%}

with

events as (
    select * from {{ ref('experiment_events') }}
),

-- Days without a time of day can't tell two events apart.
payloads as (
    select
        experiment_id,
        variation_id,
        unit_id,
        count(*) as copy_count
    from events
    group by
        experiment_id,
        variation_id,
        unit_id,
        {% for column in payload %}
            {{ column }},
        {% endfor %}
        {{ to_text('tags') }},
        case
            when occurred_at = cast(cast(occurred_at as date) as {{ dbt.type_timestamp() }})
                then event_id
        end
),

units as (
    select
        experiment_id,
        variation_id,
        unit_id,
        sum(copy_count) as event_count,
        sum(copy_count - 1) as repeated_event_count
    from payloads
    group by experiment_id, variation_id, unit_id
),

counted as (
    select
        experiment_id,
        variation_id,
        sum(event_count) as event_count,
        sum(repeated_event_count) as repeated_event_count,
        count(*) as unit_count,
        count(case when repeated_event_count > 0 then 1 end) as repeating_unit_count
    from units
    group by experiment_id, variation_id
)

select * from counted
