with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as row_date,
        case when event_name = 'purchase' then 1 else 0 end as is_passing
    from unit_events
    where
        occurred_at >= exposed_at
),

last_dates as (
    select
        experiment_id,
        unit_id,
        max(row_date) as last_date
    from metric_rows
    group by experiment_id, unit_id
),

last_rows as (
    select
        metric_rows.experiment_id,
        metric_rows.variation_id,
        metric_rows.unit_id,
        metric_rows.is_passing
    from metric_rows
    inner join last_dates
        on
            metric_rows.experiment_id = last_dates.experiment_id
            and metric_rows.unit_id = last_dates.unit_id
            and metric_rows.row_date = last_dates.last_date
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Left with a purchase' as metric_name,
        cast(max(is_passing) as double) as observation,
        cast(null as double) as denominator
    from last_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
