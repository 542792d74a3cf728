{{ config(enabled=is_planned()) }}

with

metrics as (
    select * from {{ ref('dim_metrics') }}
    {% if is_list(var('plan_metrics')) and var('plan_metrics') %}
        where metric_name in (
            {% for name in var('plan_metrics') %}
                {{ string_literal(name) }}{{ ',' if not loop.last }}
            {% endfor %}
        )
    {% endif %}
),

estimators as (
    {{ text_rows(['raw', 'capped', 'cuped'], 'estimator') | indent(4) }}
),

-- A unit is observed for so many hours; without an end of them what it does never comes to a close.
observed as (
    select
        *,
        case
            when not can_mature or is_per_exposed_day then null
            when matures_after_hours is null then {{ setting_literal('attribution_window_hours') }}
            when has_experiment_window
                then greatest(
                    matures_after_hours, {{ setting_literal('attribution_window_hours') }}
                )
            else matures_after_hours
        end as observed_hours
    from metrics
),

planned as (
    select
        observed.metric_name,
        estimators.estimator,
        case
            when estimators.estimator = 'capped' then 'capped'
            when estimators.estimator = 'cuped' and observed.has_cap then 'capped'
            else 'raw'
        end as plain_estimator,
        estimators.estimator = case
            when observed.has_covariate then 'cuped'
            when observed.has_cap then 'capped'
            else 'raw'
        end as is_headline,
        observed.is_quantile,
        observed.covariate_hours,
        cast(ceil(observed.observed_hours / 24) as bigint) as window_days
    from observed
    inner join estimators
        on
            estimators.estimator = 'raw'
            or (estimators.estimator = 'capped' and observed.has_cap)
            or (estimators.estimator = 'cuped' and observed.has_covariate)
)

select * from planned
