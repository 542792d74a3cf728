with

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_cap
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

percentiles as (
    select * from {{ ref('cap_percentiles') }}
),

bounds as (
    select
        used_metrics.experiment_id,
        used_metrics.metric_name,
        coalesce(metrics.cap_lower, percentiles.lower_bound) as lower_bound,
        coalesce(metrics.cap_upper, percentiles.upper_bound) as upper_bound
    from used_metrics
    inner join metrics on used_metrics.metric_name = metrics.metric_name
    left join percentiles
        on
            used_metrics.experiment_id = percentiles.experiment_id
            and used_metrics.metric_name = percentiles.metric_name
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
