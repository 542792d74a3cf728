{#- CTEs that end in `linear_moments`: the moments with each variation's estimator (raw or capped),
    metric_value and variance, and the latter of its covariate. A mean is a ratio whose denominators
    are all 1; the ratio R = n/d of two means has the linear form (y - R d)/d of each unit, and with
    it the variance of the delta method.
    moments: text, a CTE with the columns of variation_moments. -#}
{% macro linearise_moments(moments) %}
divisors as {{ experiment_metrics.materialized() }} (
    select
        {{ moments }}.*,
        nullif({{ experiment_metrics.unless_rounding('coalesce(denominator_mean, 1)', 'denominator_variance') }}, 0)
            as divisor,
        nullif(
            {{ experiment_metrics.unless_rounding(
                'coalesce(covariate_denominator_mean, 1)', 'covariate_denominator_variance'
            ) }},
            0
        ) as covariate_divisor
    from {{ moments }}
),

ratios as {{ experiment_metrics.materialized() }} (
    select
        divisors.*,
        observation_mean / divisor as metric_value,
        covariate_mean / covariate_divisor as covariate_value
    from divisors
),

linear_moments as {{ experiment_metrics.materialized() }} (
    select
        ratios.*,
        case when is_capped then 'capped' else 'raw' end as estimator,
        {{ experiment_metrics.ratio_variance(
            'observation_variance', 'observation_denominator_covariance', 'denominator_variance',
            'metric_value', 'divisor'
        ) }} as variance,
        {{ experiment_metrics.ratio_variance(
            'covariate_variance', 'covariate_covariate_denominator_covariance',
            'covariate_denominator_variance', 'covariate_value', 'covariate_divisor'
        ) }} as covariate_value_variance,
        {{ experiment_metrics.ratio_covariance('', 'metric_value', 'covariate_value', 'divisor', 'covariate_divisor') }}
            as covariate_value_covariance
    from ratios
)
{%- endmacro %}


{#- The variance of a ratio's linear form, (v_n - 2 R c_nd + R^2 v_d)/d^2. The arguments are columns; a
    null covariance or variance of the denominator is that of no denominator, 0. -#}
{% macro ratio_variance(numerator, covariance, denominator, ratio, divisor) %}
    {%- set own = numerator -%}
    {%- set others = ratio ~ " * " ~ ratio ~ " * coalesce(" ~ denominator ~ ", 0)" -%}
    {%- set mixed = "2 * " ~ ratio ~ " * coalesce(" ~ covariance ~ ", 0)" -%}
    {{- return(
        experiment_metrics.without_rounding(own ~ " - " ~ mixed ~ " + " ~ others, own ~ " + " ~ others)
        ~ " / (" ~ divisor ~ " * " ~ divisor ~ ")"
    ) -}}
{% endmacro %}


{#- The covariance of a ratio's linear form with that of its covariate, from the four covariances of the
    two numerators and denominators. prefix: of their columns' names; the others are columns. -#}
{% macro ratio_covariance(prefix, ratio, covariate_ratio, divisor, covariate_divisor) %}
    {%- set mixed -%}
        ({{ prefix }}observation_covariate_covariance
            - {{ covariate_ratio }}
            * coalesce({{ prefix }}observation_covariate_denominator_covariance, 0)
            - {{ ratio }} * coalesce({{ prefix }}denominator_covariate_covariance, 0)
            + {{ ratio }} * {{ covariate_ratio }}
            * coalesce({{ prefix }}denominator_covariate_denominator_covariance, 0))
        / ({{ divisor }} * {{ covariate_divisor }})
    {%- endset -%}
    {{- return(mixed) -}}
{% endmacro %}


{#- A mean, 0 where it is no more than the rounding of values that add up to nothing.
    mean, variance: SQL expressions. -#}
{% macro unless_rounding(mean, variance) %}
    {{- return(
        "case when abs(" ~ mean ~ ") <= 1e-14 * sqrt(coalesce(" ~ variance ~ ", 0)) then 0 else "
        ~ mean ~ " end"
    ) -}}
{% endmacro %}


{#- A variance that is what large terms leave of one another: 0 where it is no more than their rounding.
    variance, terms: SQL expressions, the second the sum of the terms' sizes. -#}
{% macro without_rounding(variance, terms) %}
    {{- return(
        "case when " ~ variance ~ " <= 1e-12 * (" ~ terms ~ ") then 0e0 else " ~ variance ~ " end"
    ) -}}
{% endmacro %}
