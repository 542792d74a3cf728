with

pairs as (
    select * from {{ ref('variation_pairs') }}
),

skewness as (
    select * from {{ ref('lift_skewness') }}
),

errors as {{ materialized() }} (
    select
        pairs.*,
        skewness.lift_skewness,
        pairs.variance / nullif(pairs.unit_count, 0) as own_share,
        pairs.reference_variance / nullif(pairs.reference_unit_count, 0) as reference_share,
        -- What a covariate varies by may be no more than the rounding of its values.
        case
            when pairs.estimator = 'covariate'
                then
                    1e-24 * pairs.metric_value * pairs.metric_value
                    + 1e-24 * pairs.reference_metric_value * pairs.reference_metric_value
            else 0e0
        end as rounding,
        -- A few units with one value don't say how much units vary; it matters where the others are
        -- many more.
        not pairs.is_quantile and (
            {{ is_constant_of_few('pairs.', 'pairs.reference_') }}
            or {{ is_constant_of_few('pairs.reference_', 'pairs.') }}
        ) as is_constant_of_few
    from pairs
    left join skewness on pairs.comparison_id = skewness.comparison_id
),

-- What a pair allows: the first that holds, from the top.
judged as {{ materialized() }} (
    select
        *,
        case
            when unit_count = 0 or reference_unit_count = 0 then 'empty_variation'
            when metric_value is null and is_quantile then 'not_by_day'
            when metric_value is null then 'zero_denominator'
            when variation_id = reference_variation_id then 'reference'
            when reference_variation_id is null then 'no_reference_variation'
            when reference_metric_value is null then 'zero_denominator'
            when variance is null or reference_variance is null then 'too_few_units'
            when tied_share > {{ setting_literal('max_tied_share') }} then 'tied_quantile'
            when own_share + reference_share <= rounding then 'zero_variance'
            when
                greatest(abs(metric_value), abs(reference_metric_value)) > 1e100
                or own_share + reference_share < 1e-80
                then 'out_of_range'
            when
                {{ is_ratio_of_few('effective_unit_count', 'unit_count') }}
                or {{ is_ratio_of_few('reference_effective_unit_count', 'reference_unit_count') }}
                then 'too_few_units'
            when
                abs(lift_skewness) > {{ setting_literal('lift_skewness_limit') }}
                or is_constant_of_few
                then 'skewed_lift'
            when plain_reference_value = 0 then 'zero_reference'
            else 'ok'
        end as status
    from errors
),

measured as {{ materialized() }} (
    select
        *,
        case
            when
                status in (
                    'ok', 'zero_reference', 'zero_variance', 'skewed_lift', 'tied_quantile'
                )
                then metric_value - reference_metric_value
        end as absolute_lift,
        case when status in ('ok', 'zero_reference') then own_share + reference_share end
            as lift_variance
    from judged
),

-- Welch's test, whose degrees of freedom are those of the larger part of the variance.
lifts as (
    select
        comparison_id,
        experiment_id,
        metric_name,
        variation_id,
        reference_variation_id,
        estimator,
        {{ slice_columns() | join(',\n        ') }},
        status,
        unit_count,
        reference_unit_count,
        effective_unit_count,
        reference_effective_unit_count,
        metric_value,
        reference_metric_value,
        tied_share,
        absolute_lift,
        lift_variance,
        sqrt(lift_variance) as absolute_lift_std_error,
        absolute_lift / sqrt(lift_variance) as t_statistic,
        lift_skewness,
        1e0 / (
            own_share / lift_variance * own_share / lift_variance / (unit_count - 1)
            + reference_share / lift_variance * reference_share / lift_variance
            / (reference_unit_count - 1)
        ) as degrees_of_freedom
    from measured
)

select * from lifts
