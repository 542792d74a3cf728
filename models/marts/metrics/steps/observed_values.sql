{%- set keys = ['experiment_id', 'metric_name', 'variation_id'] -%}

with

observations as (
    select * from {{ ref('fct_metric_observations') }}
    where observation is not null
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

-- A unit's own ratio; without a denominator it has none.
valued as (
    select
        {{ prefixed('observations', keys) | join(',\n        ') }},
        case
            when metrics.is_ratio
                then observations.observation / nullif(observations.denominator, 0)
            else observations.observation
        end as observed_value,
        metrics.default_value
    from observations
    inner join metrics on observations.metric_name = metrics.metric_name
),

counted as (
    select
        {{ keys | join(',\n        ') }},
        observed_value,
        coalesce(observed_value = default_value, false) as is_default,
        count(*) as unit_count
    from valued
    group by {{ keys | join(', ') }}, observed_value, default_value
)

select * from counted
