with

counts as (
    select * from {{ ref('variation_segment_units') }}
),

{{ sample_ratio_tests('counts', ['experiment_id', 'segment_name', 'segment_value']) }},

-- One in as many segments as there are is bound to be far off.
findings as (
    select
        experiment_id,
        segment_name,
        segment_value,
        p_value as value,
        split,
        {{ double_literal(var('sample_ratio_alpha')) }}
        / count(*) over (partition by experiment_id) as corrected_alpha
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
