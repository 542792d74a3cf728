with

variations as (
    select * from {{ ref('dim_variations') }}
),

counts as (
    select
        experiment_id,
        sum(unit_count) as unit_count,
        sum(case when traffic_share is null then unit_count else 0 end) as unplanned_count,
        sum(case when traffic_share <= 0 then unit_count else 0 end) as stray_count
    from variations
    group by experiment_id
),

-- Nobody should be where the share is 0: a handful of testers may be, but no more.
judged_counts as (
    select
        counts.*,
        counts.stray_count > 5 and 1000 * counts.stray_count > counts.unit_count
            as has_many_strays
    from counts
),

sample_ratios as (
    select * from {{ ref('sample_ratios') }}
    where segment_name = '(all)'
),

findings as (
    select
        sample_ratios.experiment_id,
        case
            when sample_ratios.p_value is null and counts.has_many_strays then 0
            else sample_ratios.p_value
        end as check_value,
        sample_ratios.smallest_expected_count,
        sample_ratios.tail_bound,
        sample_ratios.split,
        counts.unplanned_count,
        counts.stray_count,
        counts.has_many_strays
    from sample_ratios
    inner join judged_counts as counts on sample_ratios.experiment_id = counts.experiment_id
),

{{ health_check(
    name='sample_ratio',
    title='Sample ratio',
    looks_at='p-value',
    threshold='sample_ratio_alpha',
    threshold_rule='probability',
    fail='has_many_strays
            or (value < threshold and (smallest_expected_count >= 5 or tail_bound < threshold))',
    warn='value < threshold or unplanned_count > 0 or stray_count > 0',
    found='Units (and expected): {split:text}; {unplanned_count} in variations without a planned
        share, {stray_count} in variations with one of 0; p {value:p}.',
    remedy='Do not trust the results before it is known why: look at the sample ratio by segment
        and the change of the split for where, and at redirects, bots and filters for what loses
        units; correct the planned shares if the split was another.',
    missing='Not checked: it takes units, and the planned shares of two to 51 variations.',
    missing_status='warn',
) }}

select * from checked
