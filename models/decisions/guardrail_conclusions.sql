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

collections as (
    select * from {{ ref('guardrail_collections') }}
),

watched as (
    select
        results.*,
        metrics.non_inferiority_margin,
        collections.latest_data_date,
        collections.collected_until_date,
        coalesce(collections.is_stale, true) as is_stale,
        {{ lift_text() }} as lift_text
    from results
    inner join variations on {{ same_variation('results', 'variations') }}
    inner join metrics on results.metric_name = metrics.metric_name
    left join collections
        on
            results.experiment_id = collections.experiment_id
            and results.metric_name = collections.metric_name
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
