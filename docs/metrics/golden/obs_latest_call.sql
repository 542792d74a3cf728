with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        call_duration_min as row_value
    from unit_calls
    where
        occurred_at >= exposed_at
),

ranked as (
    select
        metric_rows.*,
        row_number() over (
            partition by experiment_id, variation_id, unit_id, observed_date
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
        'observation' as row_kind,
        observed_date,
        cast(row_value as double) as observation,
        cast(null as double) as denominator
    from ranked
    where row_rank = 1
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
