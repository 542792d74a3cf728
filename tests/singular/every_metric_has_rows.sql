with

experiment_metrics as (
    select distinct metric_name from {{ ref('experiment_metrics') }}
),

observed_metrics as (
    select distinct metric_name from {{ ref('observed_metrics') }}
),

empty_metrics as (
    select experiment_metrics.metric_name
    from experiment_metrics
    left join observed_metrics on experiment_metrics.metric_name = observed_metrics.metric_name
    where observed_metrics.metric_name is null
)

select * from empty_metrics
