with

variations as (
    select * from {{ ref('dim_variations') }}
),

moments as (
    select * from {{ ref('variation_moments_by_segment') }}
    where not is_capped
),

summaries as (
    select
        moments.experiment_id,
        variations.experiment_name,
        moments.metric_name,
        moments.variation_id,
        variations.variation_name,
        moments.segment_name,
        moments.segment_value,
        moments.unit_count,
        moments.observation_sum,
        moments.denominator_sum,
        {{ metric_summary('moments') | trim }}
    from moments
    inner join variations
        on
            moments.experiment_id = variations.experiment_id
            and moments.variation_id = variations.variation_id
)

select * from summaries
