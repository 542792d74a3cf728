with

spans as (
    select * from {{ ref('variation_moments_by_span') }}
    where day_scale = 'calendar'
),

experiments as (
    select * from {{ ref('dim_experiments') }}
    where first_exposed_at is not null
),

experiment_metrics as (
    select * from {{ ref('experiment_metrics') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

numbers as (
    {{ day_numbers() | trim | indent(4) }}
),

last_changes as (
    select
        spans.experiment_id,
        max(case
            when spans.until_day
                <= {{ days_between('experiments.first_exposed_at', 'experiments.as_of_at') }}
                then spans.until_day
            else spans.from_day
        end) as last_day
    from spans
    inner join experiments on spans.experiment_id = experiments.experiment_id
    group by spans.experiment_id
),

-- All metrics of an experiment have the same days. A share of days changes every day, until now.
last_days as (
    select
        experiments.experiment_id,
        case
            when max(case when metrics.is_per_exposed_day then 1 else 0 end) = 1
                then {{ days_between('experiments.first_exposed_at', 'experiments.as_of_at') }}
            else coalesce(last_changes.last_day, 0)
        end as last_day
    from experiments
    inner join experiment_metrics on experiments.experiment_id = experiment_metrics.experiment_id
    inner join metrics on experiment_metrics.metric_name = metrics.metric_name
    left join last_changes on experiments.experiment_id = last_changes.experiment_id
    group by
        experiments.experiment_id,
        experiments.first_exposed_at,
        experiments.as_of_at,
        last_changes.last_day
),

metric_days as (
    select
        experiment_metrics.experiment_id,
        experiment_metrics.metric_name,
        numbers.day_number
    from experiment_metrics
    inner join last_days on experiment_metrics.experiment_id = last_days.experiment_id
    inner join numbers on last_days.last_day >= numbers.day_number
)

select * from metric_days
