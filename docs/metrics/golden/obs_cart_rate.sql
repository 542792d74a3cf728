with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at
    from experiment_events
    where
        (event_name = 'add_to_cart')
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Cart rate' as metric_name,
        cast(1 as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
