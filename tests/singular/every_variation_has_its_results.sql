with

variations as (
    select * from {{ ref('dim_variations') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

results as (
    select * from {{ ref('experiment_results') }}
),

headlines as (
    select
        variations.experiment_id,
        used_metrics.metric_name,
        variations.variation_id,
        sum(case when results.is_headline then 1 else 0 end) as headline_count
    from variations
    inner join used_metrics on variations.experiment_id = used_metrics.experiment_id
    left join results
        on
            variations.experiment_id = results.experiment_id
            and used_metrics.metric_name = results.metric_name
            and variations.variation_id = results.variation_id
    group by
        variations.experiment_id,
        used_metrics.metric_name,
        variations.variation_id
),

not_one as (
    select * from headlines
    where headline_count <> 1
)

select * from not_one
