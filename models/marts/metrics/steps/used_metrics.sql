with

settings as (
    select * from {{ ref('experiment_settings') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

-- An experiment without tags uses every metric, and its primary metric in any case.
used as (
    select
        settings.experiment_id,
        metrics.metric_name,
        coalesce(metrics.metric_name = settings.primary_metric, false) as is_primary
    from settings
    cross join metrics
    where
        settings.metric_tags is null
        or metrics.metric_name = settings.primary_metric
        or {{ shares_a_word('settings.metric_tags', 'metrics.tags') }}
)

select * from used
