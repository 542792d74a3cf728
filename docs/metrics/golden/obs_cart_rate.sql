with

metric_rows as (
    select
        experiment_id,
        variation_id,
        unit_id,
        exposed_at,
        occurred_at,
        cast(occurred_at as date) as observed_date
    from experiment_events
    where
        (event_name = 'add_to_cart')
),

-- The first day says it all.
observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Cart rate' as metric_name,
        'observation' as row_kind,
        min(observed_date) as observed_date,
        cast(1 as double) as observation,
        cast(null as double) as denominator
    from metric_rows
    group by experiment_id, variation_id, unit_id
)

select
    observed.*,
    rank() over (
        partition by experiment_id, unit_id, metric_name, row_kind
        order by observed_date desc
    ) = 1 as is_latest
from observed
