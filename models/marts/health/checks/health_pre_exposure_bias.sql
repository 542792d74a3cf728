with

differences as (
    select * from {{ ref('covariate_differences') }}
    where p_value is not null
),

-- The strongest of all comparisons stands for all of them.
ranked as (
    select
        experiment_id,
        metric_name,
        variation_name,
        covariate_value,
        control_value,
        p_value,
        count(*) over (partition by experiment_id) as test_count,
        row_number() over (
            partition by experiment_id
            order by p_value, metric_name, variation_name
        ) as place
    from differences
),

findings as (
    select
        experiment_id,
        metric_name,
        variation_name,
        covariate_value,
        control_value,
        test_count,
        least(1, p_value * test_count) as check_value
    from ranked
    where place = 1
),

{{ health_check(
    name='pre_exposure_bias',
    title='Differences before the exposure',
    looks_at='p-value',
    threshold='pre_exposure_alpha',
    threshold_rule='probability',
    warn='value < threshold',
    found='Of {test_count} comparisons before the exposure {metric_name:text} in
        {variation_name:text} differs most: {covariate_value:4}, and {control_value:4} in the
        reference variation; p {value:p} for all of them.',
    remedy='The variations were not alike from the start: look for an earlier experiment on the same
        visitors and for assignment that depends on them, and read the results of cuped.',
    missing='Not checked: it takes a metric with cuped=true, a reference variation and two units of
        each.',
) }}

select * from checked
