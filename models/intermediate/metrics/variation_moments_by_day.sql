{%- set group = ['experiment_id', 'metric_name', 'variation_id', 'is_capped', 'day_scale'] -%}

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

experiments as (
    select * from {{ ref('dim_experiments') }}
),

stretches as (
    {{ day_stretches() | indent(4) }}
),

-- A day lies in one stretch of each length.
day_parts as (
    select
        moments_by_stretch.*,
        metric_days.day_number,
        case
            when metrics.is_per_exposed_day
                then
                    metric_days.day_number + 1 - {{ days_between(
                        'experiments.first_exposed_at', 'moments_by_stretch.cohort_date'
                    ) }}
            else 1
        end as exposed_day_count
    from metric_days
    inner join metrics on metric_days.metric_name = metrics.metric_name
    inner join experiments on metric_days.experiment_id = experiments.experiment_id
    cross join stretches
    inner join moments_by_stretch
        on
            metric_days.experiment_id = moments_by_stretch.experiment_id
            and metric_days.metric_name = moments_by_stretch.metric_name
            and stretches.stretch_days = moments_by_stretch.stretch_days
            and {{ floor_of('metric_days.day_number', 'stretches.stretch_days') }}
            = moments_by_stretch.stretch_number
),

-- A share of days is of the days that a cohort had seen by then.
scaled as (
    select
        {{ group | join(',\n        ') }},
        day_number,
        {{ scaled_moments('exposed_day_count') | trim }}
    from day_parts
),

{{ merge_moments('scaled', group + ['day_number']) }},

spine as (
    select distinct
        {{ prefixed('moments_by_stretch', group) | join(',\n        ') }},
        metric_days.day_number,
        metrics.is_quantile
    from moments_by_stretch
    inner join metrics on moments_by_stretch.metric_name = metrics.metric_name
    inner join metric_days
        on
            moments_by_stretch.experiment_id = metric_days.experiment_id
            and moments_by_stretch.metric_name = metric_days.metric_name
),

-- A quantile is not made of moments: of its units, none but their number is known by day.
moments as (
    select
        {{ prefixed('spine', group) | join(',\n        ') }},
        spine.day_number,
        coalesce(merged_moments.unit_count, 0) as unit_count
        {%- for column in moment_columns() if column != 'unit_count' %},
        case when not spine.is_quantile then merged_moments.{{ column }} end as {{ column }}
        {%- endfor %}
    from spine
    left join merged_moments
        on
            {%- for column in group + ['day_number'] %}
            {{ 'and ' if not loop.first }}spine.{{ column }} = merged_moments.{{ column }}
            {%- endfor %}
)

select * from moments
