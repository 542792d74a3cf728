with

metrics as (
    select * from {{ ref('dim_metrics') }}
),

experiment_metrics as (
    select * from {{ ref('experiment_metrics') }}
),

unused as (
    select
        metrics.metric_name,
        metrics.model_name
    from metrics
    left join experiment_metrics on metrics.metric_name = experiment_metrics.metric_name
    where experiment_metrics.metric_name is null
)

select * from unused
