-- How many visitors each variation had: distinct visitors with a decision or an attributed event in
-- the range.
{%- if execute %}{% do check_settings() %}{% endif %}
with

parameters as (
    select
        {{ string_literal(var('analysis_experiment_id')) }} as experiment_id,
        cast(nullif({{ string_literal(var('analysis_starts_at')) }}, '') as timestamp) as starts_at,
        cast(nullif({{ string_literal(var('analysis_ends_at')) }}, '') as timestamp) as ends_at
),

decisions as (
    select
        decisions.experiment_id,
        decisions.experiment_name,
        decisions.variation_id,
        decisions.variation_name,
        decisions.unit_id
    from {{ portable(ref('enriched_decisions')) }} as decisions
    cross join parameters
    where
        decisions.exclusion_reason is null
        and parameters.experiment_id in ('', decisions.experiment_id)
        and coalesce(decisions.decided_at >= parameters.starts_at, true)
        and coalesce(decisions.decided_at < parameters.ends_at, true)
),

events as (
    select
        events.experiment_id,
        events.experiment_name,
        events.variation_id,
        events.variation_name,
        events.unit_id
    from {{ portable(ref('experiment_events')) }} as events
    cross join parameters
    where
        parameters.experiment_id in ('', events.experiment_id)
        and coalesce(events.occurred_at >= parameters.starts_at, true)
        and coalesce(events.occurred_at < parameters.ends_at, true)
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
