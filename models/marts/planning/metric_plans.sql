{{ config(enabled=is_planned()) }}
{%- set shares = planned_shares() -%}

with

estimates as (
    select * from {{ ref('baseline_estimates') }}
),

required as (
    select * from {{ ref('required_days') }}
),

period as (
    select * from {{ ref('baseline_period') }}
),

tests as (
    {{ text_rows(['fixed', 'sequential'], 'test') | indent(4) }}
),

judged as (
    select
        estimates.*,
        tests.test,
        required.unit_count as required_units,
        required.units_rule,
        required.entry_days,
        required.least_entry_days,
        required.baseline_days,
        least(7, required.baseline_days) as pace_days,
        period.starts_at as baseline_starts_at,
        period.ends_at as baseline_ends_at,
        case
            when estimates.status <> 'ok' then estimates.status
            when required.tied_share > {{ setting_literal('max_tied_share') }} then 'tied_quantile'
            when not coalesce(required.unit_count < 1e12, false) then 'out_of_reach'
            when required.entry_days is null then 'beyond_baseline'
            else 'ok'
        end as plan_status
    from estimates
    cross join tests
    cross join period
    left join required
        on
            {{ same_columns('estimates', 'required', ['metric_name', 'estimator']) }}
            and tests.test = required.test
),

plans as (
    select
        metric_name,
        estimator,
        is_headline,
        test,
        {{ setting_literal('target_relative_lift') }} as relative_lift,
        {{ setting_literal('power') }} as target_power,
        case
            when test = 'fixed' then {{ double_literal(comparison_alpha('fixed')) }}
            else {{ double_literal(comparison_alpha('sequential')) }}
        end as comparison_alpha,
        {{ string_literal(shares | join(' / ')) }} as variation_shares,
        baseline_starts_at,
        baseline_ends_at,
        cast(coalesce(baseline_unit_count, 0) as bigint) as baseline_unit_count,
        metric_value,
        sqrt(variance) as standard_deviation,
        unit_skewness,
        case
            when plan_status in ('ok', 'beyond_baseline') then cast(required_units as bigint)
        end as required_unit_count,
        case
            when plan_status in ('ok', 'beyond_baseline')
                then cast(ceil(
                    required_units * {{ double_literal(shares | min) }} - 1e-9
                ) as bigint)
        end as smallest_variation_unit_count,
        case when plan_status in ('ok', 'beyond_baseline') then units_rule end as units_rule,
        window_days,
        case when plan_status = 'ok' then entry_days end as entry_days,
        case when plan_status = 'ok' then entry_days + window_days end as required_days,
        case
            when plan_status in ('ok', 'beyond_baseline') and least_entry_days < 1e6
                then cast(least_entry_days + window_days as bigint)
        end as least_required_days,
        plan_status as status,
        case
            when plan_status = status then status_reason
            when plan_status = 'tied_quantile'
                then {{ sentence(
                    'Of the {required_units} units that it takes, too many would have the same'
                    ~ ' values near this quantile for a test of it: take a mean, a threshold, or'
                    ~ ' finer values.'
                ) }}
            when plan_status = 'out_of_reach'
                then 'No experiment has so many units: the lift is too small beside the spread.'
            when plan_status = 'beyond_baseline' and least_entry_days is null
                then {{ sentence(
                    'In the {baseline_days} days of the baseline {baseline_unit_count} units came,'
                    ~ ' and in its last {pace_days} none that had not come before.'
                ) }}
            when plan_status = 'beyond_baseline'
                then {{ sentence(
                    'In the {baseline_days} days of the baseline {baseline_unit_count} units came.'
                    ~ ' At the pace of its last {pace_days} days it takes'
                    ~ ' {least_entry_days + window_days} days, and more where ever fewer come for'
                    ~ ' the first time: a longer baseline says more.'
                ) }}
        end as status_reason
    from judged
)

select * from plans
