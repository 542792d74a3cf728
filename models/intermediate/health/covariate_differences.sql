{{ config(materialized='ephemeral') }}

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
        and not covariates.is_reference_variation
        and covariates.squared_error + controls.squared_error > 1e-150
),

-- Welch's test, as of the metric itself.
tested as (
    {{ student_t_two_sided_p(
        'compared',
        ['experiment_id', 'metric_name', 'variation_name', 'covariate_value', 'control_value'],
        t='(covariate_value - control_value) / sqrt(squared_error)',
        df='squared_error * squared_error / squared_error_spread',
    ) | trim | indent(4) }}
)

select * from tested
