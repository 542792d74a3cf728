with

experiments as (
    select * from {{ ref('dim_experiments') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

metric_days as (
    select * from {{ ref('metric_days') }}
),

estimates as (
    select * from {{ ref('variation_estimates') }}
    where slice_type = 'day' and estimator = 'raw'
),

-- Every variation has a row of every day, with units or without.
days as (
    select
        variations.experiment_id,
        variations.experiment_name,
        metric_days.metric_name,
        variations.variation_id,
        variations.variation_name,
        {{ add_days('experiments.first_exposed_at', 'metric_days.day_number') }} as as_of_date
    from variations
    inner join metric_days on variations.experiment_id = metric_days.experiment_id
    inner join experiments on variations.experiment_id = experiments.experiment_id
),

summaries as (
    select
        days.experiment_id,
        days.experiment_name,
        days.metric_name,
        days.variation_id,
        days.variation_name,
        days.as_of_date,
        coalesce(estimates.unit_count, 0) as unit_count,
        estimates.observation_sum,
        estimates.denominator_sum,
        estimates.metric_value,
        estimates.variance
    from days
    left join estimates
        on
            {{ same_columns(
                'days', 'estimates',
                ['experiment_id', 'metric_name', 'variation_id', 'as_of_date']
            ) }}
)

select * from summaries
