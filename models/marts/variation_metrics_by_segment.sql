with

observations as (
    select * from {{ ref('fct_metric_observations') }}
),

attributes as (
    select * from {{ ref('experiment_unit_attributes') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

segment_names as (
    {{ text_rows(var('segments'), 'segment_name') | indent(4) }}
),

segmented as (
    select
        observations.experiment_id,
        observations.metric_name,
        observations.variation_id,
        observations.observation,
        observations.denominator,
        segment_names.segment_name,
        coalesce(attributes.segment_value, '(not set)') as segment_value
    from observations
    cross join segment_names
    left join attributes
        on
            observations.experiment_id = attributes.experiment_id
            and observations.unit_id = attributes.unit_id
            and segment_names.segment_name = attributes.segment_name
),

{{ summarise_observations(
    'segmented', ['experiment_id', 'metric_name', 'variation_id', 'segment_name', 'segment_value']
) }},

named as (
    select
        summaries.experiment_id,
        variations.experiment_name,
        summaries.metric_name,
        summaries.variation_id,
        variations.variation_name,
        summaries.segment_name,
        summaries.segment_value,
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
