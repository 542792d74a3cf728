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

moments as (
    select * from {{ ref('variation_moments_by_day') }}
    where day_scale = 'calendar' and not is_capped
),

{{ linearise_moments('moments') }},

-- Every variation has a row of every day, with units or without.
summaries as (
    select
        variations.experiment_id,
        variations.experiment_name,
        metric_days.metric_name,
        variations.variation_id,
        variations.variation_name,
        {{ add_days('experiments.first_exposed_at', 'metric_days.day_number') }} as as_of_date,
        coalesce(linear_moments.unit_count, 0) as unit_count,
        linear_moments.observation_sum,
        linear_moments.denominator_sum,
        linear_moments.metric_value,
        linear_moments.variance
    from variations
    inner join metric_days on variations.experiment_id = metric_days.experiment_id
    inner join experiments on variations.experiment_id = experiments.experiment_id
    left join linear_moments
        on
            variations.experiment_id = linear_moments.experiment_id
            and metric_days.metric_name = linear_moments.metric_name
            and variations.variation_id = linear_moments.variation_id
            and metric_days.day_number = linear_moments.day_number
)

select * from summaries
