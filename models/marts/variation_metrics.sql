with

observations as (
    select * from {{ ref('fct_metric_observations') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

{{ summarise_observations('observations', ['experiment_id', 'metric_name', 'variation_id']) }},

named as (
    select
        summaries.experiment_id,
        variations.experiment_name,
        summaries.metric_name,
        summaries.variation_id,
        variations.variation_name,
        summaries.unit_count,
        summaries.observation_sum,
        summaries.denominator_sum,
        summaries.metric_value,
        summaries.variance
    from summaries
    inner join variations
        on
            summaries.experiment_id = variations.experiment_id
            and summaries.variation_id = variations.variation_id
)

select * from named
