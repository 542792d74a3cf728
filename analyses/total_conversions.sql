-- How often the visitors of each variation did what: attributed events of a name in the range.
{%- if execute %}{% do check_settings() %}{% endif %}
with

parameters as (
    select
        {{ string_literal(var('analysis_experiment_id')) }} as experiment_id,
        cast(nullif({{ string_literal(var('analysis_starts_at')) }}, '') as timestamp) as starts_at,
        cast(nullif({{ string_literal(var('analysis_ends_at')) }}, '') as timestamp) as ends_at
),

events as (
    select
        events.experiment_id,
        events.experiment_name,
        events.variation_id,
        events.variation_name,
        coalesce(events.event_name, '(not set)') as event_name,
        events.unit_id
    from {{ portable(ref('experiment_events')) }} as events
    cross join parameters
    where
        parameters.experiment_id in ('', events.experiment_id)
        and coalesce(events.occurred_at >= parameters.starts_at, true)
        and coalesce(events.occurred_at < parameters.ends_at, true)
),

counted as (
    select
        experiment_id,
        experiment_name,
        variation_id,
        variation_name,
        event_name,
        count(*) as conversion_count
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
