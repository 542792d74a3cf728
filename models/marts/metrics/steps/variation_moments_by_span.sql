{%- set group = [
    'experiment_id', 'metric_name', 'variation_id', 'is_capped', 'day_scale', 'cohort_day',
    'from_day', 'until_day',
] -%}

with

state_spans as (
    select * from {{ ref('state_spans') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

{{ moments('state_spans', group) }},

-- A quantile is not made of moments: of its units, none but their number is known by day.
known as (
    select
        {{ prefixed('moments', group + ['unit_count']) | join(',\n        ') }},
        {{ moments_where('moments', 'not metrics.is_quantile') | trim }}
    from moments
    inner join metrics on moments.metric_name = metrics.metric_name
)

select * from known
