{%- set no_data = '{metric_name:text} has no data of {collected_variation_name:text}' -%}
{%- set tolerated = ', where {non_inferiority_margin:%} for the worse are tolerated' -%}

with

guardrails as (
    select * from {{ ref('decided_guardrails') }}
),

results as (
    select * from {{ ref('experiment_results') }}
    where is_headline
),

-- Until the planned end, what holds at every look counts.
judged as (
    select
        guardrails.*,
        results.status,
        results.status_reason,
        case
            when guardrails.is_planned_duration_reached then {{ lift_text() }}
            else {{ lift_text('sequential_relative_ci', 'sequential_ci') }} || ' at every look'
        end as lift_text,
        case
            when guardrails.is_planned_duration_reached then results.guardrail_verdict
            else results.sequential_guardrail_verdict
        end as verdict
    from guardrails
    left join results
        on
            guardrails.experiment_id = results.experiment_id
            and guardrails.variation_id = results.variation_id
            and guardrails.metric_name = results.metric_name
),

-- Where no loss is tolerated, only a loss that is certain counts.
concluded as (
    select
        *,
        case
            when verdict = 'harmed' then 'harmed'
            when is_stale then 'stale'
            when verdict is null then 'unmeasured'
            when verdict = 'not_harmed' or non_inferiority_margin is null then 'acceptable'
            else 'uncertain'
        end as conclusion
    from judged
),

explained as (
    select
        experiment_id,
        variation_id,
        metric_name,
        non_inferiority_margin,
        latest_data_date,
        collected_until_date,
        conclusion,
        case
            when conclusion = 'stale' and latest_data_date is null
                then {{ sentence(no_data ~ '.') }}
            when conclusion = 'stale'
                then {{ sentence(no_data ~ ' after {latest_data_date:date}, and units were exposed
                    until {collected_until_date:date}.') }}
            when conclusion = 'unmeasured'
                then
                    {{ sentence('{metric_name:text} has no interval ({status:text}).') }}
                    || coalesce(' ' || status_reason, '')
            when non_inferiority_margin is null
                then {{ sentence('{metric_name:text}: {lift_text:text}.') }}
            else {{ sentence('{metric_name:text}: {lift_text:text}' ~ tolerated ~ '.') }}
        end as explanation,
        row_number() over (
            partition by experiment_id, variation_id
            order by
                case conclusion
                    when 'harmed' then 1
                    when 'stale' then 2
                    when 'unmeasured' then 3
                    when 'uncertain' then 4
                    else 5
                end,
                metric_name
        ) as place
    from concluded
)

select * from explained
