with

unit_observations as (
    select * from {{ ref('unit_observations') }}
),

unit_segments as (
    select * from {{ ref('unit_segments') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
    where not is_quantile
),

segmented as (
    select
        unit_observations.experiment_id,
        unit_observations.metric_name,
        unit_observations.variation_id,
        unit_observations.observation,
        unit_observations.denominator,
        unit_observations.capped_observation,
        unit_observations.covariate,
        unit_observations.covariate_denominator,
        unit_observations.capped_covariate,
        unit_segments.segment_name,
        unit_segments.segment_value
    from unit_observations
    inner join unit_segments
        on
            unit_observations.experiment_id = unit_segments.experiment_id
            and unit_observations.unit_id = unit_segments.unit_id
),

measured as (
    {{ measured_observations('segmented', ['segment_name', 'segment_value']) | trim | indent(4) }}
),

{{ moments(
    'measured',
    ['experiment_id', 'metric_name', 'variation_id', 'segment_name', 'segment_value', 'is_capped']
) }}

select * from moments
