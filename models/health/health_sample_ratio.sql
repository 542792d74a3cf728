with

variations as (
    select * from {{ ref('dim_variations') }}
),

unplanned as (
    select
        experiment_id,
        sum(unit_count) as unplanned_count
    from variations
    where traffic_share is null
    group by experiment_id
),

sample_ratios as (
    select * from {{ ref('sample_ratios') }}
    where segment_name = '(all)'
),

findings as (
    select
        sample_ratios.experiment_id,
        sample_ratios.p_value as check_value,
        sample_ratios.smallest_expected_count,
        sample_ratios.split,
        coalesce(unplanned.unplanned_count, 0) as unplanned_count
    from sample_ratios
    left join unplanned on sample_ratios.experiment_id = unplanned.experiment_id
),

{{ health_check(
    'sample_ratio',
    threshold=var('sample_ratio_alpha'),
    fail='value < threshold and smallest_expected_count >= 5',
    warn='value < threshold or unplanned_count > 0',
    found='Units (and expected): {split:text}; {unplanned_count} in variations without a
        traffic_share; p {value:p}.',
    remedy='Do not trust the results before it is known why: look at sample_ratio_by_segment and
        split_change for where, and at redirects, bots and filters for what loses units; correct
        traffic_share in seeds/variations.csv if the split was another.',
    missing='Not checked: it takes units, and the traffic_share of two variations or more in
        seeds/variations.csv.',
    missing_status='warn',
) }}

select * from checked
