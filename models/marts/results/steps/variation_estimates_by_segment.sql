{%- set keys = ['segment_name', 'segment_value'] -%}

with

moments as (
    select * from {{ ref('variation_moments_by_segment') }}
),

quantile_values as (
    select * from {{ ref('quantile_values') }}
),

unit_segments as (
    select * from {{ ref('unit_segments') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

segmented_values as (
    select
        quantile_values.experiment_id,
        quantile_values.metric_name,
        quantile_values.variation_id,
        unit_segments.segment_name,
        unit_segments.segment_value,
        quantile_values.unit_id,
        quantile_values.observed_value
    from quantile_values
    inner join unit_segments
        on
            quantile_values.experiment_id = unit_segments.experiment_id
            and quantile_values.unit_id = unit_segments.unit_id
),

{{ linearise_moments('moments') }},

{{ estimate_quantiles('segmented_values', keys) }},

{{ union_estimates(keys) }}

select * from estimates
