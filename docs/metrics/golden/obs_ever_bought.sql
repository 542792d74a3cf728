with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at
    from unit_events
    where
        occurred_at >= exposed_at
        and (event_name = 'purchase')
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Ever bought' as metric_name,
        cast(1 as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
