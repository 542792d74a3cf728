with

running as (
    select * from {{ ref('variation_sums_by_day') }}
),

metrics as (
    select * from {{ ref('dim_metrics') }}
),

experiments as (
    select * from {{ ref('dim_experiments') }}
),

-- A share of days is of the days that a cohort had seen by then.
scaled as (
    select
        running.*,
        cast(case
            when not metrics.is_per_exposed_day then 1
            else
                running.day_number + 1
                - {{ days_between('experiments.first_exposed_at', 'running.cohort_date') }}
        end as {{ type_double() }}) as exposed_day_count
    from running
    inner join metrics on running.metric_name = metrics.metric_name
    inner join experiments on running.experiment_id = experiments.experiment_id
),

summed as (
    select
        experiment_id,
        metric_name,
        variation_id,
        is_capped,
        day_scale,
        day_number,
        {{ sums_of_cohorts() | trim }}
    from scaled
    where exposed_day_count > 0
    group by experiment_id, metric_name, variation_id, is_capped, day_scale, day_number
),

{{ moments_of_sums('summed') }}

select * from moments
