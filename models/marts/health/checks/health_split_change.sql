with

changes as (
    select * from {{ ref('split_changes') }}
),

-- The largest change, of all variations and days, stands for all of them.
ranked as (
    select
        experiment_id,
        last_date,
        variation_name,
        share_before,
        share_after,
        p_value,
        count(*) over (partition by experiment_id) as test_count,
        row_number() over (
            partition by experiment_id
            order by p_value, last_date, variation_name
        ) as place
    from changes
),

findings as (
    select
        experiment_id,
        last_date,
        variation_name,
        share_before,
        share_after,
        test_count,
        least(1, p_value * test_count) as check_value
    from ranked
    where place = 1
),

{{ health_check(
    name='split_change',
    title='Change of the split',
    looks_at='p-value',
    threshold='sample_ratio_alpha',
    threshold_rule='probability',
    fail='value < threshold',
    found='The largest change of the split: {variation_name:text} got {share_before:%} of the units
        until {last_date:date}, and {share_after:%} after; p {value:p} for all of {test_count}
        comparisons.',
    remedy='Days of another split mix up days and variations: give the experiment a start or an
        end so that one split is left, or find out why units are lost.',
    missing='Not checked: it takes two days or more, and two variations or more that should have 5
        units before and after.',
) }}

select * from checked
