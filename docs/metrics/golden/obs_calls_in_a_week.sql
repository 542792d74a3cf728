with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at
    from unit_calls
    where
        occurred_at between exposed_at and (exposed_at + to_milliseconds(604800000))
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Calls in a week' as metric_name,
        cast(count(*) as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
