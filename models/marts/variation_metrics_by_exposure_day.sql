with

variations as (
    select * from {{ ref('dim_variations') }}
),

moments as (
    select * from {{ ref('variation_moments_by_day') }}
    where day_scale = 'exposure' and not is_capped
),

{{ linearise_moments('moments') }},

summaries as (
    select
        linear_moments.experiment_id,
        variations.experiment_name,
        linear_moments.metric_name,
        linear_moments.variation_id,
        variations.variation_name,
        linear_moments.day_number as days_since_exposure,
        linear_moments.unit_count,
        linear_moments.observation_sum,
        linear_moments.denominator_sum,
        linear_moments.metric_value,
        linear_moments.variance
    from linear_moments
    inner join variations
        on
            linear_moments.experiment_id = variations.experiment_id
            and linear_moments.variation_id = variations.variation_id
)

select * from summaries
