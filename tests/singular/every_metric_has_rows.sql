{{ config(severity='warn') }}

with

metrics as (
    select
        dim_metrics.model_name,
        dim_metrics.metric_name
    from {{ ref('dim_metrics') }} as dim_metrics
    inner join {{ ref('used_metrics') }} as used_metrics
        on dim_metrics.metric_name = used_metrics.metric_name
),

observed_metrics as (
    select distinct metric_name from {{ ref('observed_metrics') }}
),

-- A file makes several metrics of a breakdown or a funnel: one may well be empty.
empty_metrics as (
    select
        metrics.model_name,
        min(metrics.metric_name) as metric_name
    from metrics
    left join observed_metrics on metrics.metric_name = observed_metrics.metric_name
    group by metrics.model_name
    having count(observed_metrics.metric_name) = 0
)

select * from empty_metrics
