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
        units.experiment_id,
        units.variation_id,
        unit_segments.segment_name,
        unit_segments.segment_value,
        count(*) as unit_count
    from units
    inner join unit_segments
        on
            units.experiment_id = unit_segments.experiment_id
            and units.unit_id = unit_segments.unit_id
    group by
        units.experiment_id,
        units.variation_id,
        unit_segments.segment_name,
        unit_segments.segment_value
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

{{ sample_ratio_tests('filled', ['experiment_id', 'segment_name', 'segment_value']) }},

findings as (
    select
        experiment_id,
        segment_name,
        segment_value,
        p_value as value,
        split,
        {{ var('sample_ratio_alpha') }} / count(*) over (partition by experiment_id) as corrected_alpha
    from sample_ratios
    where smallest_expected_count >= 5
),

{{ health_check(
    'sample_ratio_by_segment',
    threshold='corrected_alpha',
    warn='value < threshold',
    found='Units (and expected): {split:text}; p {value:p}.',
    remedy='Units of this segment are lost in some variation: compare how it is shown to them.',
    missing='Not checked: it takes an attribute in the var segments, the traffic_share of two
        variations or more in seeds/variations.csv, and a value of which each should have 5 units.',
    by_segment=true,
) }}

select * from checked
