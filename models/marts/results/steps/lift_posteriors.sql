{%- set lift = var('bayesian_scale') ~ '_lift' -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
    where is_chosen_reference and estimator <> 'covariate'
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

relative_lifts as (
    select * from {{ ref('relative_lifts') }}
),

-- The lift is normal about the measured one; the prior is flat or normal, and so is the posterior.
likelihoods as {{ materialized() }} (
    select
        comparisons.comparison_id,
        {{ lift }} as likely_lift,
        {{ lift }}_std_error as likely_std_error,
        {{ prior_number('bayesian_prior_mean') }} as prior_lift,
        {{ prior_number('bayesian_prior_sd') }} as prior_std_error
    from comparisons
    inner join absolute_lifts on comparisons.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on comparisons.comparison_id = relative_lifts.comparison_id
),

variances as {{ materialized() }} (
    select
        *,
        likely_std_error * likely_std_error as data_variance,
        prior_std_error * prior_std_error as prior_variance
    from likelihoods
),

-- How much data and prior weigh: the data all where the prior is flat.
weights as {{ materialized() }} (
    select
        *,
        {% if var('bayesian_prior') == 'flat' %}
            1e0 as data_weight,
            0e0 as prior_weight
        {% else %}
            1e0 / (1e0 + data_variance / nullif(prior_variance, 0)) as data_weight,
            1e0 / (1e0 + prior_variance / nullif(data_variance, 0)) as prior_weight
        {% endif %}
    from variances
),

posteriors as {{ materialized() }} (
    select
        comparison_id,
        case
            when likely_std_error is not null
                then data_weight * likely_lift + prior_weight * prior_lift
        end as posterior_lift,
        likely_std_error * sqrt(data_weight) as posterior_std_error
    from weights
),

intervals as {{ materialized() }} (
    select
        *,
        {{ normal_isf(setting_literal('alpha') ~ ' / 2e0') }} * posterior_std_error as half_width
    from posteriors
),

finite_posteriors as (
    select
        comparison_id,
        {{ finite('posterior_lift') }} as posterior_lift,
        {{ finite('posterior_std_error') }} as posterior_std_error,
        {{ finite('posterior_lift - half_width') }} as posterior_ci_low,
        {{ finite('posterior_lift + half_width') }} as posterior_ci_high
    from intervals
)

select * from finite_posteriors
