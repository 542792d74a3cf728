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
            as squared_error_spread,
        covariates.unit_count + controls.unit_count as unit_count,
        least(covariates.unit_count, controls.unit_count) as smaller_unit_count
    from covariates
    inner join covariates as controls
        on
            covariates.experiment_id = controls.experiment_id
            and covariates.metric_name = controls.metric_name
    where controls.is_reference_variation and not covariates.is_reference_variation
),

-- A spread that is no more than the rounding of the values is none.
measured as (
    select
        experiment_id,
        metric_name,
        variation_name,
        covariate_value,
        control_value,
        squared_error_spread,
        case
            when
                squared_error > 1e-150
                and squared_error > 1e-24
                * (covariate_value * covariate_value + control_value * control_value)
                then squared_error
        end as squared_error,
        abs(covariate_value - control_value)
        > 1e-12 * (abs(covariate_value) + abs(control_value)) as is_different,
        smaller_unit_count * ln(unit_count / smaller_unit_count) as log_orders
    from compared
)

select * from measured
