{#- CTEs that end in `explained`: guardrails with a sentence about each and its place among those of its
    variation, the worst first.
    concluded: text, a CTE with the conclusion of each and what it comes from. -#}
{% macro explain_guardrails(concluded) %}
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
                then {{ experiment_metrics.sentence('{metric_name:text} has no data of
                    {collected_variation_name:text}.') }}
            when conclusion = 'stale'
                then {{ experiment_metrics.sentence('{metric_name:text} has no data of
                    {collected_variation_name:text} after {latest_data_date:date}, and units were
                    exposed until {collected_until_date:date}.') }}
            when conclusion = 'unmeasured'
                then {{ experiment_metrics.sentence('{metric_name:text} has no interval ({status:text}).') }}
                    || coalesce(' ' || status_reason, '')
            when non_inferiority_margin is null
                then {{ experiment_metrics.sentence('{metric_name:text}: {lift_text:text}.') }}
            else {{ experiment_metrics.sentence('{metric_name:text}: {lift_text:text}, where
                {non_inferiority_margin:%} for the worse are tolerated.') }}
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
    from {{ concluded }}
)
{%- endmacro %}
