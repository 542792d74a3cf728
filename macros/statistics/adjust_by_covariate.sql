{#- CTEs that end in `adjusted`: CUPED, one row per variation that is compared with the reference. With
    theta = cov(y, x)/var(x) over the units of both, x the same metric before the exposure, each value
    becomes y - theta (x - x of both). Where x does not vary, theta is 0 and nothing is adjusted.
    moments: text, a CTE that linearise_moments made; keys: list of text, what it has beside
    experiment_id, metric_name and variation_id. Reads the CTEs reference_variations and metrics. -#}
{% macro adjust_by_covariate(moments, keys=[]) %}
    {%- set means = [
        'observation_mean', 'denominator_mean', 'covariate_mean', 'covariate_denominator_mean',
    ] -%}
covariate_pairs as {{ experiment_metrics.materialized() }} (
    select
        own.experiment_id,
        own.metric_name,
        own.variation_id,
        {%- for column in keys %}
        own.{{ column }},
        {%- endfor %}
        {%- for side in ['own', 'reference'] %}
        {%- for column in [
            'metric_value', 'variance', 'covariate_value', 'covariate_value_variance',
            'covariate_value_covariance',
        ] %}
        {{ side }}.{{ column }} as {{ side }}_{{ column }},
        {%- endfor %}
        {%- endfor %}
        {%- for mean in means %}
        {{ experiment_metrics.pooled_mean(mean) }} as pooled_{{ mean }},
        {%- endfor %}
        {%- for covariance, one, other in [
            ('observation_covariate_covariance', means[0], means[2]),
            ('observation_covariate_denominator_covariance', means[0], means[3]),
            ('denominator_covariate_covariance', means[1], means[2]),
            ('denominator_covariate_denominator_covariance', means[1], means[3]),
            ('covariate_variance', means[2], means[2]),
            ('covariate_covariate_denominator_covariance', means[2], means[3]),
            ('covariate_denominator_variance', means[3], means[3]),
        ] %}
        {{ experiment_metrics.pooled_covariance(covariance, one, other) }} as pooled_{{ covariance }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ moments }} as own
    inner join metrics
        on
            own.metric_name = metrics.metric_name
            and metrics.has_covariate
            and own.is_capped = metrics.has_cap
    inner join reference_variations
        on
            own.experiment_id = reference_variations.experiment_id
            and own.variation_id <> reference_variations.reference_variation_id
    inner join {{ moments }} as reference
        on
            own.experiment_id = reference.experiment_id
            and own.metric_name = reference.metric_name
            and own.is_capped = reference.is_capped
            and reference_variations.reference_variation_id = reference.variation_id
            {%- for column in keys %}
            and own.{{ column }} = reference.{{ column }}
            {%- endfor %}
),

covariate_ratios as {{ experiment_metrics.materialized() }} (
    select
        covariate_pairs.*,
        nullif(coalesce(pooled_denominator_mean, 1), 0) as pooled_divisor,
        nullif(coalesce(pooled_covariate_denominator_mean, 1), 0) as pooled_covariate_divisor,
        pooled_observation_mean / nullif(coalesce(pooled_denominator_mean, 1), 0) as pooled_value,
        pooled_covariate_mean / nullif(coalesce(pooled_covariate_denominator_mean, 1), 0)
            as pooled_covariate_value
    from covariate_pairs
),

covariate_slopes as {{ experiment_metrics.materialized() }} (
    select
        covariate_ratios.*,
        {{ experiment_metrics.ratio_covariance(
            'pooled_', 'pooled_value', 'pooled_covariate_value', 'pooled_divisor',
            'pooled_covariate_divisor'
        ) }} as pooled_covariance,
        {{ experiment_metrics.ratio_variance(
            'pooled_covariate_variance', 'pooled_covariate_covariate_denominator_covariance',
            'pooled_covariate_denominator_variance', 'pooled_covariate_value',
            'pooled_covariate_divisor'
        ) }} as pooled_variance
    from covariate_ratios
),

thetas as {{ experiment_metrics.materialized() }} (
    select
        covariate_slopes.*,
        case
            when
                pooled_variance > 1e-200
                and own_metric_value is not null
                and reference_metric_value is not null
                and own_covariate_value is not null
                and reference_covariate_value is not null
                then pooled_covariance / pooled_variance
            else 0
        end as theta
    from covariate_slopes
),

adjusted as (
    select
        experiment_id,
        metric_name,
        variation_id,
        {%- for column in keys %}
        {{ column }},
        {%- endfor %}
        theta,
        {{ experiment_metrics.adjusted_value('own') }} as metric_value,
        {{ experiment_metrics.adjusted_value('reference') }} as reference_metric_value,
        {{ experiment_metrics.adjusted_variance('own') }} as variance,
        {{ experiment_metrics.adjusted_variance('reference') }} as reference_variance,
        coalesce(theta * reference_covariate_value_covariance, 0) as theta_covariance,
        coalesce(theta * theta * reference_covariate_value_variance, 0) as theta_variance
    from thetas
)
{%- endmacro %}


{#- The mean of the units of `own` and `reference` together. -#}
{% macro pooled_mean(mean) %}
    {{- return(
        "own." ~ mean ~ " + (reference." ~ mean ~ " - own." ~ mean ~ ") * " ~ experiment_metrics.pooled_count('reference')
        ~ " / (" ~ experiment_metrics.pooled_count('own') ~ " + " ~ experiment_metrics.pooled_count('reference') ~ ")"
    ) -}}
{% endmacro %}


{#- The sample covariance over the units of `own` and `reference` together: the sums within the two and
    what their means' distance adds. one, other: the columns of the means. -#}
{% macro pooled_covariance(covariance, one, other) %}
    {%- set n = experiment_metrics.pooled_count('own') -%}
    {%- set m = experiment_metrics.pooled_count('reference') -%}
    {%- set pooled -%}
        (own.{{ covariance }} * ({{ n }} - 1) + reference.{{ covariance }} * ({{ m }} - 1)
            + (own.{{ one }} - reference.{{ one }}) * (own.{{ other }} - reference.{{ other }})
            * {{ n }} * {{ m }} / ({{ n }} + {{ m }})) / ({{ n }} + {{ m }} - 1)
    {%- endset -%}
    {{- return(pooled) -}}
{% endmacro %}


{% macro pooled_count(side) %}
    {{- return("cast(" ~ side ~ ".unit_count as " ~ experiment_metrics.type_double() ~ ")") -}}
{% endmacro %}


{% macro adjusted_value(side) %}
    {{- return(
        side ~ "_metric_value - coalesce(theta * (" ~ side
        ~ "_covariate_value - pooled_covariate_value), 0)"
    ) -}}
{% endmacro %}


{#- v_y + theta^2 v_x - 2 theta c. -#}
{% macro adjusted_variance(side) %}
    {%- set square = "coalesce(theta * theta * " ~ side ~ "_covariate_value_variance, 0)" -%}
    {%- set mixed = "coalesce(2 * theta * " ~ side ~ "_covariate_value_covariance, 0)" -%}
    {%- set own = side ~ "_variance" -%}
    {{- return(
        experiment_metrics.without_rounding(own ~ " + " ~ square ~ " - " ~ mixed, own ~ " + " ~ square)
    ) -}}
{% endmacro %}
