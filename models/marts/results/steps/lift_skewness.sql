{%- set slice = ['experiment_id', 'metric_name', 'estimator'] + slice_columns() -%}
{%- set weights = {} -%}
{%- for measure in moment_measures() -%}
    {%- do weights.update({measure: 'forms.' ~ measure ~ '_weight'}) -%}
{%- endfor -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
    where variation_id <> reference_variation_id and not is_quantile
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

adjustments as (
    select * from {{ ref('covariate_adjustments') }}
),

moments as (
    select * from {{ ref('linearised_moments') }}
    where unit_count > 0
),

-- What is compared of each unit: what it did less theta times what it did before, or that alone.
compared as (
    select
        comparisons.comparison_id,
        comparisons.experiment_id,
        comparisons.metric_name,
        comparisons.variation_id,
        comparisons.reference_variation_id,
        case
            when comparisons.plain_estimator <> 'covariate' then comparisons.plain_estimator
            when metrics.has_cap then 'capped'
            else 'raw'
        end as estimator,
        {{ prefixed('comparisons', slice_columns()) | join(',\n        ') }},
        comparisons.estimator = 'covariate' as is_covariate,
        coalesce(adjustments.theta, 0) as theta
    from comparisons
    inner join metrics on comparisons.metric_name = metrics.metric_name
    left join adjustments on comparisons.comparison_id = adjustments.comparison_id
),

pools as {{ materialized() }} (
    select
        compared.*,
        own.unit_count as own_count,
        reference.unit_count as reference_count,
        {{ pooled_mean('observation') }} as observation_mean,
        {{ pooled_mean('denominator') }} as denominator_mean,
        {{ pooled_mean('covariate') }} as covariate_mean,
        {{ pooled_mean('covariate_denominator') }} as covariate_denominator_mean
    from compared
    inner join moments as own
        on
            {{ same_columns('compared', 'own', slice + ['variation_id']) }}
    inner join moments as reference
        on
            {{ same_columns('compared', 'reference', slice) }}
            and compared.reference_variation_id = reference.variation_id
),

-- A ratio's linear form is y - R d, with R of the units of both variations.
weights as {{ materialized() }} (
    select
        *,
        case when is_covariate then 0e0 else 1e0 end as observation_weight,
        case
            when is_covariate then 0e0
            else -coalesce(observation_mean / nullif(denominator_mean, 0), 0)
        end as denominator_weight,
        case
            when is_covariate then 1e0
            else
                -theta * coalesce(denominator_mean, 1)
                / coalesce(nullif(covariate_denominator_mean, 0), 1)
        end as covariate_weight
    from pools
),

forms as {{ materialized() }} (
    select
        *,
        -coalesce(covariate_weight * covariate_mean / nullif(covariate_denominator_mean, 0), 0)
            as covariate_denominator_weight
    from weights
),

-- The moments of the form in each of the two variations.
sides as {{ materialized() }} (
    select
        forms.comparison_id,
        forms.variation_id = moments.variation_id as is_own,
        cast(moments.unit_count as {{ type_double() }})
        / (forms.own_count + forms.reference_count) as unit_share,
        1e0 / moments.unit_count as one_of_units,
        {{ linear_mean('moments', weights) }} as mean,
        (1e0 - 1e0 / moments.unit_count) * coalesce({{ without_rounding(
            '(' ~ linear_variance('moments', weights) ~ ')', linear_terms('moments', weights)
        ) }}, 0) as variance,
        {{ linear_third_moment('moments', weights) }} as third_moment
    from forms
    inner join moments
        on
            {{ same_columns('forms', 'moments', slice) }}
            and moments.variation_id in (forms.variation_id, forms.reference_variation_id)
),

-- A third moment beside no variance is rounding.
spread as {{ materialized() }} (
    select
        own.comparison_id,
        own.one_of_units as own_one,
        reference.one_of_units as reference_one,
        own.unit_share as own_share,
        reference.unit_share as reference_share,
        own.variance as own_variance,
        reference.variance as reference_variance,
        case when own.variance = 0 then 0e0 else own.third_moment end as own_third,
        case when reference.variance = 0 then 0e0 else reference.third_moment end
            as reference_third,
        own.mean - reference.mean as distance,
        sqrt(
            own.unit_share * own.variance + reference.unit_share * reference.variance
            + own.unit_share * (own.mean - reference.mean)
            * reference.unit_share * (own.mean - reference.mean)
        ) as sd
    from sides as own
    inner join sides as reference
        on own.comparison_id = reference.comparison_id and own.is_own and not reference.is_own
),

-- The third central moment of the units of both, over the cube of their standard deviation.
skewness as {{ materialized() }} (
    select
        comparison_id,
        own_one,
        reference_one,
        own_share * own_third / sd / sd / sd
        + reference_share * reference_third / sd / sd / sd
        + own_share * reference_share * distance / sd * (
            3 * (own_variance - reference_variance) / sd / sd
            + (reference_share - own_share) * distance / sd * distance / sd
        ) as unit_skewness
    from spread
    where sd > 0
),

lift_skewness as (
    select
        comparison_id,
        {{ finite('unit_skewness') }} as unit_skewness,
        {{ finite(
            'unit_skewness * (own_one - reference_one) / sqrt(own_one + reference_one)'
        ) }} as lift_skewness
    from skewness
)

select * from lift_skewness
