with

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_cap
),

experiment_metrics as (
    select * from {{ ref('experiment_metrics') }}
),

percentiles as (
    select * from {{ ref('cap_percentiles') }}
),

bounds as (
    select
        experiment_metrics.experiment_id,
        experiment_metrics.metric_name,
        coalesce(metrics.cap_lower, percentiles.lower_bound) as lower_bound,
        coalesce(metrics.cap_upper, percentiles.upper_bound) as upper_bound
    from experiment_metrics
    inner join metrics on experiment_metrics.metric_name = metrics.metric_name
    left join percentiles
        on
            experiment_metrics.experiment_id = percentiles.experiment_id
            and experiment_metrics.metric_name = percentiles.metric_name
),

-- Bounds that cross would turn the order of values round; the upper one holds, as in numpy.
caps as (
    select
        experiment_id,
        metric_name,
        case when lower_bound > upper_bound then upper_bound else lower_bound end as lower_bound,
        upper_bound
    from bounds
)

select * from caps
