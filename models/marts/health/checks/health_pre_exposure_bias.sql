with

comparisons as (
    select * from {{ ref('comparisons') }}
    where estimator = 'covariate'
),

lifts as (
    select * from {{ ref('absolute_lifts') }}
),

lift_tests as (
    select * from {{ ref('lift_tests') }}
    where p_value is not null
),

-- The strongest of all comparisons stands for all of them.
ranked as (
    select
        comparisons.experiment_id,
        comparisons.metric_name,
        comparisons.variation_name,
        lifts.metric_value as covariate_value,
        lifts.reference_metric_value as reference_value,
        lift_tests.p_value,
        count(*) over (partition by comparisons.experiment_id) as test_count,
        row_number() over (
            partition by comparisons.experiment_id
            order by lift_tests.p_value, comparisons.metric_name, comparisons.variation_name
        ) as place
    from comparisons
    inner join lifts on comparisons.comparison_id = lifts.comparison_id
    inner join lift_tests on comparisons.comparison_id = lift_tests.comparison_id
),

findings as (
    select
        experiment_id,
        metric_name,
        variation_name,
        covariate_value,
        reference_value,
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
        {variation_name:text} differs most: {covariate_value:4}, and {reference_value:4} in the
        reference variation; p {value:p} for all of them.',
    remedy='The variations were not alike from the start: look for an earlier experiment on the same
        visitors and for assignment that depends on them, and read the results of cuped.',
    missing='Not checked: it takes a metric with cuped=true, a reference variation and two units of
        each.',
) }}

select * from checked
