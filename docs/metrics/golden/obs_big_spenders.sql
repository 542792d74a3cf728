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
        'Big spenders' as metric_name,
        cast(case when sum(row_value) >= 100000 then 1 else 0 end as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
