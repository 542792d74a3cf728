{%- set slice = ['experiment_id', 'metric_name'] + slice_columns() -%}

with

comparisons as (
    select * from {{ ref('comparisons') }}
),

absolute_lifts as (
    select * from {{ ref('absolute_lifts') }}
),

relative_lifts as (
    select * from {{ ref('relative_lifts') }}
),

intervals as (
    select * from {{ ref('lift_intervals') }}
),

-- Variations whose units had no denominator before their exposure.
without_denominators as (
    select * from {{ ref('variation_estimates') }}
    where estimator = 'covariate' and metric_value is null and unit_count > 0
),

said as (
    select
        intervals.comparison_id,
        intervals.confidence_level,
        intervals.is_chosen_level,
        comparisons.estimator,
        comparisons.reference_variation_count,
        absolute_lifts.status,
        absolute_lifts.metric_value,
        absolute_lifts.unit_count,
        absolute_lifts.reference_unit_count,
        least(absolute_lifts.unit_count, absolute_lifts.reference_unit_count)
            as smaller_unit_count,
        absolute_lifts.effective_unit_count,
        absolute_lifts.reference_effective_unit_count,
        cast(round(100 * absolute_lifts.tied_share) as bigint) as tied_percent,
        relative_lifts.is_reference_negative,
        relative_lifts.relative_lift_std_error,
        relative_lifts.cuped_theta,
        absolute_lifts.lift_skewness,
        {{ is_reference_near_zero() }} as is_reference_near_zero,
        own_missing.unit_count as missing_unit_count,
        reference_missing.unit_count as missing_reference_unit_count,
        intervals.relative_lift_ci_low
    from intervals
    inner join comparisons on intervals.comparison_id = comparisons.comparison_id
    inner join absolute_lifts on intervals.comparison_id = absolute_lifts.comparison_id
    inner join relative_lifts on intervals.comparison_id = relative_lifts.comparison_id
    left join without_denominators as own_missing
        on
            {{ same_columns('comparisons', 'own_missing', slice + ['variation_id']) }}
            and comparisons.estimator = 'cuped'
    left join without_denominators as reference_missing
        on
            {{ same_columns('comparisons', 'reference_missing', slice) }}
            and comparisons.reference_variation_id = reference_missing.variation_id
            and comparisons.estimator = 'cuped'
),

-- What there is to know of a row that is ok.
remarked as (
    select
        *,
        case
            when is_reference_negative
                then
                    'The reference variation has a negative value: the relative lift is measured'
                    || ' against its size. '
            else ''
        end
        || case
            when relative_lift_std_error is null
                then
                    'The variation has the value 0 without any variance: the relative lift has no'
                    || ' interval. '
            when relative_lift_ci_low is null
                then 'The reference variation is too near 0 for a relative interval with two ends. '
            {%- if var('relative_interval') == 'delta' %}
                when is_reference_near_zero
                    then
                        'The reference variation is less than 4 standard errors from 0: the'
                        || ' relative interval is Fieller''s. '
            {%- endif %}
            else ''
        end
        || case
            when missing_reference_unit_count > 0
                then {{ sentence(
                    'Before the exposure the denominators of the reference variation add up'
                    ~ ' to 0 over {missing_reference_unit_count} units: nothing is adjusted.'
                ) }}
            when missing_unit_count > 0
                then {{ sentence(
                    'Before the exposure the denominators of the variation add up to 0 over'
                    ~ ' {missing_unit_count} units: nothing is adjusted.'
                ) }}
            when estimator = 'cuped' and cuped_theta = 0
                then {{ sentence(
                    'Before the exposure of the {unit_count + reference_unit_count} units,'
                    ~ ' the covariate does not vary, or not with the metric: nothing is'
                    ~ ' adjusted.'
                ) }}
            else ''
        end as remarks
    from said
),

reasons as (
    select
        comparison_id,
        confidence_level,
        is_chosen_level,
        case
            when status = 'empty_variation' and unit_count = 0
                then 'No unit of the variation has an observation of the metric.'
            when status = 'empty_variation'
                then 'No unit of the reference variation has an observation of the metric.'
            when status = 'not_by_day'
                then 'A quantile is not measured day by day: experiment_results has it as of now.'
            when status = 'zero_denominator' and metric_value is null
                then {{ sentence(
                    'The denominators of the variation add up to 0 over {unit_count} units.'
                ) }}
            when status = 'zero_denominator'
                then {{ sentence(
                    'The denominators of the reference variation add up to 0 over'
                    ~ ' {reference_unit_count} units.'
                ) }}
            when status = 'reference'
                then 'The reference variation, with which the others are compared.'
            when status = 'no_reference_variation'
                then {{ sentence(
                    'The experiment has {reference_variation_count} reference variations:'
                    ~ ' seeds/variations.csv must mark one.'
                ) }}
            when status = 'too_few_units' and least(unit_count, reference_unit_count) < 2
                then {{ sentence(
                    'The variation has {unit_count} and the reference variation'
                    ~ ' {reference_unit_count} units: a comparison takes 2 of each.'
                ) }}
            when
                status = 'too_few_units' and (
                    {{ is_ratio_of_few('effective_unit_count', 'unit_count') }}
                    or {{ is_ratio_of_few(
                        'reference_effective_unit_count', 'reference_unit_count'
                    ) }}
                )
                then {{ sentence(
                    'The denominators lie with few units: as many as {effective_unit_count} count in the'
                    ~ ' variation and {reference_effective_unit_count} in the reference variation, of'
                    ~ ' {unit_count} and {reference_unit_count}. Wait for more units that count, or take a'
                    ~ ' mean per unit.'
                ) }}
            when status = 'too_few_units'
                then {{ sentence(
                    'The values of the {unit_count} units of the variation or the'
                    ~ ' {reference_unit_count} of the reference variation are too few for an'
                    ~ ' interval of this quantile.'
                ) }}
            when status = 'tied_quantile'
                then {{ sentence(
                    'Too many values are the same for a test of this quantile: those equal to it or to'
                    ~ ' an end of its interval are {tied_percent} % of the ranks between the ends,'
                    ~ ' where at most ' ~ '%g' | format(100 * var('max_tied_share')) ~ ' % are well'
                    ~ ' measured. More units do not help: take a mean, a threshold, or finer values.'
                ) }}
            when status = 'zero_variance' and cuped_theta <> 0
                then {{ sentence(
                    'What they did before their exposure foretells the value of the'
                    ~ ' {unit_count} units of the variation and the {reference_unit_count} of'
                    ~ ' the reference variation: what is left of it varies by no more than'
                    ~ ' rounding.'
                ) }}
            when status = 'zero_variance'
                then {{ sentence(
                    'The value does not vary over the {unit_count} units of the variation,'
                    ~ ' nor over the {reference_unit_count} of the reference variation.'
                ) }}
            when status = 'out_of_range'
                then
                    'A value is above 1e100, or a standard error below 1e-40: tests are not made'
                    || ' of such numbers.'
            when
                status = 'skewed_lift'
                and coalesce(
                    abs(lift_skewness) <= {{ setting_literal('lift_skewness_limit') }}, true
                )
                then {{ sentence(
                    'All {smaller_unit_count} units of the smaller variation have one value, which does'
                    ~ ' not say how much they vary. Wait for more units in it, or split more evenly.'
                ) }}
            when status = 'skewed_lift'
                then {{ sentence(
                    'The skewness of the lift is {lift_skewness:2}, of '
                    ~ var('lift_skewness_limit') ~ ' at most that a test allows: the values are'
                    ~ ' skewed, and the variations have {unit_count} and {reference_unit_count}'
                    ~ ' units. Wait for more units in the smaller one, split more evenly, or cap the'
                    ~ ' metric.'
                ) }}
            when status = 'zero_reference'
                then 'The reference variation has the value 0: there is no relative lift.'
            else nullif(trim(remarks), '')
        end as status_reason
    from remarked
)

select * from reasons
