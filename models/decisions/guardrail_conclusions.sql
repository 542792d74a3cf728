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

-- Of a variation and its reference, the one whose data end first; one without data goes before.
collected as (
    select
        variations.experiment_id,
        variations.variation_id,
        collections.metric_name,
        collections.variation_name as collected_variation_name,
        collections.latest_data_date,
        collections.collected_until_date,
        collections.is_stale,
        row_number() over (
            partition by
                variations.experiment_id, variations.variation_id, collections.metric_name
            order by
                collections.latest_data_date nulls first,
                case when collections.variation_id = variations.variation_id then 1 else 2 end
        ) as place
    from variations
    inner join collections
        on
            variations.experiment_id = collections.experiment_id
            and collections.variation_id
            in (variations.variation_id, variations.reference_variation_id)
),

watched as (
    select
        results.*,
        metrics.non_inferiority_margin,
        collected.collected_variation_name,
        collected.latest_data_date,
        collected.collected_until_date,
        coalesce(collected.is_stale, true) as is_stale,
        {{ lift_text() }} as lift_text
    from results
    inner join variations on {{ same_variation('results', 'variations') }}
    inner join metrics on results.metric_name = metrics.metric_name
    left join collected
        on
            {{ same_variation('results', 'collected') | indent(8) }}
            and results.metric_name = collected.metric_name
            and collected.place = 1
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
