with

variations as (
    select * from {{ ref('dim_variations') }}
),

experiment_metrics as (
    select * from {{ ref('experiment_metrics') }}
),

moments as (
    select * from {{ ref('variation_moments') }}
    where not is_capped
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
        moments.observation_sum,
        moments.denominator_sum,
        estimates.metric_value,
        estimates.variance
    from variations
    inner join experiment_metrics on variations.experiment_id = experiment_metrics.experiment_id
    left join moments
        on
            variations.experiment_id = moments.experiment_id
            and experiment_metrics.metric_name = moments.metric_name
            and variations.variation_id = moments.variation_id
    left join estimates
        on
            variations.experiment_id = estimates.experiment_id
            and experiment_metrics.metric_name = estimates.metric_name
            and variations.variation_id = estimates.variation_id
)

select * from summaries
