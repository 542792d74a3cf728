with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        call_duration_min as row_value
    from experiment_calls
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Shortest call' as metric_name,
        cast(min(row_value) as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select * from observed
