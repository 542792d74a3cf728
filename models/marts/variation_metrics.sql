with

variations as (
    select * from {{ ref('dim_variations') }}
),

experiment_metrics as (
    select * from {{ ref('experiment_metrics') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
    where estimator = 'raw'
),

-- Every variation has a row of every metric that its experiment uses, with units or without.
summaries as (
    select
        variations.experiment_id,
        variations.experiment_name,
        experiment_metrics.metric_name,
        variations.variation_id,
        variations.variation_name,
        coalesce(estimates.unit_count, 0) as unit_count,
        estimates.observation_sum,
        estimates.denominator_sum,
        estimates.metric_value,
        estimates.variance
    from variations
    inner join experiment_metrics on variations.experiment_id = experiment_metrics.experiment_id
    left join estimates
        on
            variations.experiment_id = estimates.experiment_id
            and experiment_metrics.metric_name = estimates.metric_name
            and variations.variation_id = estimates.variation_id
)

select * from summaries
