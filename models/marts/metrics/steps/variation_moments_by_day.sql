{%- set group = ['experiment_id', 'metric_name', 'variation_id', 'is_capped', 'day_scale'] -%}
{%- set day_group = group + ['day_number'] -%}

with

moments_by_stretch as (
    select * from {{ ref('variation_moments_by_stretch') }}
),

metric_days as (
    select * from {{ ref('metric_days') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

-- Every day has its rows, with units or without.
days as (
    select distinct
        {{ prefixed('moments_by_stretch', group) | join(',\n        ') }},
        metric_days.day_number
    from moments_by_stretch
    inner join metric_days
        on
            moments_by_stretch.experiment_id = metric_days.experiment_id
            and moments_by_stretch.metric_name = metric_days.metric_name
),

-- A day lies in one stretch of each length. A share of days is of those that a cohort had seen.
day_parts as (
    select
        {{ prefixed('days', day_group) | join(',\n        ') }},
        {{ scaled_moments('moments_by_stretch', 'case
            when metrics.is_per_exposed_day then days.day_number + 1 - moments_by_stretch.cohort_day
            else 1
        end') | trim }}
    from days
    inner join metrics on days.metric_name = metrics.metric_name
    inner join moments_by_stretch
        on
            {{ same_columns('days', 'moments_by_stretch', group) }}
            and {{ floor_of('days.day_number', 'moments_by_stretch.stretch_days') }}
            = moments_by_stretch.stretch_number
),

{{ merge_moments('day_parts', day_group) }},

moments as (
    select
        {{ prefixed('days', day_group) | join(',\n        ') }},
        coalesce(merged_moments.unit_count, 0) as unit_count,
        {{ prefixed('merged_moments', moment_columns()[1:]) | join(',\n        ') }}
    from days
    left join merged_moments
        on
            {{ same_columns('days', 'merged_moments', day_group) }}
)

select * from moments
