with

variations as (
    select * from {{ ref('dim_variations') }}
),

metric_days as (
    select * from {{ ref('metric_days') }}
),

moments as (
    select * from {{ ref('variation_moments_by_day') }}
    where day_scale = 'exposure' and not is_capped
),

divided as {{ materialized() }} (
    select
        *,
        {{ divisor('denominator') }} as divisor
    from moments
),

estimates as {{ materialized() }} (
    select
        *,
        observation_mean / divisor as metric_value
    from divided
),

-- Every variation has a row of every day, with units or without.
summaries as (
    select
        variations.experiment_id,
        variations.experiment_name,
        metric_days.metric_name,
        variations.variation_id,
        variations.variation_name,
        metric_days.day_number as days_since_exposure,
        coalesce(estimates.unit_count, 0) as unit_count,
        estimates.observation_sum,
        estimates.denominator_sum,
        estimates.metric_value,
        {{ ratio_variance(
            'observation_variance', 'observation_denominator_covariance', 'denominator_variance',
            'metric_value', 'divisor'
        ) }} as variance
    from variations
    inner join metric_days on variations.experiment_id = metric_days.experiment_id
    left join estimates
        on
            variations.experiment_id = estimates.experiment_id
            and metric_days.metric_name = estimates.metric_name
            and variations.variation_id = estimates.variation_id
            and metric_days.day_number = estimates.day_number
)

select * from summaries
