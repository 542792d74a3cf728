{{ config(enabled=is_planned()) }}
{%- set weights = adjusted_weights('forms', 'forms.theta') -%}

with

planned as (
    select * from {{ ref('planned_estimators') }}
),

moments as (
    select * from {{ ref('linearised_moments') }}
    where slice_type = 'experiment'
),

quantiles as (
    select * from {{ ref('variation_estimates') }}
    where slice_type = 'experiment' and estimator = 'raw'
),

-- As in covariate_adjustments, of one group: where the covariate does not vary, nothing is
-- adjusted.
forms as {{ materialized() }} (
    select
        moments.*,
        planned.estimator as planned_estimator,
        case
            when
                planned.estimator = 'cuped'
                and moments.variance > 0
                and moments.covariate_value_variance > 1e-200
                and sqrt(moments.covariate_value_variance / moments.unit_count)
                > {{ last_digits('abs(moments.covariate_value)') }}
                then moments.covariate_value_covariance / moments.covariate_value_variance
            else 0e0
        end as theta
    from planned
    inner join moments
        on
            planned.metric_name = moments.metric_name
            and planned.plain_estimator = moments.estimator
),

measured as {{ materialized() }} (
    select
        forms.*,
        case
            when forms.theta = 0 then forms.variance
            else {{ without_rounding(
                '(' ~ linear_variance('forms', weights) ~ ')', linear_terms('forms', weights)
            ) }}
        end as form_variance,
        {{ linear_third_moment('forms', weights) }} as form_third_moment
    from forms
),

spread as {{ materialized() }} (
    select
        *,
        sqrt((1e0 - 1e0 / unit_count) * form_variance) as standard_deviation
    from measured
),

-- The skewness of one unit's part in the value, as lift_skewness has it where there is no lift.
estimates as (
    select
        metric_name,
        planned_estimator as estimator,
        unit_count,
        metric_value,
        form_variance as variance,
        case
            when form_variance > 0
                then
                    form_third_moment
                    / standard_deviation / standard_deviation / standard_deviation
            else 0e0
        end as unit_skewness,
        effective_unit_count,
        theta,
        cast(null as {{ type_double() }}) as tied_share
    from spread
    union all
    select
        planned.metric_name,
        planned.estimator,
        quantiles.unit_count,
        quantiles.metric_value,
        quantiles.variance,
        0e0 as unit_skewness,
        quantiles.effective_unit_count,
        0e0 as theta,
        quantiles.tied_share
    from planned
    inner join quantiles on planned.metric_name = quantiles.metric_name
    where planned.is_quantile
)

select * from estimates
