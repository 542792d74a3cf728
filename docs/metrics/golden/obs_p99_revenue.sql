with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        revenue as row_value
    from experiment_events
    where
        (event_name = 'purchase')
),

days as (
    select
        experiment_id,
        variation_id,
        unit_id,
        observed_date,
        sum(row_value) as day_sum
    from metric_rows
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        '99th percentile of revenue' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(sum(day_sum) over history as double) as observation,
        cast(null as double) as denominator
    from days
    window history as (
        partition by experiment_id, variation_id, unit_id
        order by observed_date
    )
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
