with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        revenue as row_value
    from experiment_events
    where
        (event_name = 'purchase')
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Largest purchase' as metric_name,
        cast(max(row_value) as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
