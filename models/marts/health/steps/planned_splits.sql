{{ config(materialized='ephemeral') }}

with

variations as (
    select * from {{ ref('dim_variations') }}
),

segment_units as (
    select * from {{ ref('variation_segment_units') }}
),

counts as (
    select
        experiment_id,
        '(all)' as segment_name,
        '(all)' as segment_value,
        variation_name,
        traffic_share,
        unit_count
    from variations
    union all
    select
        experiment_id,
        segment_name,
        segment_value,
        variation_name,
        traffic_share,
        unit_count
    from segment_units
),

-- Shares are divided by their sum; variations without a share, or with a share of 0, take no part.
planned as (
    select
        experiment_id,
        segment_name,
        segment_value,
        variation_name,
        cast(unit_count as {{ type_double() }}) as unit_count,
        sum(cast(unit_count as {{ type_double() }})) over segment
        * traffic_share / sum(traffic_share) over segment as expected_count
    from counts
    where traffic_share > 0
    window segment as (partition by experiment_id, segment_name, segment_value)
)

select * from planned
