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
        (event_name = 'purchase')
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Hours to purchase' as metric_name,
        cast(min((epoch_us(occurred_at) - epoch_us(exposed_at)) / cast(3600000000 as double)) as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
