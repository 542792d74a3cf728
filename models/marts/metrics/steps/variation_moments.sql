{%- set keys = ['experiment_id', 'metric_name', 'variation_id', 'is_capped'] -%}
{%- set slice = keys + slice_columns() -%}

with

observations as (
    select * from {{ ref('sliced_observations') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
    where not is_quantile
),

experiments as (
    select * from {{ ref('dim_experiments') }}
),

days as (
    select * from {{ ref('variation_moments_by_day') }}
    where day_scale = 'calendar'
),

measured as (
    {{ measured_observations('observations', slice_columns()) | trim | indent(4) }}
),

{{ moments('measured', slice) }},

slice_moments as (
    select
        {{ (slice + moment_columns()) | join(',\n        ') }}
    from moments
    union all
    select
        {{ prefixed('days', keys) | join(',\n        ') }},
        'day' as slice_type,
        '(all)' as segment_name,
        '(all)' as segment_value,
        {{ add_days('experiments.first_exposed_at', 'days.day_number') }} as as_of_date,
        {{ prefixed('days', moment_columns()) | join(',\n        ') }}
    from days
    inner join experiments on days.experiment_id = experiments.experiment_id
)

select * from slice_moments
