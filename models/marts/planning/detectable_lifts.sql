{{ config(enabled=is_planned()) }}

with

estimates as (
    select * from {{ ref('baseline_estimates') }}
),

comparisons as (
    select * from {{ ref('planned_comparisons') }}
),

days as (
    select * from {{ ref('baseline_days') }}
),

tests as (
    {{ text_rows(['fixed', 'sequential'], 'test') | indent(4) }}
),

looked as {{ materialized() }} (
    select
        comparisons.*,
        days.entry_days,
        days.unit_count * comparisons.counted_share as counted_units,
        days.unit_count * comparisons.counted_share * comparisons.look_scale_of_unit as look_scale
    from comparisons
    cross join days
    where days.unit_count > 0
),

-- Of the variations, the one of which least can be seen; none where a guard lets no number through.
seen as (
    select
        metric_name,
        estimator,
        test,
        entry_days,
        max(
            ({{ planned_quantile() }} + power_z) * sqrt(spread / counted_units)
            * (1 + skewness_weight * skewness / sqrt(counted_units))
        ) as absolute_lift,
        min(value_size) as value_size,
        max(least_units) as least_units,
        max(counted_units) as counted_units,
        max(tied_share * sqrt(
            counted_units * greatest(own_share, reference_share) / unit_count
        )) as tied_share
    from looked
    group by metric_name, estimator, test, entry_days
),

judged as (
    select
        estimates.metric_name,
        estimates.estimator,
        estimates.is_headline,
        tests.test,
        days.entry_days,
        days.entry_days + estimates.window_days as experiment_days,
        days.unit_count,
        seen.absolute_lift,
        seen.value_size,
        ceil(seen.least_units / estimates.counted_share) as least_unit_count,
        estimates.status_reason,
        case
            when estimates.status <> 'ok' then estimates.status
            when coalesce(seen.counted_units < seen.least_units, true) then 'too_few_units'
            when seen.tied_share > {{ setting_literal('max_tied_share') }} then 'tied_quantile'
            else 'ok'
        end as status
    from estimates
    cross join tests
    cross join days
    left join seen
        on
            {{ same_columns('estimates', 'seen', ['metric_name', 'estimator']) }}
            and tests.test = seen.test
            and days.entry_days = seen.entry_days
),

lifts as (
    select
        metric_name,
        estimator,
        is_headline,
        test,
        entry_days,
        experiment_days,
        unit_count,
        case when status = 'ok' then absolute_lift end as minimum_detectable_effect,
        case when status = 'ok' then absolute_lift / value_size end
            as relative_minimum_detectable_effect,
        status,
        case
            when status_reason is not null then status_reason
            when status = 'too_few_units' and unit_count = 0 then 'Nobody has come by then.'
            when status = 'too_few_units'
                then {{ sentence(
                    '{unit_count} units have come by then, of {least_unit_count} at which a number'
                    ~ ' is given at all.'
                ) }}
            when status = 'tied_quantile'
                then {{ sentence(
                    'Of {unit_count} units too many have the same values near this quantile for a'
                    ~ ' test of it: take a mean, a threshold, or finer values.'
                ) }}
        end as status_reason
    from judged
)

select * from lifts
