with

variations as (
    select * from {{ ref('dim_variations') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
    where slice_type = 'experiment' and estimator = 'raw'
),

-- Every variation has a row of every metric that its experiment uses, with units or without.
summaries as (
    select
        variations.experiment_id,
        variations.experiment_name,
        used_metrics.metric_name,
        variations.variation_id,
        variations.variation_name,
        coalesce(estimates.unit_count, 0) as unit_count,
        estimates.observation_sum,
        estimates.denominator_sum,
        estimates.metric_value,
        estimates.variance
    from variations
    inner join used_metrics on variations.experiment_id = used_metrics.experiment_id
    left join estimates
        on
            variations.experiment_id = estimates.experiment_id
            and used_metrics.metric_name = estimates.metric_name
            and variations.variation_id = estimates.variation_id
)

select * from summaries
