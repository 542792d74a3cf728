{%- set group = [
    'experiment_id', 'metric_name', 'variation_id', 'is_capped', 'day_scale', 'cohort_date'
] -%}

with

changes as (
    select * from {{ ref('variation_changes_by_day') }}
),

metric_days as (
    select * from {{ ref('metric_days') }}
),

cohorts as (
    select distinct {{ group | join(', ') }}
    from changes
),

cohort_days as (
    select
        {{ prefixed('cohorts', group) | join(', ') }},
        metric_days.day_number
    from cohorts
    inner join metric_days
        on
            cohorts.experiment_id = metric_days.experiment_id
            and cohorts.metric_name = metric_days.metric_name
),

running as (
    select
        {{ prefixed('cohort_days', group) | join(', ') }},
        cohort_days.day_number,
        {{ running_sums('changes', 'so_far') | trim }}
    from cohort_days
    left join changes
        on
            cohort_days.experiment_id = changes.experiment_id
            and cohort_days.metric_name = changes.metric_name
            and cohort_days.variation_id = changes.variation_id
            and cohort_days.is_capped = changes.is_capped
            and cohort_days.day_scale = changes.day_scale
            and cohort_days.cohort_date = changes.cohort_date
            and cohort_days.day_number = changes.day_number
    window so_far as (
        partition by {{ prefixed('cohort_days', group) | join(', ') }}
        order by cohort_days.day_number
    )
)

select * from running
