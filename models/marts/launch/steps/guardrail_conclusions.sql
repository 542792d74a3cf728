with

variations as (
    select * from {{ ref('decided_variations') }}
),

results as (
    select * from {{ ref('experiment_results') }}
    where is_headline and is_guardrail
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

freshness as (
    select * from {{ ref('guardrail_freshness') }}
),

watched as (
    select
        results.*,
        metrics.non_inferiority_margin,
        freshness.collected_variation_name,
        freshness.latest_data_date,
        freshness.collected_until_date,
        coalesce(freshness.is_stale, true) as is_stale,
        {{ lift_text() }} as lift_text
    from results
    inner join variations on {{ same_variation('results', 'variations') }}
    inner join metrics on results.metric_name = metrics.metric_name
    left join freshness
        on
            {{ same_variation('results', 'freshness') | indent(8) }}
            and results.metric_name = freshness.metric_name
),

-- Where no loss is tolerated, only a loss that is certain counts.
concluded as (
    select
        watched.*,
        case
            when watched.guardrail_verdict = 'harmed' then 'harmed'
            when watched.is_stale then 'stale'
            when watched.guardrail_verdict is null then 'unmeasured'
            when watched.guardrail_verdict = 'not_harmed' or watched.non_inferiority_margin is null
                then 'acceptable'
            else 'uncertain'
        end as conclusion
    from watched
),

{{ explain_guardrails('concluded') }}

select * from explained
