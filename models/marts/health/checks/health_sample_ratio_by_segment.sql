with

sample_ratios as (
    select * from {{ ref('sample_ratios') }}
    where segment_name <> '(all)' and smallest_expected_count >= 5
),

-- One in as many segments as there are is bound to be far off.
findings as (
    select
        experiment_id,
        segment_name,
        segment_value,
        p_value as check_value,
        split,
        {{ double_literal(var('sample_ratio_alpha')) }}
        / count(*) over (partition by experiment_id) as corrected_alpha
    from sample_ratios
),

{{ health_check(
    name='sample_ratio_by_segment',
    title='Sample ratio by segment',
    looks_at='p-value, by segment',
    threshold='corrected_alpha',
    settings={'sample_ratio_alpha': 'probability'},
    warn='value < threshold',
    found='Units (and expected): {split:text}; p {value:p}.',
    remedy='Units of this segment are lost in some variation: compare how it is shown to them.',
    missing='Not checked: it takes an attribute by which results are split, the planned shares of
        two to 51 variations, and a value of which each should have 5 units.',
    by_segment=true,
) }}

select * from checked
