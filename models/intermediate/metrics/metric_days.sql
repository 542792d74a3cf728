with

changes as (
    select * from {{ ref('variation_changes_by_day') }}
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
        experiment_id,
        max(day_number) as last_day_number
    from changes
    group by experiment_id
),

-- A share of days changes every day, until now.
last_days as (
    select
        experiments.experiment_id,
        metrics.metric_name,
        case
            when metrics.is_per_exposed_day
                then {{ days_between('experiments.first_exposed_at', 'experiments.as_of_at') }}
            else coalesce(last_changes.last_day_number, 0)
        end as last_day_number
    from experiments
    inner join experiment_metrics on experiments.experiment_id = experiment_metrics.experiment_id
    inner join metrics on experiment_metrics.metric_name = metrics.metric_name
    left join last_changes on experiments.experiment_id = last_changes.experiment_id
),

metric_days as (
    select
        last_days.experiment_id,
        last_days.metric_name,
        numbers.day_number
    from last_days
    inner join numbers on last_days.last_day_number >= numbers.day_number
)

select * from metric_days
