with

covariates as (
    select * from {{ ref('variation_covariates') }}
    where unit_count > 1 and squared_error >= 0
),

compared as (
    select
        covariates.experiment_id,
        covariates.metric_name,
        covariates.variation_name,
        covariates.covariate_value,
        controls.covariate_value as control_value,
        covariates.squared_error + controls.squared_error as squared_error,
        covariates.squared_error * covariates.squared_error / (covariates.unit_count - 1)
        + controls.squared_error * controls.squared_error / (controls.unit_count - 1)
            as squared_error_spread
    from covariates
    inner join covariates as controls
        on
            covariates.experiment_id = controls.experiment_id
            and covariates.metric_name = controls.metric_name
    where
        controls.is_reference_variation
        and coalesce(not covariates.is_reference_variation, true)
        and covariates.squared_error + controls.squared_error > 1e-150
),

tested as (
    {{ student_t_two_sided_p(
        'compared',
        ['experiment_id', 'metric_name', 'variation_name', 'covariate_value', 'control_value'],
        t='(covariate_value - control_value) / sqrt(squared_error)',
        df='squared_error * squared_error / squared_error_spread',
    ) | trim | indent(4) }}
),

ranked as (
    select
        tested.*,
        count(*) over (partition by experiment_id) as test_count,
        row_number() over (
            partition by experiment_id
            order by p_value, metric_name, variation_name
        ) as place
    from tested
    where p_value is not null
),

findings as (
    select
        experiment_id,
        metric_name,
        variation_name,
        covariate_value,
        control_value,
        test_count,
        least(1, p_value * test_count) as value
    from ranked
    where place = 1
),

{{ health_check(
    'pre_exposure_bias',
    threshold=var('pre_exposure_alpha'),
    warn='value < threshold',
    found='Of {test_count} comparisons before the exposure {metric_name:text} in {variation_name:text}
        differs most: {covariate_value:4}, and {control_value:4} in the reference variation;
        p {value:p} for all of them.',
    remedy='The variations were not alike from the start: look for an earlier experiment on the same
        visitors and for assignment that depends on them, and read the results of cuped.',
    missing='Not checked: it takes a metric with cuped=true, a reference variation and two units of
        each.',
) }}

select * from checked
