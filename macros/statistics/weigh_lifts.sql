{#- CTEs that end in `weighed_lifts`: what a Bayesian says. The lift, absolute or relative by the var
    bayesian_scale, is normal about the measured one; the prior is flat or normal, and so is the
    posterior. The risk of a choice is what it is expected to lose against the other: E[max(0, harm)]. -#}
{% macro weigh_lifts() %}
    {%- set is_relative = var('bayesian_scale') == 'relative' -%}
likelihoods as {{ experiment_metrics.materialized() }} (
    select
        bounded_lifts.*,
        {{ 'relative_lift' if is_relative else 'absolute_lift' }} as likely_lift,
        {{ 'relative_lift_std_error' if is_relative else 'absolute_lift_std_error' }}
            as likely_std_error,
        {{ experiment_metrics.prior_number('bayesian_prior_mean') }} as prior_lift,
        {{ experiment_metrics.prior_number('bayesian_prior_sd') }} as prior_std_error
    from bounded_lifts
),

-- How much data and prior weigh: the data all where the prior is flat.
weights as {{ experiment_metrics.materialized() }} (
    select
        likelihoods.*,
        {%- if var('bayesian_prior') == 'flat' %}
        1e0 as data_weight,
        0e0 as prior_weight
        {%- else %}
        1e0 / (
            1e0 + likely_std_error * likely_std_error / nullif(prior_std_error * prior_std_error, 0)
        ) as data_weight,
        1e0 / (
            1e0 + prior_std_error * prior_std_error / nullif(likely_std_error * likely_std_error, 0)
        ) as prior_weight
        {%- endif %}
    from likelihoods
),

posteriors as {{ experiment_metrics.materialized() }} (
    select
        weights.*,
        case
            when likely_std_error is not null
                then data_weight * likely_lift + prior_weight * prior_lift
        end as posterior_lift,
        likely_std_error * sqrt(data_weight) as posterior_std_error
    from weights
),

posterior_sizes as {{ experiment_metrics.materialized() }} (
    select
        posteriors.*,
        case when direction = 'decrease' then -posterior_lift else posterior_lift end
            as posterior_gain,
        case when direction = 'decrease' then -posterior_lift else posterior_lift end
        / posterior_std_error as posterior_z
    from posteriors
),

lesser_risks as {{ experiment_metrics.materialized() }} (
    select
        posterior_sizes.*,
        -- E[max(0, harm)] of the choice that looks better.
        posterior_std_error * {{ experiment_metrics.decay('0.5e0 * posterior_z * posterior_z') }}
        * greatest(
            {{ experiment_metrics.double_literal(0.3989422804014327) }}
            - abs(posterior_z) * {{ experiment_metrics.mills('abs(posterior_z)') }},
            0
        ) as lesser_risk
    from posterior_sizes
),

weighed_lifts as {{ experiment_metrics.materialized() }} (
    select
        lesser_risks.*,
        posterior_lift - z_quantile * posterior_std_error as posterior_ci_low,
        posterior_lift + z_quantile * posterior_std_error as posterior_ci_high,
        {{ experiment_metrics.normal_cdf('posterior_z') }} as chance_to_win,
        lesser_risk + greatest(-posterior_gain, 0) as risk,
        lesser_risk + greatest(posterior_gain, 0) as reference_risk
    from lesser_risks
)
{%- endmacro %}


{#- A number of the prior on the scale of the posterior; 0 where the prior is flat. -#}
{% macro prior_number(setting) %}
    {%- set number = experiment_metrics.setting_literal(setting) -%}
    {%- if var('bayesian_prior') == 'flat' -%}
        {{- return('0e0') -}}
    {%- elif var('bayesian_prior') == var('bayesian_scale') -%}
        {{- return(number) -}}
    {%- elif var('bayesian_prior') == 'relative' -%}
        {{- return(number ~ ' * reference_size') -}}
    {%- endif -%}
    {{- return(number ~ ' / reference_size') -}}
{% endmacro %}
