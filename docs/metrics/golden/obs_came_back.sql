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
        occurred_at between (exposed_at + to_milliseconds(86400000)) and (exposed_at + to_milliseconds(172800000))
    union all
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at
    from unit_calls
    where
        occurred_at between (exposed_at + to_milliseconds(86400000)) and (exposed_at + to_milliseconds(172800000))
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Came back' as metric_name,
        cast(1 as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
