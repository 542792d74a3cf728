with

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_cap
),

used_metrics as (
    select * from {{ ref('used_metrics') }}
),

filled_observations as (
    select * from {{ ref('filled_observations') }}
),

ranked as (
    select
        filled_observations.experiment_id,
        filled_observations.metric_name,
        filled_observations.observation,
        metrics.cap_lower_percentile,
        metrics.cap_upper_percentile,
        row_number() over metric_values as value_rank,
        count(*) over metric_values_at_large as value_count
    from filled_observations
    inner join metrics on filled_observations.metric_name = metrics.metric_name
    where
        filled_observations.observation is not null
        and not (metrics.is_cap_of_non_zero and filled_observations.observation = 0)
    window
        metric_values as (
            partition by filled_observations.experiment_id, filled_observations.metric_name
            order by filled_observations.observation
        ),
        metric_values_at_large as (
            partition by filled_observations.experiment_id, filled_observations.metric_name
        )
),

-- The percentiles are of all variations together: a cap must not depend on the variation.
percentiles as (
    select
        experiment_id,
        metric_name,
        {{ quantile_by_rank('observation', 'cap_lower_percentile') }} as lower_bound,
        {{ quantile_by_rank('observation', 'cap_upper_percentile') }} as upper_bound
    from ranked
    group by experiment_id, metric_name
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
        on {{ same_columns('used_metrics', 'percentiles', ['experiment_id', 'metric_name']) }}
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
