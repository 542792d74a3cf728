{{ config(severity='warn') }}

with

metrics as (
    select * from {{ ref('dim_metrics') }}
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

unused as (
    select
        metrics.metric_name,
        metrics.model_name
    from metrics
    left join used_metrics on metrics.metric_name = used_metrics.metric_name
    where used_metrics.metric_name is null
)

select * from unused
