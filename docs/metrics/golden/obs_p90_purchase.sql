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
        sum(row_value) as day_sum,
        count(row_value) as day_count
    from metric_rows
    group by experiment_id, variation_id, unit_id, observed_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        '90th percentile of purchases' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(cast(sum(day_sum) over history as double)
        / nullif(sum(day_count) over history, 0) as double) as observation,
        cast(null as double) as denominator
    from days
    window history as (
        partition by experiment_id, variation_id, unit_id
        order by observed_date
    )
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        '90th percentile of purchases' as metric_name,
        'event_value' as row_kind,
        observed_date,
        cast(row_value as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    where row_value is not null
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
