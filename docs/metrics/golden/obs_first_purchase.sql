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

ranked as (
    select
        experiment_id,
        variation_id,
        unit_id,
        row_value,
        row_number() over (
            partition by experiment_id, unit_id
            order by occurred_at asc, row_value asc
        ) as row_rank
    from metric_rows
    where row_value is not null
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'First purchase' as metric_name,
        cast(row_value as double) as observation,
        cast(null as double) as denominator
    from ranked
    where row_rank = 1
)

select * from observed
