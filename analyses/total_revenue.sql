-- What the visitors of each variation spent, in cents: the revenue of attributed events in the
-- range.
{%- if execute %}{% do check_settings() %}{% endif %}
with

parameters as (
    select
        {{ string_literal(var('analysis_experiment_id')) }} as experiment_id,
        cast(nullif({{ string_literal(var('analysis_starts_at')) }}, '') as timestamp) as starts_at,
        cast(nullif({{ string_literal(var('analysis_ends_at')) }}, '') as timestamp) as ends_at
),

variations as (
    select
        variations.experiment_id,
        variations.experiment_name,
        variations.variation_id,
        variations.variation_name
    from {{ portable(ref('dim_variations')) }} as variations
    cross join parameters
    where parameters.experiment_id in ('', variations.experiment_id)
),

events as (
    select
        events.experiment_id,
        events.variation_id,
        events.revenue
    from {{ portable(ref('experiment_events')) }} as events
    cross join parameters
    where
        parameters.experiment_id in ('', events.experiment_id)
        and coalesce(events.occurred_at >= parameters.starts_at, true)
        and coalesce(events.occurred_at < parameters.ends_at, true)
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
