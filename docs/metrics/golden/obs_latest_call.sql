with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        call_duration_min as row_value
    from unit_calls
    where
        occurred_at >= exposed_at
),

ranked as (
    select
        experiment_id,
        variation_id,
        unit_id,
        row_value,
        row_number() over (
            partition by experiment_id, unit_id
            order by occurred_at desc, row_value desc
        ) as row_rank
    from metric_rows
    where row_value is not null
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Latest call' as metric_name,
        cast(row_value as double) as observation,
        cast(null as double) as denominator
    from ranked
    where row_rank = 1
)

select * from observed
