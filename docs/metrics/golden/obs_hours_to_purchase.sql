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
        (event_name = 'purchase')
),

-- The first day says it all.
observed as (
    select
        experiment_id,
        variation_id,
        unit_id,
        'Hours to purchase' as metric_name,
        'observation' as row_kind,
        min(observed_date) as observed_date,
        cast(min((epoch_us(occurred_at) - epoch_us(exposed_at)) / cast(3600000000 as double)) as double) as observation,
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
