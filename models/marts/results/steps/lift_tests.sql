with

lifts as (
    select * from {{ ref('absolute_lifts') }}
),

corrected as {{ materialized() }} (
    select
        comparison_id,
        degrees_of_freedom,
        {{ unskewed('t_statistic', 'lift_skewness') }} as corrected_t
    from lifts
),

-- The p-value is that of the absolute lift; the relative lift has none of its own.
welch as (
    {{ student_t_two_sided_p(
        'corrected', ['comparison_id'], t='corrected_t', df='degrees_of_freedom'
    ) | trim | indent(4) }}
),

-- Covariates that are the same for all units of a variation, and differ between the two, were dealt
-- out in one of two orders of at least exp(log_orders).
constants as {{ materialized() }} (
    select
        comparison_id,
        least(unit_count, reference_unit_count)
        * ln(
            cast(unit_count + reference_unit_count as {{ type_double() }})
            / least(unit_count, reference_unit_count)
        ) as log_orders
    from lifts
    where
        estimator = 'covariate'
        and status = 'zero_variance'
        and abs(absolute_lift) > 1e-12 * (abs(metric_value) + abs(reference_metric_value))
),

tests as (
    select
        lifts.comparison_id,
        lifts.experiment_id,
        lifts.metric_name,
        lifts.variation_id,
        lifts.estimator,
        coalesce(
            welch.p_value,
            case
                when constants.log_orders is not null
                    then least(1e0, 2e0 * {{ decay('constants.log_orders') }})
            end
        ) as p_value
    from lifts
    inner join welch on lifts.comparison_id = welch.comparison_id
    left join constants on lifts.comparison_id = constants.comparison_id
)

select * from tests
