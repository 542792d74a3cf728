{{ config(materialized='view') }}

with

observations as (
    select * from {{ portable(ref('fct_metric_observations')) }}
),

segments as (
    select * from {{ portable(ref('unit_segments')) }}
),

experiments as (
    select * from {{ portable(ref('dim_experiments')) }}
),

unit_slices as (
    select
        observations.*,
        'experiment' as slice_type,
        '(all)' as segment_name,
        '(all)' as segment_value
    from observations
    union all
    select
        observations.*,
        'segment' as slice_type,
        segments.segment_name,
        segments.segment_value
    from observations
    inner join segments
        on {{ same_columns('observations', 'segments', ['experiment_id', 'unit_id']) }}
),

sliced as (
    select
        unit_slices.experiment_id,
        unit_slices.metric_name,
        unit_slices.variation_id,
        unit_slices.slice_type,
        unit_slices.segment_name,
        unit_slices.segment_value,
        cast(experiments.as_of_at as date) as as_of_date,
        unit_slices.unit_id,
        unit_slices.observation,
        unit_slices.denominator,
        unit_slices.capped_observation,
        unit_slices.covariate,
        unit_slices.covariate_denominator,
        unit_slices.capped_covariate,
        unit_slices.capped_denominator,
        unit_slices.capped_covariate_denominator
    from unit_slices
    inner join experiments on unit_slices.experiment_id = experiments.experiment_id
)

select * from sliced
