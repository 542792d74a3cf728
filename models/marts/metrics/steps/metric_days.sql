with

spans as (
    select * from {{ ref('variation_moments_by_span') }}
    where day_scale = 'calendar'
),

experiments as (
    select * from {{ ref('dim_experiments') }}
    where first_exposed_at is not null
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

numbers as (
    {{ day_numbers() | trim | indent(4) }}
),

clocks as (
    select
        experiment_id,
        {{ days_between('first_exposed_at', 'as_of_at') }} as as_of_day
    from experiments
),

-- All metrics of an experiment have the same days. A share of days changes every day, until now;
-- what holds until now changed when it began to.
last_days as (
    select
        clocks.experiment_id,
        max(case
            when metrics.is_per_exposed_day then clocks.as_of_day
            when spans.until_day <= clocks.as_of_day then spans.until_day
            else coalesce(spans.from_day, 0)
        end) as last_day
    from clocks
    inner join used_metrics on clocks.experiment_id = used_metrics.experiment_id
    inner join metrics on used_metrics.metric_name = metrics.metric_name
    left join spans
        on {{ same_columns('used_metrics', 'spans', ['experiment_id', 'metric_name']) }}
    group by clocks.experiment_id
),

metric_days as (
    select
        used_metrics.experiment_id,
        used_metrics.metric_name,
        numbers.day_number
    from used_metrics
    inner join last_days on used_metrics.experiment_id = last_days.experiment_id
    inner join numbers on last_days.last_day >= numbers.day_number
)

select * from metric_days
