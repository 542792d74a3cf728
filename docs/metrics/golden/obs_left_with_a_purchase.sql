with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date,
        case when (event_name = 'purchase') then 1 else 0 end as is_passing
    from unit_events
    where
        occurred_at >= exposed_at
),

observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Left with a purchase' as metric_name,
        'observation' as row_kind,
        observed_date,
        cast(max(is_passing) as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id, observed_date
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
