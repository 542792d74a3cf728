{%- set slice = ['experiment_id', 'metric_name', 'variation_id'] + slice_columns() -%}

with

metrics as (
    select * from {{ ref('dim_metrics') }}
    where is_quantile
),

observations as (
    select * from {{ ref('sliced_observations') }}
    where observation is not null
),

event_values as (
    select * from {{ ref('observed_metrics') }}
    where row_kind = 'event_value'
),

quantile_values as (
    select
        {{ prefixed('observations', slice) | join(',\n        ') }},
        observations.unit_id,
        observations.observation as observed_value
    from observations
    inner join metrics on observations.metric_name = metrics.metric_name
    where not metrics.is_event_quantile
    union all
    select
        {{ prefixed('observations', slice) | join(',\n        ') }},
        observations.unit_id,
        event_values.observation as observed_value
    from event_values
    inner join observations
        on
            event_values.experiment_id = observations.experiment_id
            and event_values.metric_name = observations.metric_name
            and event_values.unit_id = observations.unit_id
)

select * from quantile_values
