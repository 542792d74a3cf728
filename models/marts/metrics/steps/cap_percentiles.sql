with

metrics as (
    select * from {{ ref('dim_metrics') }}
    where has_cap
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
)

select * from percentiles
