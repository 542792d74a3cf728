with

experiments as (
    select * from {{ ref('stg_experiments') }}
    where {{ is_checked_setting() }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

unknown as (
    select
        experiments.experiment_id,
        experiments.primary_metric
    from experiments
    left join metrics on experiments.primary_metric = metrics.metric_name
    where
        experiments.primary_metric is not null
        and metrics.metric_name is null
)

select * from unknown
