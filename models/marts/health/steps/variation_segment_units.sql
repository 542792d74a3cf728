with

units as (
    select * from {{ ref('experiment_units') }}
),

unit_segments as (
    select * from {{ ref('unit_segments') }}
),

variations as (
    select * from {{ ref('dim_variations') }}
),

counted as (
    select
        unit_segments.experiment_id,
        unit_segments.segment_name,
        unit_segments.segment_value,
        units.variation_id,
        count(*) as unit_count
    from unit_segments
    inner join units
        on
            unit_segments.experiment_id = units.experiment_id
            and unit_segments.unit_id = units.unit_id
    group by
        unit_segments.experiment_id,
        unit_segments.segment_name,
        unit_segments.segment_value,
        units.variation_id
),

segments as (
    select distinct
        experiment_id,
        segment_name,
        segment_value
    from counted
),

-- A variation that a segment lacks has no units of it.
filled as (
    select
        segments.experiment_id,
        segments.segment_name,
        segments.segment_value,
        variations.variation_id,
        variations.variation_name,
        variations.traffic_share,
        coalesce(counted.unit_count, 0) as unit_count
    from segments
    inner join variations on segments.experiment_id = variations.experiment_id
    left join counted
        on
            segments.experiment_id = counted.experiment_id
            and segments.segment_name = counted.segment_name
            and segments.segment_value = counted.segment_value
            and variations.variation_id = counted.variation_id
),

with_whole as (
    select
        experiment_id,
        '(all)' as segment_name,
        '(all)' as segment_value,
        variation_id,
        variation_name,
        traffic_share,
        unit_count
    from variations
    union all
    select
        experiment_id,
        segment_name,
        segment_value,
        variation_id,
        variation_name,
        traffic_share,
        unit_count
    from filled
)

select * from with_whole
