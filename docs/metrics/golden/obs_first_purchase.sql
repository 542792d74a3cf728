with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        revenue as row_value
    from experiment_events
    where
        (event_name = 'purchase')
),

ranked as (
    select
        metric_rows.*,
        row_number() over (
            partition by experiment_id, variation_id, unit_id
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
