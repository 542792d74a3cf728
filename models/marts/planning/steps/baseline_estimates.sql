{{ config(enabled=is_planned()) }}

with

planned as (
    select * from {{ ref('planned_estimators') }}
),

baseline_values as (
    select * from {{ ref('baseline_values') }}
),

days as (
    select max(unit_count) as unit_count from {{ ref('baseline_days') }}
),

period as (
    select * from {{ ref('baseline_period') }}
),

estimates as (
    select
        planned.metric_name,
        planned.estimator,
        planned.is_headline,
        planned.is_quantile,
        planned.window_days,
        days.unit_count as baseline_unit_count,
        coalesce(baseline_values.unit_count, 0) as unit_count,
        cast(baseline_values.unit_count as {{ type_double() }})
        / nullif(days.unit_count, 0) as counted_share,
        baseline_values.metric_value,
        baseline_values.variance,
        baseline_values.unit_skewness,
        baseline_values.effective_unit_count,
        baseline_values.effective_unit_count / nullif(baseline_values.unit_count, 0)
            as effective_share,
        baseline_values.theta,
        baseline_values.tied_share,
        planned.estimator = 'cuped'
        and period.first_event_at
        > {{ add_hours('period.starts_at', '-planned.covariate_hours') }} as is_short_history,
        planned.covariate_hours / 24 as covariate_days
    from planned
    cross join days
    cross join period
    left join baseline_values
        on {{ same_columns('planned', 'baseline_values', ['metric_name', 'estimator']) }}
),

-- What a baseline allows: the first that holds, from the top.
judged as (
    select
        *,
        case
            when window_days is null then 'open_ended'
            when unit_count < 2 then 'too_few_units'
            when metric_value is null and not is_quantile then 'zero_denominator'
            when
                variance is null
                or {{ is_ratio_of_few('effective_unit_count', 'unit_count') }}
                then 'too_few_units'
            when is_short_history then 'short_history'
            when tied_share > {{ setting_literal('max_tied_share') }} then 'tied_quantile'
            when metric_value = 0 then 'zero_value'
            when variance = 0 then 'zero_variance'
            when abs(metric_value) > 1e100 or variance < 1e-80 then 'out_of_range'
            when 16 * variance / unit_count > metric_value * metric_value then 'value_near_zero'
            when {{ setting_literal('power') }} < 0.5 then 'low_power'
            else 'ok'
        end as status
    from estimates
),

explained as (
    select
        *,
        case status
            when 'open_ended'
                then
                    'What a unit does goes on counting as long as the experiment runs, so that its'
                    || ' value and spread depend on that. A metric with a window, and of no share'
                    || ' of days, can be planned.'
            when 'zero_denominator'
                then {{ sentence('The denominators add up to 0 over {unit_count} units.') }}
            when 'too_few_units'
                then {{ sentence(
                    'Of the {baseline_unit_count} units of the baseline {unit_count} count, too few'
                    ~ ' to say how much they vary. Take a longer baseline.'
                ) }}
            when 'short_history'
                then {{ sentence(
                    'The events do not go back {covariate_days} days before the baseline, as the'
                    ~ ' covariate does. Take a shorter baseline.'
                ) }}
            when 'tied_quantile'
                then
                    'Too many values are the same for a test of this quantile, and more units do'
                    || ' not help: take a mean, a threshold, or finer values.'
            when 'zero_value'
                then 'The value is 0, of which there is no relative lift.'
            when 'zero_variance'
                then 'The value does not vary, or no more than rounding.'
            when 'out_of_range'
                then
                    'A value is above 1e100, or a standard deviation below 1e-40: no test is made'
                    || ' of such numbers.'
            when 'value_near_zero'
                then
                    'The value is less than 4 of its standard errors from 0, so that what a'
                    || ' relative lift comes to is not known. Take a longer baseline.'
            when 'low_power'
                then
                    'The var power is below 0.5: an experiment that sees less than every other lift'
                    || ' is no plan.'
        end as status_reason
    from judged
)

select * from explained
