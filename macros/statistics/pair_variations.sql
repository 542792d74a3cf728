{#- CTEs that end in `pairs`: one row per experiment, metric that it uses, variation and estimator, with
    the numbers of the variation and of the reference variation; with `keys`, one for each of their
    values that the experiment has. The reference has a row too, beside itself.
    estimates: text, a CTE with unit_count, metric_value and variance per estimator; adjusted: text, a
    CTE that adjust_by_covariate made; keys: list of text, what both have beside experiment_id,
    metric_name, variation_id; days: text, SQL, the days in which the units were exposed.
    Reads the CTEs experiments, variations, reference_variations, metrics and used_metrics. -#}
{% macro pair_variations(estimates, adjusted, days, keys=[]) %}
estimators as (
    {{ experiment_metrics.text_rows(['raw', 'capped', 'cuped'], 'estimator') | indent(4) }}
),
{% if keys %}
slices as (
    select distinct experiment_id, {{ keys | join(', ') }}
    from {{ estimates }}
),
{% endif %}
spine as (
    select
        variations.experiment_id,
        variations.experiment_name,
        metrics.metric_name,
        variations.variation_id,
        variations.variation_name,
        {%- for column in keys %}
        slices.{{ column }},
        {%- endfor %}
        estimators.estimator,
        case
            when estimators.estimator <> 'cuped' then estimators.estimator
            when metrics.has_cap then 'capped'
            else 'raw'
        end as plain_estimator,
        estimators.estimator = case
            when metrics.has_covariate then 'cuped'
            when metrics.has_cap then 'capped'
            else 'raw'
        end as is_headline,
        used_metrics.is_primary,
        metrics.is_guardrail,
        metrics.is_quantile,
        metrics.direction,
        metrics.non_inferiority_margin,
        reference_variations.reference_variation_id,
        reference_variations.reference_variation_count,
        {{ days }} as exposure_days
    from variations
    inner join experiments on variations.experiment_id = experiments.experiment_id
    inner join reference_variations
        on variations.experiment_id = reference_variations.experiment_id
    inner join used_metrics on variations.experiment_id = used_metrics.experiment_id
    inner join metrics on used_metrics.metric_name = metrics.metric_name
    inner join estimators
        on
            estimators.estimator = 'raw'
            or (estimators.estimator = 'capped' and metrics.has_cap)
            or (estimators.estimator = 'cuped' and metrics.has_covariate)
    {%- if keys %}
    inner join slices on variations.experiment_id = slices.experiment_id
    {%- endif %}
),

pairs as (
    select
        spine.*,
        coalesce(own.unit_count, 0) as unit_count,
        case
            when spine.reference_variation_id is not null then coalesce(reference.unit_count, 0)
        end as reference_unit_count,
        coalesce(adjusted.metric_value, own.metric_value) as metric_value,
        coalesce(adjusted.reference_metric_value, reference.metric_value) as reference_metric_value,
        coalesce(adjusted.variance, own.variance) as variance,
        coalesce(adjusted.reference_variance, reference.variance) as reference_variance,
        own.variance as plain_variance,
        {{ experiment_metrics.unless_rounding('reference.metric_value', 'reference.variance') }}
            as plain_reference_value,
        reference.variance as plain_reference_variance,
        coalesce(adjusted.theta_covariance, 0) as theta_covariance,
        coalesce(adjusted.theta_variance, 0) as theta_variance,
        adjusted.theta
    from spine
    left join {{ estimates }} as own
        on
            {{ experiment_metrics.same_columns('spine', 'own', ['experiment_id', 'metric_name'] + keys) }}
            and spine.variation_id = own.variation_id
            and spine.plain_estimator = own.estimator
    left join {{ estimates }} as reference
        on
            {{ experiment_metrics.same_columns('spine', 'reference', ['experiment_id', 'metric_name'] + keys) }}
            and spine.reference_variation_id = reference.variation_id
            and spine.plain_estimator = reference.estimator
    left join {{ adjusted }} as adjusted
        on
            {{ experiment_metrics.same_columns('spine', 'adjusted', ['experiment_id', 'metric_name'] + keys) }}
            and spine.variation_id = adjusted.variation_id
            and spine.estimator = 'cuped'
)
{%- endmacro %}
