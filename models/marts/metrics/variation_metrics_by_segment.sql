with

variations as (
    select * from {{ ref('dim_variations') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
    where slice_type = 'segment' and estimator = 'raw'
),

summaries as (
    select
        estimates.experiment_id,
        variations.experiment_name,
        estimates.metric_name,
        estimates.variation_id,
        variations.variation_name,
        estimates.segment_name,
        estimates.segment_value,
        estimates.unit_count,
        estimates.observation_sum,
        estimates.denominator_sum,
        estimates.metric_value,
        estimates.variance
    from estimates
    inner join variations
        on
            estimates.experiment_id = variations.experiment_id
            and estimates.variation_id = variations.variation_id
)

select * from summaries
